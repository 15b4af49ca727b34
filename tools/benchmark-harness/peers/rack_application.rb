# frozen_string_literal: true

require "rack"
require_relative "order_checks"

# An application of Rack without a framework.
class RackApplication
  TEXT = { "content-type" => "text/plain; charset=utf-8" }.freeze
  JSON_TYPE = { "content-type" => "application/json" }.freeze

  def initialize
    @static = (ENV["ROUTES"].to_i / 2).times.to_h { |number| ["/static/#{number}", "static #{number}"] }
  end

  def call(env)
    case env["PATH_INFO"]
    when "/" then text("Hello, world!")
    when "/sleep" then sleep(0.001) && text("Slept.")
    when %r{\A/users/([^/]+)\z} then json(OrderChecks.user($1, parameters(env)["limit"]))
    when "/orders" then json(OrderChecks.order(env["rack.input"].read))
    when "/echo" then json(JSON.parse(env["rack.input"].read))
    when "/form" then form(Rack::Request.new(env).POST)
    when "/upload" then upload(Rack::Request.new(env).POST)
    else other(env["PATH_INFO"])
    end
  rescue OrderChecks::Invalid
    [422, TEXT.dup, ["invalid"]]
  end

  private

  def parameters(env)
    Rack::Utils.parse_query(env["QUERY_STRING"])
  end

  def form(fields)
    json(OrderChecks.form(fields["name"], fields["age"]))
  end

  def upload(fields)
    file = fields["file"]
    raise OrderChecks::Invalid unless file.is_a?(Hash)

    json({ size: file[:tempfile].read.bytesize })
  end

  def other(path)
    static = @static[path]
    return text(static) if static
    return text("items #{$1} #{$2}") if path =~ %r{\A/items/(\d+)/parts/([^/]+)\z}

    [404, TEXT.dup, ["not found"]]
  end

  def text(content)
    [200, TEXT.dup, [content]]
  end

  def json(value)
    [200, JSON_TYPE.dup, [JSON.generate(value)]]
  end
end
