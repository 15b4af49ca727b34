# frozen_string_literal: true

module Sabir
  module Sinatra
    # Templates: symbols are names of files in `views`, or of inline templates; strings are templates themselves. The one that is called
    # `layout` is around all others, unless it is said otherwise.
    #
    #   erb :index, locals: { title: "Home" }
    #
    # Options are `locals`, `layout` and `layout_engine`, `layout_options`, `views`, `content_type`, `scope`, and those of the engine.
    module Templates
      # A text that knows its media type.
      module Typed
        attr_accessor :content_type
      end

      # The media types of what is not HTML.
      TYPES = { yajl: :json, rabl: :json, builder: :xml, nokogiri: :xml, sass: :css, scss: :css }.freeze
      # What is no option of the engine.
      OWN_OPTIONS = %i[
        locals views layout layout_options layout_engine content_type default_content_type scope exclude_outvar eat_errors
      ].freeze
      private_constant :TYPES, :OWN_OPTIONS

      %i[erb haml liquid slim].each do |engine|
        define_method(engine) { |template, options = {}, locals = {}, &block| render(engine, template, options, locals, &block) }
      end

      %i[markdown rdoc asciidoc yajl rabl].each do |engine|
        define_method(engine) { |template, options = {}, locals = {}| render(engine, template, typed(engine, options), locals) }
      end

      %i[sass scss].each do |engine|
        define_method(engine) do |template, options = {}, locals = {}|
          render(engine, template, typed(engine, { layout: false, exclude_outvar: true, **options }), locals)
        end
      end

      # Their templates may be blocks of Ruby.
      { builder: :builder, markaby: :mab, nokogiri: :nokogiri }.each do |name, engine|
        define_method(name) do |template = nil, options = {}, locals = {}, &block|
          template, options = nil, template if template.is_a?(Hash)
          render(engine, template || block, typed(engine, options), locals)
        end
      end

      # Yields the paths of files that may have a template. An application that looks for them elsewhere redefines this.
      def find_template(views, name, engine)
        yield(File.join(views, "#{name}.#{@preferred_extension}"))
        Engines.extensions_of(engine).each do |extension|
          yield(File.join(views, "#{name}.#{extension}")) unless extension == @preferred_extension
        end
      end

      private

      def typed(engine, options)
        type = TYPES[engine]
        options = { default_content_type: type, **options } if type
        engine == :markdown ? { exclude_outvar: true, **options } : options
      end

      def render(engine, data, options = {}, locals = {}, &block)
        common = settings.respond_to?(engine) ? settings.__send__(engine) : {}
        given = common.merge(options)
        locals = given[:locals] || locals || {}
        views = given[:views] || settings.views || "./views"
        layout = chosen_layout(options, common)
        output = rendered(engine, data, given, views, locals, &block)
        if layout
          around = render_layout(layout, given, engine, views, locals, is_required: !options[:layout].nil?) { output }
          return around if around
        end
        with_type(output, given[:content_type] || given[:default_content_type])
      end

      def rendered(engine, data, given, views, locals, &)
        # A template may name their variables.
        make_variables
        layout_before, @default_layout = @default_layout, false
        own = given.except(*OWN_OPTIONS)
        own[:outvar] ||= "@_out_buf" unless given[:exclude_outvar]
        own[:default_encoding] ||= settings.default_encoding
        template_of(engine, data, own, views).render(given[:scope] || self, locals, &)
      ensure
        @default_layout = layout_before
      end

      # The layout that is asked for, by this call, by the settings of the engine, or by the name that stands for none.
      def chosen_layout(options, common)
        layout = options[:layout]
        return if options.key?(:layout) && !layout

        layout = common[:layout] if layout.nil? || (layout == true && common[:layout])
        layout.nil? || layout == true ? @default_layout : layout
      end

      # What the layout makes of the block's text; nil if there is none and none is required.
      def render_layout(layout, given, engine, views, locals, is_required:, &block)
        layout_engine = given[:layout_engine] || engine
        options = given.except(:content_type, :default_content_type, :layout_engine, :locals)
        options = options.merge(views:, layout: false).merge(given[:layout_options] || {})
        catch(:layout_missing) do
          @may_be_missing = !is_required
          return render(layout_engine, layout, options, locals, &block)
        end
        nil
      end

      def template_of(engine, data, options, views)
        may_be_missing, @may_be_missing = @may_be_missing, false
        kind = Engines.fetch(engine)
        return text_template(kind, options, &data) if data.is_a?(Proc)
        raise ArgumentError, "#{data.inspect} is no template; give a name, a text or a block" unless data.is_a?(Symbol) || data.is_a?(String)

        template_cache[[engine, data, options, views]] ||=
          data.is_a?(String) ? text_template(kind, options) { data } : named_template(kind, engine, data, options, views, may_be_missing)
      end

      def text_template(kind, options, &block)
        place = caller_locations.find { |location| !location.path.start_with?(__dir__) }
        options = options.dup
        path = options.delete(:path) || place&.path || "template"
        line = options.delete(:line) || place&.lineno || 1
        kind.new(path, line.to_i, options, &block)
      end

      def named_template(kind, engine, name, options, views, may_be_missing)
        content, path, line = settings.template_named(name)
        return kind.new(path, line.to_i, options) { content.respond_to?(:call) ? content.call : content } if content

        file = file_of(kind, engine, name, views)
        throw(:layout_missing) if may_be_missing && !File.exist?(file)
        kind.new(file, 1, options)
      end

      # The file that is there, or the first one that is not.
      def file_of(kind, engine, name, views)
        @preferred_extension = engine.to_s
        first = nil
        find_template(views, name, kind) do |file|
          first ||= file
          return file if File.exist?(file)
        end
        first
      end

      def with_type(output, type)
        return output unless type

        output = output.dup if output.frozen?
        output.extend(Typed)
        output.content_type = type
        output
      end
    end
  end
end
