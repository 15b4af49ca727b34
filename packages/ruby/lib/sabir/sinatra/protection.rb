# frozen_string_literal: true

module Sabir
  module Sinatra
    # What the gem rack-protection does where there are no sessions: paths are made plain, and fields tell browsers what they must not do.
    #
    # Private.
    class PlainProtection
      # Paths that may have dots, escapes of them, or backslashes.
      SUSPICIOUS = %r{//|/\.|\\|%2[ef]|%5c}i
      ESCAPES = { "%2e" => ".", "%2f" => "/", "%5c" => "\\" }.freeze
      FRAME, NOSNIFF, XSS = %w[X-Frame-Options X-Content-Type-Options X-XSS-Protection].map { |name| Response::LOWER ? name.downcase : name }
      private_constant :SUSPICIOUS, :ESCAPES, :FRAME, :NOSNIFF, :XSS

      # Whether a path has to be made plain.
      def self.suspicious?(path)
        path.match?(SUSPICIOUS)
      end

      # An answer with the fields.
      def self.protect(answer)
        fields = answer[1]
        type = fields[Response::TYPE]
        if type && (type.start_with?("text/html") || type.include?("xhtml"))
          fields[FRAME] ||= "SAMEORIGIN"
          fields[XSS] ||= "1; mode=block"
        end
        fields[NOSNIFF] ||= "nosniff"
        answer
      end

      def initialize(app)
        @app = app
      end

      def call(env)
        path = env["PATH_INFO"]
        if PlainProtection.suspicious?(path)
          env["PATH_INFO"] = plain(path)
          answer = protect(@app.call(env))
          env["PATH_INFO"] = path
          answer
        else
          protect(@app.call(env))
        end
      end

      private

      def protect(answer)
        PlainProtection.protect(answer)
      end

      # The path without the segments that lead elsewhere.
      def plain(path)
        decoded = path.gsub(/%2[ef]|%5c/i) { |escape| ESCAPES.fetch(escape.downcase) }
        kept = []
        decoded.split(%r{[/\\]}).each do |segment|
          if segment == ".." then kept.pop
          elsif !segment.empty? && segment != "." then kept << segment
          end
        end
        "/#{kept.join("/")}#{"/" if kept.any? && decoded.match?(%r{/\.{0,2}\z})}"
      end
    end
    private_constant :PlainProtection
  end
end
