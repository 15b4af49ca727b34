# frozen_string_literal: true

require "ipaddr"

module Sabir
  module Sinatra
    # Refuses requests for hosts that the application does not have, such as those of a page whose name has been bound to another address.
    # It is what the setting `host_authorization` of Sinatra 4.1 says.
    #
    # Private.
    class HostAuthorization
      OPTIONS = %i[permitted_hosts allow_if message status logging].freeze
      PORT = /:\d+\z/
      # What stands before the point of a domain.
      LABELS = "[a-z0-9\\-.]+"
      private_constant :OPTIONS, :PORT, :LABELS

      # Whether such a setting says anything.
      def self.needed?(options)
        options && !options.empty?
      end

      # What asks it of the requests of an application; nil where all hosts are permitted.
      def self.of(base)
        new(nil, base.host_authorization) if needed?(base.host_authorization)
      end

      # What the setting is where nothing else is said: while one develops, names and addresses that lead nowhere else.
      def self.in_development
        { permitted_hosts: ["localhost", ".localhost", ".test", IPAddr.new("0.0.0.0/0"), IPAddr.new("::/0")] }
      end

      def initialize(app, options)
        options = options.transform_keys(&:to_sym)
        unknown = options.keys - OPTIONS
        raise ArgumentError, "host_authorization: there is no option #{unknown.first}; use #{OPTIONS.join(", ")}" unless unknown.empty?

        @app = app
        @options = { message: "Host not permitted", status: 403, logging: true, **options }
        @addresses, names = Array(@options[:permitted_hosts]).partition { |host| host.is_a?(IPAddr) }
        @names = names.map { |name| pattern(name) }
        @permits_all = @addresses.empty? && @names.empty?
      end

      def call(env)
        return @app.call(env) if accepts?(env)

        env["rack.errors"].puts("#{env["HTTP_HOST"].inspect} is no permitted host") if @options[:logging]
        [@options[:status], { Response::TYPE => "text/plain" }, [@options[:message]]]
      end

      # Whether a request is for a permitted host, by what a proxy says too, or let in by `allow_if`.
      def accepts?(env)
        return true if @permits_all || @options[:allow_if]&.call(env)

        request = ::Rack::Request.new(env)
        forwarded = request.forwarded_authority
        permits?(request.host_authority) && (forwarded.nil? || permits?(forwarded))
      end

      # The same of a request of the runtime. Where it is false, the environment has to be asked.
      def plainly_accepts?(request)
        @permits_all || (permits?(request.header("host")) && request.header("x-forwarded-host").nil? && request.header("forwarded").nil?)
      end

      private

      def permits?(authority)
        host = authority.to_s.sub(PORT, "")
        @names.any? { |name| name.match?(host) } || @addresses.any? { |addresses| address?(host) && addresses.include?(host) }
      end

      def address?(host)
        host.match?(/\A(?:[\d.]+|\[?\h*:[\h:.]*\]?)\z/) && IPAddr.new(host)
      rescue IPAddr::Error
        false
      end

      # A name that begins with a point is a domain with all below it.
      def pattern(name)
        raise ArgumentError, "host_authorization: #{name.inspect} is no host; use a String or an IPAddr" unless name.is_a?(String)

        domain = name.delete_prefix(".")
        below = "(?:(?!\\.)#{LABELS}\\.)?" unless domain == name
        /\A#{below}#{Regexp.escape(domain)}\z/i
      end
    end
    private_constant :HostAuthorization
  end
end
