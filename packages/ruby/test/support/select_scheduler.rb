# frozen_string_literal: true

# A whole Fiber::Scheduler upon IO.select: as small as one can be, and slow with many sockets.
class SelectScheduler
  def initialize
    @readable = {}
    @writable = {}
    @timers = {}
    @blocked = {}.compare_by_identity
    @lock = Mutex.new
    @ready = []
    @bell, @rope = IO.pipe
  end

  # Runs until no fiber waits for anything.
  def close
    return if @is_closed

    run
    @is_closed = true
    [@bell, @rope].each(&:close)
  end

  def fiber(&)
    Fiber.new(blocking: false, &).tap(&:resume)
  end

  def io_wait(io, events, timeout)
    fiber = Fiber.current
    @readable[fiber] = io if events.anybits?(IO::READABLE)
    @writable[fiber] = io if events.anybits?(IO::WRITABLE)
    wait(timeout) || false
  ensure
    @readable.delete(fiber)
    @writable.delete(fiber)
  end

  def kernel_sleep(seconds = nil)
    @blocked[Fiber.current] = true if seconds.nil?
    wait(seconds)
    true
  ensure
    @blocked.delete(Fiber.current)
  end

  def block(_blocker, timeout = nil)
    @blocked[Fiber.current] = true
    wait(timeout) || false
  ensure
    @blocked.delete(Fiber.current)
  end

  # From any thread.
  def unblock(_blocker, fiber)
    @lock.synchronize { @ready << fiber }
    @rope.write_nonblock(".", exception: false)
  end

  def timeout_after(seconds, error, *arguments)
    fiber = Fiber.current
    timer = at(seconds) { fiber.raise(error, *arguments) if fiber.alive? }
    yield(seconds)
  ensure
    @timers.delete(timer)
  end

  def process_wait(pid, flags)
    Thread.new { Process::Status.wait(pid, flags) }.value
  end

  private

  # Suspends the fiber. What has it go on, or nil where that is the time.
  def wait(seconds)
    fiber = Fiber.current
    timer = at(seconds) { fiber.resume(nil) } if seconds
    Fiber.yield
  ensure
    @timers.delete(timer)
  end

  def at(seconds, &action)
    Object.new.tap { |timer| @timers[timer] = [now + seconds, action] }
  end

  def run
    turn until @readable.empty? && @writable.empty? && @timers.empty? && @blocked.empty? && @ready.empty?
  end

  def turn
    readable, writable, = IO.select([@bell, *@readable.values], @writable.values, [], @ready.empty? ? pause : 0)
    @bell.read_nonblock(4096, exception: false) if readable&.include?(@bell)
    resume_ready
    resume_due
    resume_waiting(@readable, readable, IO::READABLE)
    resume_waiting(@writable, writable, IO::WRITABLE)
  end

  def pause
    due = @timers.each_value.map(&:first).min
    due && [due - now, 0].max
  end

  def resume_ready
    ready = @lock.synchronize { @ready.slice!(0..) }
    ready.each { |fiber| fiber.resume(true) if fiber.alive? && @blocked.key?(fiber) }
  end

  def resume_due
    due, = @timers.partition { |_, (time, _)| time <= now }
    due.each { |timer, (_, action)| action.call if @timers.delete(timer) }
  end

  def resume_waiting(waiting, found, event)
    return if found.nil?

    found = found.to_h { |io| [io, true] }.compare_by_identity
    waiting.select { |_, io| found.key?(io) }.each { |fiber, io| fiber.resume(event) if waiting[fiber].equal?(io) }
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
