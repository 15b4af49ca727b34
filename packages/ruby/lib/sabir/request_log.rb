# frozen_string_literal: true

require "json"
require "logger"

module Sabir
  # Where a request stands in a trace of several services (W3C Trace Context), as the stage TraceContext has found it out: the `trace_id`, the
  # `span_id` of the request, the `parent_id` of its caller's span, nil where the trace begins here, whether it is `sampled`, and
  # `traceparent` and `tracestate` for requests that are sent meanwhile.
  Trace = Struct.new(:trace_id, :span_id, :parent_id, :sampled, :traceparent, :tracestate)

  # Sabir.logger for one request: its lines name the request, and its trace.
  #
  #   request.log.info("an order has come")
  class RequestLogger
    # What the formatter of a logger may ask for: the ids of the request whose line the thread, or the fiber, writes now.
    def self.current
      Thread.current[:sabir_request_ids]
    end

    attr_reader :ids

    def initialize(request)
      trace = request.trace
      @ids = { request_id: request.id, trace_id: trace&.trace_id, span_id: trace&.span_id }.compact.freeze
    end

    def add(severity, message = nil, progname = nil, &block)
      before = RequestLogger.current
      Thread.current[:sabir_request_ids] = @ids
      logger = Sabir.logger
      return logger.add(severity, message, progname, &block) if logger.respond_to?(:formatter) && logger.formatter.is_a?(JsonFormatter)
      return true if logger.respond_to?(:level) && severity < logger.level

      message = block ? block.call : progname if message.nil?
      trace = @ids[:trace_id]
      logger.add(severity, "#{message} (request #{@ids[:request_id]}#{", trace #{trace}" if trace})")
    ensure
      Thread.current[:sabir_request_ids] = before
    end

    { debug: Logger::DEBUG, info: Logger::INFO, warn: Logger::WARN, error: Logger::ERROR, fatal: Logger::FATAL }.each do |name, severity|
      define_method(name) { |message = nil, &block| add(severity, nil, message, &block) }
    end
  end

  # Writes lines of JSON, for Sabir.logger: time, level, message, and the ids of the request whose logger is used.
  #
  #   Sabir.logger = Logger.new($stdout, formatter: Sabir::JsonFormatter.new)
  class JsonFormatter
    def call(severity, time, progname, message)
      line = { time: time.getutc.strftime("%Y-%m-%dT%H:%M:%S.%LZ"), level: severity.downcase, logger: progname, message: text(message) }
      line[:exception] = message.full_message(highlight: false) if message.is_a?(Exception)
      "#{JSON.generate(line.compact.merge!(RequestLogger.current || {}))}\n"
    end

    private

    def text(message)
      return message.message if message.is_a?(Exception)

      (message.is_a?(String) ? message : message.inspect).dup.force_encoding(::Encoding::UTF_8).scrub
    end
  end
end
