# frozen_string_literal: true

# The streams of the workloads in Sinatra's words, for applications of any kind that has them.
module StreamRoutes
  CHUNK = ("x" * 65_536).b.freeze

  def self.registered(app)
    app.set :environment, :production
    app.disable :logging

    app.get("/ticks") do
      content_type "text/event-stream"
      stream { |out| 20_000.times { |number| out << "data: #{number}\n\n" } }
    end

    app.get("/download") do
      content_type "application/octet-stream"
      stream { |out| 1_000.times { out << CHUNK } }
    end
  end
end
