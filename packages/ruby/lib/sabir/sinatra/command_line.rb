# frozen_string_literal: true

require "optparse"

module Sabir
  module Sinatra
    # The options of a file that is run.
    #
    # Private.
    module CommandLine
      # Reads options into the settings of Application, and ends the process if they cannot be read.
      def self.read(arguments, app = Application)
        parser(app).parse(arguments)
      rescue OptionParser::ParseError => error
        warn("#{$PROGRAM_NAME}: #{error.message}")
        exit(1)
      end

      def self.parser(app)
        OptionParser.new do |options|
          options.on("-p PORT", Integer, "the port (4567)") { |port| app.set(:port, port) }
          options.on("-o ADDRESS", "the address to listen at (#{app.bind})") { |address| app.set(:bind, address) }
          options.on("-e ENVIRONMENT", "the environment (development)") { |name| app.set(:environment, name.to_sym) }
          options.on("-s SERVER", "the server (sabir)") { |name| app.set(:chosen_server, name) }
          options.on("-q", "say nothing of the start") { app.set(:quiet, true) }
          options.on("-x", "answer one request at a time") { app.set(:lock, true) }
        end
      end
      private_class_method :parser
    end
  end
end
