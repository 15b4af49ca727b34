# frozen_string_literal: true

require "strscan"

module Sabir
  module Sinatra
    # From an expression of Ruby to one of the runtime that matches the same paths, in linear time.
    #
    # Private.
    class LinearExpression
      # What both write the same way. A path is bytes, so that classes of letters are those of ASCII.
      SHARED_ESCAPES = /\\(?:[dDwWsSbBAztnrf]|[^A-Za-z0-9])/
      GROUPS = /\(\?(?:<[A-Za-z_]\w*>|:)/
      FLAGS = /\(\?([mix]*)(?:-([mix]*))?([:)])/
      POSSESSIVE = /(?:[*+?]|\{\d*,?\d*\})\+/
      FLAG_NAMES = { "m" => "s", "i" => "i", "x" => "x" }.freeze
      private_constant :SHARED_ESCAPES, :GROUPS, :FLAGS, :POSSESSIVE, :FLAG_NAMES

      # The expression, or nil if it cannot be matched in linear time, or means something else there.
      def self.of(regexp)
        new(regexp).translate
      end

      def initialize(regexp)
        @regexp = regexp
        @source = StringScanner.new(regexp.source)
        @result = +""
      end

      def translate
        return unless @regexp.source.ascii_only?

        until @source.eos?
          piece = next_piece
          return if piece.nil?

          @result << piece
        end
        # Lines end at `^` and `$` in Ruby, always.
        expression = "(?m#{flags}:#{@result})"
        expression if Native::OrderedRoutes.expression?(expression)
      end

      private

      def flags
        options = @regexp.options
        { "s" => Regexp::MULTILINE, "i" => Regexp::IGNORECASE, "x" => Regexp::EXTENDED }.filter_map { |flag, bit| flag if options & bit != 0 }.join
      end

      def next_piece
        if @source.scan(/\\h/) then @is_class ? "0-9a-fA-F" : "[0-9a-fA-F]"
        elsif @source.scan(/\\H/) then @is_class ? nil : "[^0-9a-fA-F]"
        elsif @source.scan(/\\Z/) then '(?:\n?\z)'
        elsif @source.scan(SHARED_ESCAPES) then @source.matched
        elsif @source.check(/\\/) then nil
        elsif @is_class then in_class
        elsif @source.scan(FLAGS) then "(?#{translated_flags}#{@source[3]}"
        elsif @source.scan(GROUPS) then @source.matched
        elsif @source.check(/\(\?/) || @source.check(POSSESSIVE) || @source.check(/\{,/) then nil
        elsif @source.scan(/\[\^?\]?/) then enter_class
        else @source.getch
        end
      end

      def enter_class
        @is_class = true
        @source.matched
      end

      def in_class
        return @source.matched if @source.scan(/\[:\^?[a-z]+:\]/)
        return if @source.check(/\[|&&|--|~~/)

        @is_class = false if @source.check(/\]/)
        @source.getch
      end

      def translated_flags
        on, off = @source[1], @source[2]
        text = on.chars.map { |flag| FLAG_NAMES[flag] }.join
        text += "-#{off.chars.map { |flag| FLAG_NAMES[flag] }.join}" unless off.to_s.empty?
        text
      end
    end
    private_constant :LinearExpression
  end
end
