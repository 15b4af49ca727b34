# frozen_string_literal: true

module Sabir
  module Sinatra
    # One of the media ranges that a client accepts (RFC 9110 §12.5.1).
    class AcceptEntry
      include Comparable

      attr_accessor :params
      attr_reader :entry

      def initialize(entry)
        @entry = entry
        @type, @params = MediaType.split(entry)
        @quality = @params.delete("q")&.to_f || 1.0
      end

      # The more precise of what is liked as much comes first.
      def <=>(other)
        other.priority <=> priority
      end

      # How much it is liked, and how precise it is.
      def priority
        [@quality, -@type.count("*"), @params.size]
      end

      def to_str
        @type
      end

      def to_s(full = false)
        full ? @entry : @type
      end

      def respond_to_missing?(name, include_all = false)
        @type.respond_to?(name, include_all)
      end

      def method_missing(name, *arguments, &)
        @type.respond_to?(name) ? @type.public_send(name, *arguments, &) : super
      end
    end

    # A media type that an answer could have.
    class MediaType
      # A name, and parameters whose values may be quoted.
      TOKEN = /[!#$%&'*+.^`|~\w-]+/
      VALUE = /#{TOKEN}|"(?:[^"\\]|\\.)*"/
      PARAMETER = /\s*;\s*(#{TOKEN})=(#{VALUE})/
      WITH_PARAMETERS = %r{(?:#{TOKEN}/#{TOKEN}|\*)(?:\s*;\s*#{TOKEN}=(?:#{VALUE}))*}
      private_constant :TOKEN, :VALUE, :PARAMETER

      attr_reader :params

      # The name and the parameters of a media type.
      def self.split(text)
        parameters = text.scan(PARAMETER).to_h do |name, value|
          [name, value.start_with?('"') ? value[1..-2].gsub(/\\(.)/, '\1') : value]
        end
        [text[/[^;]+/].to_s.strip, parameters]
      end

      def initialize(text)
        @type, @params = self.class.split(text)
      end

      # Whether a media range covers it.
      def accepts?(entry)
        File.fnmatch(entry, self) && (entry.respond_to?(:params) ? fits?(entry.params) : true)
      end

      def to_str
        @type
      end

      private

      def fits?(wanted)
        @params.all? { |name, value| !wanted.key?(name) || wanted[name] == value }
      end
    end
  end
end
