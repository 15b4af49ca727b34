# frozen_string_literal: true

module Sabir
  # The low-level interface: a request that is read, and a response that is written. What handles it is called as soon as the head of the
  # request has been read.
  #
  #   server = Sabir.create_server(->(req, res) do
  #     res.write_head 200, "content-type" => "text/plain"
  #     res.write "hello"
  #     res.finish
  #   end)
  #   server.listen 9292
  module Exchange
    # Adds an application to a native one, for all paths below a prefix that have no other route.
    #
    # Private.
    def self.mount(native, prefix, application)
      handle = lambda do |request, stream, content|
        response = Response.new(stream)
        request.content = content
        application.call(request, response)
      rescue Disconnected
        response.abandon
      end
      native.add_exchanges(prefix, handle, Request)
    end
  end

  # A server for something with `call` that takes a request and a response, a lambda or what #build_app makes. The rest are settings, see
  # SETTINGS.
  def self.create_server(application, **settings)
    Exchange::Server.new(application, **settings)
  end

  # An application with what surrounds its calls. +events+ are told what happens, by those of the methods `start_app(app)`,
  # `start_request(req, res)` and `finish_request(req, res)` that they have; the last one is called also where the application fails, in
  # reverse order. Each of +filters+ is asked by `filter(req, res, chain)`, and goes on with `chain.next(req, res)`, where both may be
  # wrapped.
  def self.build_app(events, filters, application)
    Exchange::Application.new(events, filters, application)
  end
end

require_relative "exchange/request"
require_relative "exchange/response"
require_relative "exchange/application"
require_relative "exchange/content_length"
require_relative "exchange/server"
