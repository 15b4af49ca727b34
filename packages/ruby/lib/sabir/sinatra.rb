# frozen_string_literal: true

require_relative "base"
require_relative "sinatra/command_line"

# Words of an application at the top of a file, which is served when the file ends.
#
#   require "sabir/sinatra"
#
#   get("/hello/:name") { "Hello, #{params[:name]}!" }
module Sabir
  Application.set(:app_file, Application.caller_files.first || $PROGRAM_NAME)
  Application.set(:run) { !test? && !app_file.nil? && File.expand_path($PROGRAM_NAME) == File.expand_path(app_file) }
  Application.enable(:inline_templates)
  Sinatra::CommandLine.read(ARGV) if Application.run? && ARGV.any?

  # The file has ended, unless it has failed.
  at_exit { Application.run! if $!.nil? && Application.run? }
end

# What is written for Sinatra names it so.
Sinatra = Sabir::Sinatra unless defined?(Sinatra)

# They are private words of the file, and of those that a builder of Rack reads.
extend Sabir::Sinatra::Delegator
Rack::Builder.include(Sabir::Sinatra::Delegator)
