# frozen_string_literal: true

module Sabir
  module Exchange
    # A server of one application of requests and responses.
    class Server
      # The application that it serves, for a TestClient.
      attr_reader :app

      def initialize(application, **settings)
        @application = application
        @app = App.new(**settings).mount_exchanges("/", application)
      end

      # Serves until SIGINT or SIGTERM, or until #stop. +options+ are those of App#run.
      def listen(port = 9292, host = "127.0.0.1", **options)
        @application.start_app if @application.respond_to?(:start_app)
        @app.run(port:, host:, **options)
      end

      # Has #listen return.
      def stop
        @app.stop
      end
    end
  end
end
