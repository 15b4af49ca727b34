# frozen_string_literal: true

module Sabir
  # Serves an application of Rack, or one of Sabir, until SIGINT or SIGTERM.
  #
  #   Sabir.serve(->(env) { [200, {}, ["hello"]] }, port: 9292, workers: 2)
  #
  # With a block in place of the application, every worker makes one of its own, after it has started: a SIGHUP then loads new code.
  # +workers+ are the processes that serve, +after_fork+ is called in each of them first; the rest are settings, see SETTINGS.
  def self.serve(app = nil, host: "127.0.0.1", port: 9292, unix: nil, workers: 1, after_fork: nil, **settings, &make)
    raise ArgumentError, "give an application, or a block that makes it" if app.nil? == make.nil?

    served = lambda do
      made = app || make.call
      next made if made.is_a?(App)

      App.new(**settings).mount("/", made, multiprocess: workers > 1)
    end
    return served.call.run(host:, port:, unix:, workers:, after_fork:) unless make && workers > 1

    Workers.new(served, count: workers, after_fork:).run(host:, port:, unix:)
  end
end
