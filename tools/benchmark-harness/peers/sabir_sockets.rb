# frozen_string_literal: true

# Sabir's sockets in Ruby.
$LOAD_PATH.unshift(File.expand_path("../../../packages/ruby/lib", __dir__))
require "sabir"

app = Sabir::App.new

app.websocket("/echo") do |ws|
  ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
end
app.websocket("/room") do |ws|
  ws.on_open do
    ws.subscribe("room")
    ws.text("ready")
  end
end
app.websocket("/publish") do |ws|
  ws.on_message { |event| app.publish("room", event.data) }
end

app.run(port: Integer(ARGV.first))
