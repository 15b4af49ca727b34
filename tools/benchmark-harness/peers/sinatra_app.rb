# frozen_string_literal: true

require "sinatra/base"
require_relative "order_checks"

# Sinatra, with checks by hand.
class SinatraApp < Sinatra::Base
  set :environment, :production
  disable :logging

  error(OrderChecks::Invalid) { halt 422, "invalid" }

  helpers do
    def json(value)
      content_type :json
      JSON.generate(value)
    end
  end

  before { content_type "text/plain" }

  get("/") { "Hello, world!" }
  get("/sleep") { sleep(0.001) && "Slept." }
  get("/users/:id") { json(OrderChecks.user(params[:id], params[:limit])) }
  post("/orders") { json(OrderChecks.order(request.body.read)) }
  post("/echo") { json(JSON.parse(request.body.read)) }
  post("/form") { json(OrderChecks.form(params[:name], params[:age])) }

  post("/upload") do
    halt 422 unless params[:file].is_a?(Hash)
    json({ size: params[:file][:tempfile].read.bytesize })
  end

  (ENV["ROUTES"].to_i / 2).times do |number|
    get("/static/#{number}") { "static #{number}" }
    get("/items/#{number}/parts/:part") { "items #{number} #{params[:part]}" }
  end
end
