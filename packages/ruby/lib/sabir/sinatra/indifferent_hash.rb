# frozen_string_literal: true

module Sabir
  module Sinatra
    # A Hash whose keys may be written as symbols, and are strings. Hashes within it are such ones, too.
    #
    #   params = Sabir::Sinatra::IndifferentHash["user" => { "name" => "ann" }]
    #   params[:user][:name]  # => "ann"
    class IndifferentHash < Hash
      # What replaces the values that are Hashes.
      NESTED = ->(value) { nest(value) }
      private_constant :NESTED

      class << self
        def [](*pairs)
          new.merge!(Hash[*pairs])
        end

        # The value with Hashes of this class in place of others.
        def nest(value)
          case value
          when IndifferentHash then value
          when Hash then new.merge!(value)
          when Array then value.frozen? ? value.map(&NESTED) : value.map!(&NESTED)
          else value
          end
        end
      end

      def initialize(*arguments)
        arguments.map! { |argument| IndifferentHash.nest(argument) }
        super
      end

      # As a Hash has them, for keys that are strings, and values without Hashes.
      #
      # Private.
      alias plain_fetch []
      alias plain_store []=
      alias plain_key? key?
      alias plain_delete delete

      def [](key)
        super(plain(key))
      end

      def []=(key, value)
        super(plain(key), IndifferentHash.nest(value))
      end
      alias store []=

      %i[key? delete assoc default].each do |name|
        define_method(name) { |key = (default = true; nil), *rest, &block| default ? super(*rest, &block) : super(plain(key), *rest, &block) }
      end
      alias has_key? key?
      alias include? key?
      alias member? key?

      def default=(value)
        super(IndifferentHash.nest(value))
      end

      def fetch(key, *default, &)
        default.map! { |value| IndifferentHash.nest(value) }
        super(plain(key), *default, &)
      end

      def dig(key, *keys)
        super(plain(key), *keys)
      end

      %i[values_at fetch_values].each do |name|
        define_method(name) { |*keys, &block| super(*keys.map { |key| plain(key) }, &block) }
      end

      def slice(*keys)
        copy(super(*keys.map { |key| plain(key) }))
      end

      def except(*keys)
        copy(super(*keys.map { |key| plain(key) }))
      end

      def key(value)
        super(IndifferentHash.nest(value))
      end

      def value?(value)
        super(IndifferentHash.nest(value))
      end
      alias has_value? value?

      def rassoc(value)
        super(IndifferentHash.nest(value))
      end

      def merge!(*others)
        others.each do |other|
          other.each_pair do |key, value|
            key = plain(key)
            value = yield(key, self[key], value) if block_given? && key?(key)
            self[key] = value
          end
        end
        self
      end
      alias update merge!

      def merge(*others, &)
        dup.merge!(*others, &)
      end

      def replace(other)
        super(other.is_a?(IndifferentHash) ? other : IndifferentHash[other])
      end

      def transform_values(&)
        copy(super)
      end

      def transform_values!
        super
        super(&NESTED)
      end

      def transform_keys(*mapping, &)
        copy(super)
      end

      def transform_keys!(*mapping, &)
        replace(to_h.transform_keys(*mapping, &))
      end

      %i[select filter reject compact].each do |name|
        define_method(name) do |*arguments, &block|
          result = super(*arguments, &block)
          result.is_a?(Hash) ? copy(result) : result
        end
      end

      private

      def plain(key)
        key.is_a?(Symbol) ? key.name : key
      end

      def copy(hash)
        IndifferentHash[hash]
      end
    end
  end
end
