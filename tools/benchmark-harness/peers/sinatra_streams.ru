# frozen_string_literal: true

# Streams of Sinatra.
require "sinatra/base"
require_relative "stream_routes"

# The routes of the workloads.
class SinatraStreams < Sinatra::Base
  register StreamRoutes
end

run SinatraStreams
