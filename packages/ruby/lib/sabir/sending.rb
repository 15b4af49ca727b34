# frozen_string_literal: true

module Sabir
  # Content of a request in memory that is made while it is read, on a thread of its own.
  #
  # Private.
  class Sending
    # What the request takes as its content.
    attr_reader :native

    def initialize(chunks)
      @chunks = chunks
      @native = Native::ContentWriter.new
    end

    # Sends while the block runs, and for as long as more is wanted after it. What +chunks+ raises breaks the content off, and is raised here.
    def run
      thread = Thread.new { send_all }
      thread.name = "sabir-content"
      thread.report_on_exception = false
      yield
    ensure
      raise @error if @error
    end

    private

    def send_all
      @chunks.each do |chunk|
        break unless @native.wanted?

        @native.write(chunk.b)
      end
      @native.finish
    rescue StandardError => error
      @error = error
    ensure
      @native.fail
    end
  end
  private_constant :Sending
end
