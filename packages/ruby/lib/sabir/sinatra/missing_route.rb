# frozen_string_literal: true

module Sabir
  module Sinatra
    # What is said in development where there is no route.
    #
    # Private.
    module MissingRoute
      # A page with the code that would answer a request.
      def self.page(request)
        verb = ::Rack::Utils.escape_html(request.request_method.downcase)
        path = ::Rack::Utils.escape_html(request.path_info)
        <<~HTML
          <!DOCTYPE html>
          <html lang="en">
          <head><meta charset="utf-8"><title>No route</title></head>
          <body>
          <h1>No route matches</h1>
          <p>This one would:</p>
          <pre>#{verb} '#{path}' do
            "Hello World"
          end</pre>
          </body>
          </html>
        HTML
      end
    end
    private_constant :MissingRoute
  end
end
