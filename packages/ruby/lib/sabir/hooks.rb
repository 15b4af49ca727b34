# frozen_string_literal: true

module Sabir
  # What the native module calls.
  #
  # Private.
  module Hooks
    class << self
      def encode_result(result, answers)
        Encoding.encode(result, answers)
      end

      def plain(value)
        Encoding.plain(value)
      end

      # A problem as plain data, its extensions as JSON text; nil for any other exception.
      def problem_of(exception)
        return unless exception.is_a?(Problem)

        {
          status: exception.status,
          type: exception.type,
          title: exception.title,
          detail: exception.detail,
          headers: exception.headers.to_a,
          extensions: Native.encode_json(exception.extensions),
          errors: exception.errors,
        }
      end

      # Writes an unexpected exception to the log, and returns its text.
      def report(exception, method, path, request_id)
        text = exception.full_message(highlight: false)
        Sabir.logger.error("#{method} #{path} failed (request #{request_id})\n#{text}")
        text
      end

      # What a fiber waits for that has a scheduler.
      def take_bell
        Bell.take
      end

      def give_back_bell(bell)
        Bell.give_back(bell)
      end

      # Makes the content of an answer here.
      def run_stream(native, streaming)
        streaming.run(native)
      end
    end
  end
end
