# frozen_string_literal: true

module Sabir
  # The server of one application, in this process.
  #
  # Private.
  class Server
    SIGNALS = %w[INT TERM].freeze
    private_constant :SIGNALS

    def initialize(native, threads)
      @native = native
      @threads = threads
      @lock = Mutex.new
      @stops = Queue.new
    end

    # Serves until a signal or #stop.
    def run(**place)
      # Before anybody can know that it serves, and send one.
      with_signals do
        address = listen(**place)
        puts "Sabir serves on #{place[:unix] ? "unix:#{address}" : "http://#{address}"}"
        $stdout.flush
        @stops.pop
      ensure
        stop_now
      end
    end

    # Serves from now on, and returns the address.
    def listen(host:, port:, unix:, reuse_port:)
      Log.start
      @threads.begin_use
      address = @native.listen(host, port, unix&.to_s, reuse_port)
      @lock.synchronize { @is_listening = true }
      address
    ensure
      @threads.end_use unless address
    end

    # Has #run return, or stops what #listen started.
    def stop
      @is_running ? @stops.push(nil) : stop_now
    end

    private

    def with_signals
      @is_running = true
      signalled = 0
      # A thread-safe queue is one of the few things that a trap may use.
      handler = proc { (signalled += 1) > 1 ? exit!(1) : @stops.push(nil) }
      before = SIGNALS.to_h { |name| [name, trap(name, handler)] }
      yield
    ensure
      @is_running = false
      before&.each { |name, earlier| trap(name, earlier || "DEFAULT") }
      @stops.clear
    end

    def stop_now
      return unless @lock.synchronize { @is_listening.tap { @is_listening = false } }

      @native.stop(false)
      @threads.end_use
      @threads.leave
      Log.flush
    end
  end
  private_constant :Server
end
