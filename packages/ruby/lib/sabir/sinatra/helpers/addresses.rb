# frozen_string_literal: true

module Sabir
  module Sinatra
    module Helpers
      # Addresses within the application.
      module Addresses
        # The address of a path, with scheme and host unless it is not to be +absolute+, and with what the application is mounted under.
        def uri(path = nil, absolute = true, with_prefix = true)
          return path if path.to_s.match?(/\A[a-z][a-z0-9+.-]*:/i)

          parts = [absolute ? origin : ""]
          parts << request.script_name.to_s if with_prefix
          parts << (path || request.path_info).to_s
          File.join(parts)
        end
        alias url uri
        alias to uri

        private

        # Scheme, host and, unless it is the usual one, port.
        def origin
          usual_port = request.port == (request.secure? ? 443 : 80)
          host = request.forwarded? || !usual_port ? request.host_with_port : request.host
          "#{request.secure? ? "https" : "http"}://#{host}"
        end
      end
    end
  end
end
