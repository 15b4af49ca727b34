# frozen_string_literal: true

require "rack"

module Sabir
  module Sinatra
    # Shows an exception, where it was raised, and the request: for development only.
    class DevelopmentErrors
      # How many lines are shown around the one that failed.
      AROUND = 5
      private_constant :AROUND

      def initialize(app)
        @app = app
      end

      def call(env)
        @app.call(env)
      rescue StandardError, LoadError, SyntaxError => error
        env["rack.errors"].puts(error.full_message(highlight: false))
        answer(env, error)
      end

      private

      def answer(env, error)
        html = prefers_html?(env)
        content = html ? page(env, error) : error.full_message(highlight: false)
        [500, { Response::TYPE => html ? "text/html;charset=utf-8" : "text/plain;charset=utf-8", Response::LENGTH => content.bytesize.to_s }, [content]]
      end

      def prefers_html?(env)
        Request.new(env).preferred_type("text/html", "text/plain") == "text/html" && env["HTTP_X_REQUESTED_WITH"] != "XMLHttpRequest"
      end

      def page(env, error)
        request = Request.new(env)
        <<~HTML
          <!DOCTYPE html>
          <html lang="en">
          <head>
          <meta charset="utf-8">
          <title>#{h(error.class)} at #{h(request.path)}</title>
          <style>
          body { font: 16px/1.5 sans-serif; margin: 2em; color: #222 }
          h1 { font-size: 1.4em } h2 { font-size: 1.1em; margin-top: 2em }
          pre { background: #f4f4f4; padding: 1em; overflow-x: auto } mark { background: #fd8 }
          td { padding: 0 1em 0 0; vertical-align: top; font-family: monospace; word-break: break-all }
          </style>
          </head>
          <body>
          <h1>#{h(error.class)} at #{h(request.path)}</h1>
          <p><strong>#{h(error.message)}</strong></p>
          #{source_of(error)}
          <div id="backtrace"><h2>Backtrace</h2><pre>#{h((error.backtrace || []).join("\n"))}</pre></div>
          #{table("get", "Query") { request.GET }}
          #{table("post", "Form") { request.POST }}
          #{table("cookies", "Cookies") { request.cookies }}
          #{table("env", "Environment") { env.transform_values(&:inspect).sort.to_h }}
          <p>This page is there because of the <code>show_exceptions</code> setting. Disable it where others can see it.</p>
          </body>
          </html>
        HTML
      end

      # A table of names and values; nothing where there are none, or they cannot be read.
      def table(id, title)
        values = yield
        return "" if values.empty?

        rows = values.map { |name, value| "<tr><td>#{h(name)}</td><td>#{h(value.is_a?(String) ? value : value.inspect)}</td></tr>" }
        "<div id=\"#{id}\"><h2>#{title}</h2><table>#{rows.join("\n")}</table></div>"
      rescue StandardError
        ""
      end

      # The lines around the one that has failed.
      def source_of(error)
        place = error.backtrace_locations&.find { |location| location.absolute_path && File.file?(location.absolute_path) }
        return "" if place.nil?

        lines = File.readlines(place.absolute_path, encoding: "utf-8")
        first = [place.lineno - AROUND, 1].max
        shown = lines[(first - 1)..(place.lineno + AROUND - 1)].each_with_index.map do |line, index|
          text = format("%5d  %s", first + index, h(line.chomp.scrub))
          first + index == place.lineno ? "<mark>#{text}</mark>" : text
        end
        "<h2>#{h(place.path)}:#{place.lineno}</h2><pre>#{shown.join("\n")}</pre>"
      end

      def h(text)
        ::Rack::Utils.escape_html(text.to_s)
      end
    end
  end
end
