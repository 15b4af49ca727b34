# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class TraceContextTest < FixtureTest
  category "trace_context"

  # Refusals, failures and event streams say their trace, too.
  fixture "every_answer" do
    app = Sabir::App.new
    app.use(Sabir::TraceContext, respond: true)
    app.get("/items") { { ok: true } }
    app.get("/fail") { raise "a" }
    app
  end

  # A traceparent that is malformed, or of the version ff, begins a new trace.
  fixture "malformed_parents" do
    app = Sabir::App.new
    app.use(Sabir::TraceContext, respond: true)
    app.get("/items") { { ok: true } }
    app
  end

  # Where nobody is believed, every request begins a new trace; whether it is sampled is an option.
  fixture "nobody_is_believed" do
    app = Sabir::App.new
    app.use(Sabir::TraceContext, respond: true, accept_from: [], sampled: false)
    app.get("/items") { { ok: true } }
    app
  end

  # A request goes on with the trace of its caller, with a span of its own, and keeps the flags that are
  # known.
  fixture "traces_go_on" do
    app = Sabir::App.new
    app.use(Sabir::TraceContext, respond: true)
    app.get("/items") { { ok: true } }
    app
  end
end
