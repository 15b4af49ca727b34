# frozen_string_literal: true

module Sabir
  module Sinatra
    # What settings, filters and routes of a class come to, which every request asks for. It is made again when one of them changes.
    #
    # Private.
    class Plan
      # How many media types are kept: an application may make them of what clients send.
      MOST_TYPES = 100
      private_constant :MOST_TYPES

      # Whether files of `public_folder` are served, whether a final slash and an empty path count, and whether templates are read anew.
      attr_reader :static, :strict_paths, :empty_path_info, :reload_templates
      # The media type of what has none.
      attr_reader :default_type
      # Whether texts are UTF-8.
      attr_reader :is_utf8
      # Whether code of the application names `@env`, `@request` or `@response`.
      attr_reader :names_variables
      # Filters, the superclass's first.
      attr_reader :before, :after

      def initialize(owner, previous)
        @routes = Routing.generation
        @settings = Settings.generation
        @owner = owner
        @static = owner.static?
        @strict_paths = owner.strict_paths?
        @empty_path_info = owner.empty_path_info?
        @reload_templates = owner.reload_templates
        @is_utf8 = owner.default_encoding.to_s.casecmp?("utf-8")
        @default_type = default_type_of(owner)
        @before = owner.all_filters(:before)
        @after = owner.all_filters(:after)
        @statuses = owner.ancestors_of_routes.flat_map { |ancestor| ancestor.errors.keys }.grep(Integer).to_h { |code| [code, true] }
        @names_variables = owner.ancestors_of_routes.any?(&:names_variables?) || Variables.named_in_methods?(owner)
        @media_types = {}
        @tables = previous && previous.routes == @routes ? previous.tables : {}
      end

      # Whether nothing has changed since.
      def current?
        @settings == Settings.generation && @routes == Routing.generation
      end

      # The routes of a method. Clients may think up others: they all have one table, without any.
      def table(verb)
        @tables[verb] || (@owner.routes?(verb) ? @tables[verb] = @owner.route_table(verb) : @tables[nil] ||= RouteTable.new(nil, []))
      end

      # The media type that a name, or another one, stands for, which the block describes once.
      def media_type(name)
        @media_types[name] || yield.freeze.tap { |type| @media_types[name] = type if @media_types.size < MOST_TYPES }
      end

      # Whether there are blocks that answer for a status.
      def answers_for?(status)
        @statuses.key?(status)
      end

      protected

      attr_reader :routes, :tables

      private

      def default_type_of(owner)
        type = owner.default_content_type
        return unless type

        owner.allocate.__send__(:described, type, {}).freeze
      end
    end
    private_constant :Plan
  end
end
