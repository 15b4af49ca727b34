# frozen_string_literal: true

module Sabir
  module Sinatra
    # What happens to exceptions, and to statuses that have a block.
    #
    # Private.
    module Failures
      private

      # What the blocks for an exception answer; or raises it again.
      def handle_exception(error)
        @params = @params.merge(@_params_of_failure) if @_params_of_failure
        env["sinatra.error"] = error
        status(status_of(error))
        report(error) if server_error?
        headers[X_CASCADE] = "pass" if not_found? && settings.x_cascade?
        answer = answer_for(error.class, error) || answer_for(status, error)
        return answer if answer

        return send_problem(error) if error.is_a?(Problem)

        describe(error) if not_found? || bad_request?
        return unless server_error?

        raise error if settings.raise_errors? || settings.show_exceptions?

        answer_for(Exception, error)
      end

      X_CASCADE = Response::LOWER ? "x-cascade" : "X-Cascade"
      private_constant :X_CASCADE

      def status_of(error)
        code = if error.is_a?(Error) && error.respond_to?(:http_status) then error.http_status
               elsif error.is_a?(Problem) then error.status
               elsif settings.use_code? && error.respond_to?(:code) then error.code
               end
        code.is_a?(Integer) && code.between?(400, 599) ? code : 500
      end

      def report(error)
        if settings.dump_errors? && !error.is_a?(Problem)
          text = "#{Time.now.strftime("%F %T")} - #{error.class} - #{error.message}:"
          env["rack.errors"].puts([text, *error.backtrace].join("\n\t"))
        end
        raise error if settings.show_exceptions? && !error.is_a?(Problem) && settings.show_exceptions != :after_handler
      end

      # A problem is the answer (RFC 9457).
      def send_problem(error)
        error.headers.each { |name, value| headers[name] = value }
        content_type("application/problem+json")
        members = { type: error.type || "about:blank", title: error.title, status: error.status, detail: error.detail, instance: request.path }
        members[:errors] = error.errors unless error.errors.empty?
        body(Native.encode_json(members.compact.merge(error.extensions)))
        nil
      end

      # What the client is told of something that is not there, or cannot be read.
      def describe(error)
        return body(::Rack::Utils.escape_html(error.message)) if error.message && error.message != error.class.name

        content_type("text/html")
        return body(MissingRoute.page(request)) if not_found? && settings.development?

        body("<h1>#{not_found? ? "Not Found" : "Bad Request"}</h1>")
      end

      # What the blocks for a status or a class answer, those of this class first.
      def answer_for(key, *arguments)
        owner = settings
        while owner.respond_to?(:errors)
          blocks = owner.errors[key]
          return run_blocks(blocks, arguments) if blocks

          owner = owner.superclass
        end
        key.respond_to?(:superclass) && key.superclass < Exception ? answer_for(key.superclass, *arguments) : nil
      end

      # The last block answers; where it has nothing to say, those before it.
      def run_blocks(blocks, arguments)
        blocks.reverse_each do |block|
          answer = catch(:pass) { block.call(self, arguments) }
          return answer unless answer.nil?
        end
        nil
      end
    end
    private_constant :Failures
  end
end
