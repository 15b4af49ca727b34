# frozen_string_literal: true

module Sabir
  module Exchange
    # An application with what surrounds its calls, see Sabir.build_app.
    class Application
      # What a filter goes on with.
      class Chain
        def initialize(filter, following)
          @filter = filter
          @following = following
        end

        # Calls what comes after a filter.
        def next(request, response)
          @following.call(request, response)
        end

        def call(request, response)
          @filter.filter(request, response, self)
        end
      end
      private_constant :Chain

      def initialize(events, filters, application)
        @events = events
        @chain = filters.reverse.inject(application) { |following, filter| Chain.new(filter, following) }
      end

      # Tells that requests will come.
      def start_app
        tell(@events, :start_app, self)
      end

      def call(request, response)
        started = []
        @events.each do |event|
          started.unshift(event)
          tell([event], :start_request, request, response)
        end
        @chain.call(request, response)
      ensure
        finish(started, request, response)
      end

      private

      def tell(events, name, *arguments)
        events.each { |event| event.public_send(name, *arguments) if event.respond_to?(name) }
      end

      # All of them are told, also where one fails.
      def finish(events, request, response)
        return if events.empty?

        begin
          tell([events.shift], :finish_request, request, response)
        ensure
          finish(events, request, response)
        end
      end
    end
  end
end
