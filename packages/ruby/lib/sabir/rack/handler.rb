# frozen_string_literal: true

module Sabir
  module Rack
    # What `rackup -s sabir` runs. `-O workers=2` and every setting of Sabir are options: `-O body_limit=1000000`.
    module Handler
      OPTIONS = { "workers" => "processes that serve (default: 1)", "unix" => "the path of a Unix socket in place of host and port" }.freeze
      PLACES = %i[workers unix].freeze
      private_constant :OPTIONS, :PLACES

      class << self
        # Serves until a signal.
        def run(app, **options)
          given = options.slice(*PLACES, :fiber_scheduler, *SETTINGS.keys)
          host = options[:Host] || default_host
          server = App.new(**settings(given.except(*PLACES)))
          workers = Integer(given.fetch(:workers, 1))
          server.mount("/", app, multiprocess: workers > 1)
          @app = server
          yield server if block_given?
          server.run(host:, port: Integer(options[:Port] || 9292), unix: given[:unix], workers:)
        end

        # What `rackup --help` says.
        def valid_options
          hosts = { "Host=HOST" => "where to listen (default: #{default_host})", "Port=PORT" => "the port (default: 9292)" }
          hosts.merge(OPTIONS.transform_keys { |name| "#{name}=VALUE" })
        end

        # Has #run return.
        def shutdown
          @app&.stop
        end

        private

        def default_host
          ENV.fetch("RACK_ENV", "development") == "development" ? "127.0.0.1" : "0.0.0.0"
        end

        # Options of a command line are text.
        def settings(given)
          given.to_h { |name, value| [name, read(name, value)] }
        end

        def read(name, value)
          return value unless value.is_a?(String) && name != :fiber_scheduler

          case SETTINGS.fetch(name)
          when Range then Integer(value)
          when [true, false] then value == "true"
          else value
          end
        end
      end
    end
  end
end
