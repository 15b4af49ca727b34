# frozen_string_literal: true

require "uri"

module Sabir
  module Sinatra
    # What a route or a filter matches: a path with variables, an expression, or an object that has `params`, as those of Mustermann.
    class Pattern
      # What a pattern has found: the arguments of the block, and the parameters by name.
      Found = Struct.new(:values, :params)

      # The pattern as it was written.
      attr_reader :source

      def self.of(source, options = {})
        return source if source.is_a?(Pattern)
        return new(mustermann(source, options)) unless options.empty?

        new(source)
      end

      def self.mustermann(source, options)
        require "mustermann"
        Mustermann.new(source, **options)
      rescue LoadError
        raise ArgumentError, "mustermann_opts need the gem mustermann, which is not here"
      end
      private_class_method :mustermann

      def initialize(source)
        @source = source
        case source
        when String
          @native = source
          @matcher = Native::OrderedRoutes.new([source])
        when Regexp then @native = expression(source)
        else
          @foreign = source.respond_to?(:to_pattern) ? source.to_pattern : source
          raise TypeError, "#{source.inspect} is no pattern; give a path, a Regexp or an object with params" unless @foreign.respond_to?(:params)
        end
      end

      # The pattern for Native::OrderedRoutes; nil if only Ruby can tell.
      attr_reader :native

      def to_s
        @source.is_a?(Regexp) ? @source.source : @source.to_s
      end

      # What the pattern finds in a path, or nil.
      def find(path)
        return find_in_ruby(path) if @native.nil?

        @matcher ||= Native::OrderedRoutes.new([@native])
        found = @matcher.find(path, 0)
        return if found.nil?

        of_captures(found.is_a?(Array) ? found.drop(1) : [], @matcher.names(0))
      end

      # What the captures of a match mean.
      def of_captures(captures, names)
        return Found.new([], {}) if captures.empty?

        is_expression = @native.is_a?(Array)
        params = names.first.nil? ? {} : by_name(names, captures, is_expression)
        params["captures"] = captures if is_expression
        Found.new(is_expression ? captures : params.values.flatten, params)
      end

      # What Ruby finds in a path, or nil.
      def find_in_ruby(path)
        return find_expression(path) if @source.is_a?(Regexp)

        params = @foreign.params(path)
        return if params.nil?

        params = params.to_h { |name, value| [name.to_s, value] }
        captures = captures_of_expressions(path)
        return Found.new(params.values.flatten, params) if captures.nil?

        params["captures"] = captures unless captures.empty?
        Found.new(captures, params)
      end

      private

      def expression(source)
        linear = LinearExpression.of(source)
        return [linear] unless linear.nil?

        @whole = /\A(?:#{source})\z/
        Sabir.logger.warn("the pattern #{source.inspect} cannot be matched in linear time; write it without look-around, back-references and atomic groups")
        nil
      end

      def find_expression(path)
        match = @whole.match(path)
        return if match.nil?

        captures = match.captures.map { |capture| capture && URI::DEFAULT_PARSER.unescape(capture) }
        params = match.names.empty? ? {} : by_name(match.names, captures, true)
        params["captures"] = captures unless captures.empty?
        Found.new(captures, params)
      end

      # A splat, and a name that comes again, has all that was captured.
      def by_name(names, captures, is_expression)
        params = {}
        names.each_with_index do |name, index|
          value = captures[index]
          if name == "splat" && !is_expression then (params[name] ||= []) << value
          elsif params.key?(name) then params[name] = [*params[name], value]
          else params[name] = value
          end
        end
        params
      end

      # Those of patterns of Mustermann that are expressions, or have some.
      def captures_of_expressions(path)
        parts = @foreign.respond_to?(:patterns) ? @foreign.patterns : [@foreign]
        return if parts.none? { |part| part.class.name.to_s.end_with?("Regular") }

        @foreign.match(path).captures.map { |capture| capture && URI::DEFAULT_PARSER.unescape(capture) }
      end
    end
  end
end
