# frozen_string_literal: true

require "socket"

module Sabir
  # Several processes that serve one address.
  #
  # The parent binds the socket and forks the workers, which all accept from it; it runs neither handlers nor the runtime. Each worker
  # holds one end of a channel: through it the parent learns that the worker serves, and the worker that the parent is gone, or that all
  # workers are to stop and nobody goes on to serve the socket.
  #
  # When which worker is started and stopped is decided by the runtime. Once all workers have served, the parent never gives up: a worker
  # that ends is replaced, the later the more often it happens in a row. SIGHUP replaces all of them one by one, each as soon as its
  # successor serves, so that the socket is served all the time.
  #
  # Private.
  class Workers
    SIGNALS = %w[INT TERM HUP CHLD].freeze
    private_constant :SIGNALS

    # +app+ gives the application, in each worker.
    def initialize(app, count:, after_fork: nil)
      @app = app
      @after_fork = after_fork
      @decisions = Native::Supervisor.new(count)
      @workers = {}
      @todo = []
      @stops = @passed_on = 0
    end

    # Keeps the workers serving until SIGINT or SIGTERM, then stops them gracefully.
    #
    # Raises SetupError if a worker ends before all of them served once.
    def run(host:, port:, unix:)
      descriptor, @address = Native.bind(host, port, unix&.to_s)
      @listener = Socket.for_fd(descriptor)
      @unix = unix&.to_s
      with_signals do
        perform(@decisions.begin)
        supervise
      rescue Exception # rubocop:disable Lint/RescueException -- no worker is left behind.
        # A second request to stop would kill the workers.
        perform(@decisions.stopping? ? [] : @decisions.stop)
        supervise
        raise
      end
      @decisions.check
    ensure
      @listener&.close
    end

    private

    def supervise
      until @has_ended
        wait
        while @passed_on < @stops
          @passed_on += 1
          perform(@decisions.stop)
        end
        perform(@decisions.renew) if @is_outdated.tap { @is_outdated = false }
        @workers.to_a.each { |number, worker| look_at(number, worker) }
        perform(@decisions.tick)
      end
    end

    # Waits for a signal, for what workers say, or for what has to be done by time.
    def wait
      channels = @workers.each_value.filter_map(&:channel)
      IO.select([@wakeups, *channels], nil, nil, @decisions.until_tick)
      @wakeups.read_nonblock(4096, exception: false)
    end

    def look_at(number, worker)
      timeout = worker.said
      perform(@decisions.ready(number, timeout)) if timeout
      status = worker.status or return

      worker.close
      @workers.delete(number)
      ended_by = status.termsig && "SIG#{Signal.signame(status.termsig)}"
      perform(@decisions.ended(number, status.exitstatus || -status.termsig, ended_by))
    end

    # What comes of an action, such as of a start that fails, is done after those that were decided before it.
    def perform(actions)
      @todo.concat(actions)
      while (name, number, line = @todo.shift)
        case name
        when :start then start(number)
        when :stop then @workers[number]&.signal("TERM")
        when :kill then @workers[number]&.signal("KILL")
        when :withdraw then withdraw
        when :serving then Server.announce(@address, @unix)
        when :log then warn "sabir: #{line}"
        when :exit then @has_ended = true
        end
      end
    end

    # The socket is nobody's any more.
    def withdraw
      @listener.close
      File.unlink(@unix) if @unix && File.exist?(@unix)
      @workers.each_value(&:withdraw)
    end

    def start(number)
      worker = Worker.new
      worker.start { work(worker) }
      @workers[number] = worker
      @todo.concat(@decisions.started(number, worker.process))
    rescue SystemCallError => error
      worker.close
      @todo.concat(@decisions.failed(number, error.message))
    end

    # What a worker does: it has a copy of everything that the parent has.
    def work(worker)
      # A group of its own, so that Ctrl-C in a terminal reaches the parent only, which passes it on once.
      Process.setpgid(0, 0)
      [@wakeups, @wakeup, *@workers.each_value.filter_map(&:channel)].each(&:close)
      %w[HUP CHLD].each { |name| trap(name, "DEFAULT") }
      stops = @stops
      @after_fork&.call
      # A signal that has come before the server takes them is not lost.
      @app.call.work(@listener, worker.other_end) { @stops > stops }
    end

    def with_signals
      @wakeups, @wakeup = IO.pipe
      before = SIGNALS.to_h { |name| [name, trap(name) { received(name) }] }
      # `nohup` ignores it.
      trap("HUP", "IGNORE") if before["HUP"] == "IGNORE"
      yield
    ensure
      before&.each { |name, earlier| trap(name, earlier || "DEFAULT") }
      [@wakeups, @wakeup].each { |pipe| pipe&.close }
    end

    def received(name)
      case name
      when "HUP" then @is_outdated = true
      when "INT", "TERM" then @stops += 1
      end
      # Full, it wakes as well.
      @wakeup.write_nonblock(".", exception: false)
    end

    # A process that serves, and the parent's end of the channel to it.
    class Worker
      attr_reader :process, :channel, :other_end

      def start
        @channel, @other_end = UNIXSocket.pair
        # What is in the buffers would be written by both processes.
        $stdout.flush
        $stderr.flush
        @process = fork { run { yield } }
      ensure
        @other_end&.close
      end

      # The stack below, and what is to be done at the end of the process, belong to the parent.
      def run
        code = 1
        @channel.close
        yield
        code = 0
      rescue Exception => error # rubocop:disable Lint/RescueException -- it is told before the process ends.
        warn error.full_message(highlight: false)
      ensure
        $stdout.flush
        exit!(code)
      end

      # The milliseconds that its requests may take to finish, if it has told now that it serves.
      def said
        return if @channel.nil?

        text = @channel.read_nonblock(64, exception: false)
        return if text == :wait_readable
        return Integer(text) if text

        close
      rescue Errno::ECONNRESET
        # One that ends with what it was told unread resets the channel.
        close
      end

      # How it has ended, once it has.
      def status
        _, status = Process.wait2(@process, Process::WNOHANG)
        status
      end

      # Until it is waited for, the id of a worker that has ended is given to no other process.
      def signal(name)
        Process.kill(name, @process)
      end

      # Tells the worker that nobody goes on to serve the socket when it is asked to stop.
      def withdraw
        @channel&.write_nonblock("withdrawn", exception: false)
      rescue SystemCallError
        # It may have ended already.
        nil
      end

      # Closes the channel, which asks the worker to stop.
      def close
        @channel&.close
        @channel = nil
      end
    end
    private_constant :Worker
  end
  private_constant :Workers
end
