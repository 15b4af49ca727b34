# frozen_string_literal: true

module Sabir
  module Sinatra
    # Templates that stand in the code.
    module TemplateStore
      # A line that begins a template after `__END__`.
      BEGINNING = /^@@\s*(.*\S)\s*$/
      private_constant :BEGINNING

      # Templates by name: content, and where it stands.
      attr_reader :templates

      # Defines a template, which the block returns.
      def template(name, &block)
        file, line = block.source_location
        templates[name] = [block, file, line]
      end

      # Defines the template that is around others.
      def layout(name = :layout, &block)
        template(name, &block)
      end

      # Reads the templates after `__END__` in a file, or in the one that calls.
      def inline_templates=(file = nil)
        file = (caller_files.first || File.expand_path($0)) if file.nil? || file == true
        code, data = File.binread(file).gsub("\r\n", "\n").split(/^__END__$/, 2)
        read_templates(code, data, file) if data
      rescue Errno::ENOENT
        nil
      end

      # The template of this class with a name, or that of a superclass.
      def template_named(name)
        templates[name] || (superclass.template_named(name) if superclass.respond_to?(:template_named))
      end

      private

      def read_templates(code, data, file)
        encoding = code[/\A(?:[^\n]*\n)?#[^\n]*coding: *(\S+)/, 1] || default_encoding
        content = nil
        data.force_encoding(encoding).each_line.with_index(code.count("\n") + 1) do |line, number|
          if (name = line[BEGINNING, 1])
            content = String.new(encoding:)
            templates[name.to_sym] = [content, file, number + 1]
          else
            content&.<<(line)
          end
        end
      end
    end
  end
end
