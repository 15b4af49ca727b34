# frozen_string_literal: true

require "logger"

module Sabir
  class << self
    # Where failures of handlers, and what the runtime reports, are written: standard error, unless another one is set.
    attr_writer :logger

    def logger
      @logger ||= Logger.new($stderr, progname: "sabir")
    end
  end

  # What the runtime reports, on its way to the logger.
  #
  # Private.
  module Log
    LEVELS = { "error" => Logger::ERROR, "warn" => Logger::WARN }.freeze
    private_constant :LEVELS

    @lock = Mutex.new
    @writing = Mutex.new

    class << self
      # Writes what is reported from now on, on a thread of this process.
      def start
        @lock.synchronize do
          return if @thread&.alive?

          @thread = Thread.new { loop { flush if Native.wait_for_log.nil? } }
          @thread.name = "sabir-log"
          @thread.report_on_exception = false
        end
      end

      # Writes what has been reported.
      def flush
        # The interpreter kills all threads at its end, and calls in flight with them, which is nothing to report.
        return unless Thread.main.alive?
        # A logger that uses an application comes back here.
        return if @writing.owned?

        # What another thread has taken has been written when this returns, also when the process ends then.
        @writing.synchronize { Native.take_log.each { |level, text, *| Sabir.logger.add(LEVELS.fetch(level), text) } }
      rescue StandardError => error
        warn "sabir: the logger failed: #{error.full_message(highlight: false)}"
      end
    end
  end
  private_constant :Log
end
