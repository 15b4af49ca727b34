# frozen_string_literal: true

require "erb"

begin
  require "tilt"
rescue LoadError
  # Then there is erb.
  nil
end

module Sabir
  module Sinatra
    # What renders templates: the engines of the gem tilt where it is there; erb always.
    #
    # Private.
    module Engines
      class << self
        # The class of an engine.
        def fetch(name)
          found = defined?(::Tilt) ? ::Tilt[name] : (ErbTemplate if name.to_s == "erb")
          found || raise("there is no template engine #{name}; add its gem, and tilt")
        end

        # The extensions of an engine's files.
        def extensions_of(engine)
          defined?(::Tilt) ? ::Tilt.default_mapping.extensions_for(engine) : ["erb"]
        end
      end
    end
    private_constant :Engines

    # A template of erb.
    #
    # Private.
    class ErbTemplate
      def initialize(file, line, options = {})
        @file = file
        @line = line
        source = block_given? ? yield(self) : File.read(file, encoding: options.fetch(:default_encoding, "utf-8"))
        output = options.fetch(:outvar, "@_out_buf")
        @source = ERB.new(source, trim_mode: options.fetch(:trim, "<>"), eoutvar: output).src
        @output = output
        @methods = {}
      end

      def render(scope, locals = {}, &)
        before = scope.instance_variable_get(@output)
        method(locals.keys.sort).bind_call(scope, locals, &)
      ensure
        scope.instance_variable_set(@output, before)
      end

      private

      # The method that renders it with these variables.
      def method(names)
        @methods[names] ||= begin
          variables = names.map { |name| "#{name} = locals[#{name.inspect}]; " }.join
          Object.class_eval("def sabir_erb(locals); #{variables}#{@source}\nend", @file, @line)
          unbound = Object.instance_method(:sabir_erb)
          Object.send(:remove_method, :sabir_erb)
          unbound
        end
      end
    end
    private_constant :ErbTemplate
  end
end
