# frozen_string_literal: true

# Applications as Sinatra has them: `class App < Sabir::Base`. `sabir/sinatra` has their words at the top of a file, too.

require_relative "../sabir"

module Sabir
  # They come now, whoever has asked for this file.
  %i[Application Base Sinatra].each { |name| remove_const(name) }
end

require_relative "sinatra/indifferent_hash"
require_relative "sinatra/errors"
require_relative "sinatra/accept"
require_relative "sinatra/request"
require_relative "sinatra/response"
require_relative "sinatra/linear_expression"
require_relative "sinatra/pattern"
require_relative "sinatra/route_table"
require_relative "sinatra/variables"
require_relative "sinatra/action"
require_relative "sinatra/plan"
require_relative "sinatra/contract_handler"
require_relative "sinatra/contract"
require_relative "sinatra/recorder"
require_relative "sinatra/sockets"
require_relative "sinatra/settings"
require_relative "sinatra/routing"
require_relative "sinatra/helpers"
require_relative "sinatra/engines"
require_relative "sinatra/templates"
require_relative "sinatra/template_store"
require_relative "sinatra/missing_route"
require_relative "sinatra/failures"
require_relative "sinatra/static_files"
require_relative "sinatra/session_cookie"
require_relative "sinatra/development_errors"
require_relative "sinatra/protection"
require_relative "sinatra/host_authorization"
require_relative "sinatra/request_logs"
require_relative "sinatra/middleware"
require_relative "sinatra/extending"
require_relative "sinatra/environments"
require_relative "sinatra/direct_stack"
require_relative "sinatra/native_app"
require_relative "sinatra/serving"
require_relative "sinatra/incoming"
require_relative "sinatra/outgoing"
require_relative "sinatra/dispatch"
require_relative "sinatra/base"
require_relative "sinatra/application"
