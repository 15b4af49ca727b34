# frozen_string_literal: true

# Sabir is a web toolkit: routes and their contracts in Ruby, on a server in Rust.
#
#   require "sabir"
#
#   app = Sabir::App.new
#   app.get("/users/{id:int}", query: { limit: { type: :integer, maximum: 100, default: 10 } }) { |id:, limit:| { id:, limit: } }
#   app.run(port: 8000)
module Sabir
  autoload :Application, File.join(__dir__, "sabir/base")
  autoload :Base, File.join(__dir__, "sabir/base")
  autoload :Sinatra, File.join(__dir__, "sabir/base")
end

require_relative "sabir/version"
require_relative "sabir/setup_error"
require_relative "sabir/sabir_ruby"
require_relative "sabir/bell"
require_relative "sabir/fork"
require_relative "sabir/log"
require_relative "sabir/request_log"
require_relative "sabir/headers"
require_relative "sabir/problem"
require_relative "sabir/problems"
require_relative "sabir/settings"
require_relative "sabir/schema"
require_relative "sabir/cookie"
require_relative "sabir/request"
require_relative "sabir/content"
require_relative "sabir/parts"
require_relative "sabir/content_disposition"
require_relative "sabir/response"
require_relative "sabir/event"
require_relative "sabir/answers"
require_relative "sabir/head_timer"
require_relative "sabir/answer_writer"
require_relative "sabir/streaming"
require_relative "sabir/encoding"
require_relative "sabir/hooks"
require_relative "sabir/stage"
require_relative "sabir/stages"
require_relative "sabir/security"
require_relative "sabir/event_schema"
require_relative "sabir/operation"
require_relative "sabir/handler"
require_relative "sabir/handler_threads"
require_relative "sabir/thread_interruption"
require_relative "sabir/fiber_interruption"
require_relative "sabir/handler_fibers"
require_relative "sabir/fiber_threads"
require_relative "sabir/websocket"
require_relative "sabir/hook_set"
require_relative "sabir/chain"
require_relative "sabir/hookable"
require_relative "sabir/lifespan"
require_relative "sabir/definition"
require_relative "sabir/served"
require_relative "sabir/routes"
require_relative "sabir/document"
require_relative "sabir/router"
require_relative "sabir/sending"
require_relative "sabir/server"
require_relative "sabir/workers"
require_relative "sabir/rack"
require_relative "sabir/rack_application"
require_relative "sabir/exchange"
require_relative "sabir/serve"
require_relative "sabir/app"
require_relative "sabir/test_client"
