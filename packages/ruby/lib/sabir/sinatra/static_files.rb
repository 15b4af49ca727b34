# frozen_string_literal: true

require "uri"

module Sabir
  module Sinatra
    # Files of `public_folder`.
    #
    # Private.
    module StaticFiles
      private

      # Ends the request with the file at the path of the request, if there is one below the folder.
      def static!(options = {})
        folder = settings.public_folder
        return if folder.nil?

        path = "#{folder}#{URI::DEFAULT_PARSER.unescape(path_of_request)}"
        return if path.include?("\0")

        path = File.expand_path(path)
        return unless path.start_with?("#{File.expand_path(folder)}/") && File.file?(path)

        env["sinatra.static_file"] = path
        cache_control(*settings.static_cache_control) if settings.static_cache_control?
        headers(settings.static_headers) if settings.static_headers?
        send_file(path, { **options, disposition: nil })
      end
    end
    private_constant :StaticFiles
  end
end
