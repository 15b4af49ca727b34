# frozen_string_literal: true

module Sabir
  # The server of one application, in this process.
  #
  # Private.
  class Server
    SIGNALS = %w[INT TERM].freeze
    private_constant :SIGNALS

    # +lifecycle+ is told of the start and of the end.
    def initialize(native, threads, lifecycle)
      @native = native
      @threads = threads
      @lifecycle = lifecycle
      @lock = Mutex.new
      @stops = Queue.new
    end

    # Serves until a signal or #stop.
    def run(**place)
      # Before anybody can know that it serves, and send one.
      with_signals do
        Server.announce(listen(**place), place[:unix])
        @stops.pop
      ensure
        stop_now
      end
    end

    # Tells where the server is reached.
    def self.announce(address, unix)
      puts "Sabir serves on #{unix ? "unix:#{address}" : "http://#{address}"}"
      $stdout.flush
    end

    # Serves from now on, and returns the address.
    def listen(host:, port:, unix:, reuse_port:)
      start { @native.listen(host, port, unix&.to_s, reuse_port) }
    end

    # Serves on a socket of the parent, until a signal or the parent's end. The block says whether there has been a signal already.
    def work(listener, channel)
      with_signals do
        @stops.push(nil) if yield
        start { @native.listen_on(listener.fileno) }
        # Its descriptor is the runtime's.
        listener.autoclose = false
        watch(channel)
        @stops.pop
      ensure
        stop_now(is_withdrawn: @is_withdrawn || readable?(channel))
      end
    end

    # Has #run return, or stops what #listen started.
    def stop
      @is_running ? @stops.push(nil) : stop_now
    end

    private

    def start
      Log.start
      @threads.begin_use
      @lifecycle.call(:start)
      address = yield
      @lock.synchronize { @is_listening = true }
      address
    ensure
      @threads.end_use unless address
    end

    # Tells the parent that this serves, and listens to it.
    def watch(channel)
      channel.write(@native.shutdown_timeout_ms.to_s)
      thread = Thread.new do
        # A signal follows, unless the parent ends before it.
        @is_withdrawn = true if channel.readpartial(64)
        channel.read(1)
      rescue SystemCallError, EOFError
        nil
      ensure
        @stops.push(nil)
      end
      thread.name = "sabir-parent"
    rescue Errno::EPIPE
      @stops.push(nil)
    end

    def readable?(channel)
      !IO.select([channel], nil, nil, 0).nil?
    end

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

    def stop_now(is_withdrawn: false)
      # Threads that only a test has needed end as well.
      return @threads.leave unless @lock.synchronize { @is_listening.tap { @is_listening = false } }

      @native.stop(is_withdrawn)
      @threads.end_use
      @threads.leave
      @lifecycle.call(:stop)
      Log.flush
    end
  end
  private_constant :Server
end
