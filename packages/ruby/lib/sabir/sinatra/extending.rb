# frozen_string_literal: true

module Sabir
  module Sinatra
    # Modules and blocks that add to an application.
    module Extending
      # Modules that the class is extended with, by `register`.
      def extensions
        superclass.respond_to?(:extensions) ? (@extensions + superclass.extensions).uniq : @extensions
      end

      # Gives methods to blocks: those of modules, and of the block.
      def helpers(*modules, &block)
        class_eval(&block) if block
        include(*modules) unless modules.empty?
        changed
      end

      # Extends the class with modules, whose `registered` is told.
      def register(*modules, &block)
        modules << Module.new(&block) if block
        @extensions += modules
        modules.each do |extension|
          extend(extension)
          extension.registered(self) if extension.respond_to?(:registered)
        end
      end

      # Sets or looks up the media type of a name.
      def mime_type(type, value = nil)
        return type if type.nil?
        return type.to_s if type.to_s.include?("/")

        extension = type.to_s.start_with?(".") ? type.to_s : ".#{type}"
        if value
          # Plans keep what names stand for.
          Settings.generation += 1
          return ::Rack::Mime::MIME_TYPES[extension] = value
        end

        ::Rack::Mime.mime_type(extension, nil)
      end

      # The media types that a name stands for.
      def mime_types(type)
        type = mime_type(type)
        kind, subtype = type&.split("/")
        return [type] unless %w[xml javascript].include?(subtype)

        [type, kind == "text" ? "application/#{subtype}" : "text/#{subtype}"]
      end

      # Files of the callers that are not this library's.
      def caller_files
        own = File.dirname(__dir__)
        caller(1).filter_map do |line|
          file = line[/\A(.+?)(?::\d+|\z)/, 1]
          File.expand_path(file) unless file.start_with?(own, "<internal:", "(eval") || IGNORED.match?(file)
        end
      end

      IGNORED = %r{/rubygems/(?:custom|core_ext/kernel)_require\.rb$|/bundler(?:/(?:runtime|inline))?\.rb$|bundled_gems\.rb$|/rack/builder\.rb$}
      private_constant :IGNORED

      private

      def invoke_hook(name, *arguments)
        extensions.each { |extension| extension.__send__(name, *arguments) if extension.respond_to?(name) }
      end
    end
  end
end
