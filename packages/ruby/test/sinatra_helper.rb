# frozen_string_literal: true

require "test_helper"
require "rack/mock"
require "sabir/base"

Sabir::Base.set(:environment, :production)

# What tests of Sinatra's words share.
module SinatraHelper
  # An application with what the block says.
  def sinatra(base = Sabir::Base, &)
    app = Sabir::Sinatra.new(base, &)
    app.disable(:dump_errors)
    app
  end

  # The answer on the runtime, which has to be that under Rack.
  def ask(app, path, method: "GET", headers: {}, body: "")
    answer = Sabir::TestClient.new(app).request(method, path, headers:, body:)
    under_rack = rack(app, path, method:, headers:, body:)
    assert_equal [under_rack.status, under_rack.body], [answer.status, answer.body.b], "#{method} #{path} on the runtime"
    answer
  end

  # The answer under Rack.
  def rack(app, path, method: "GET", headers: {}, body: "")
    fields = headers.to_h do |name, value|
      name = name.upcase.tr("-", "_")
      [%w[CONTENT_TYPE].include?(name) ? name : "HTTP_#{name}", value]
    end
    ::Rack::MockRequest.new(app).request(method, path, { "HTTP_HOST" => "sabir.test", input: body, **fields })
  end

  def form
    { "content-type" => "application/x-www-form-urlencoded" }
  end
end
