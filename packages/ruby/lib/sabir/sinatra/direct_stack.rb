# frozen_string_literal: true

module Sabir
  module Sinatra
    # An application with the middleware that all of them have: the runtime calls it without an environment of Rack, and what that middleware does
    # is done here.
    #
    # Private.
    class DirectStack
      # Whether an application has no other middleware, and answers as all of them do.
      def self.fits?(base)
        base.middleware.empty? && !base.logging? && !base.sessions? && !base.lock? && (base.protection == true || !base.protection?) &&
          base.method(:build).owner == Middleware && %i[call call!].all? { |name| base.instance_method(name).owner == Base }
      end

      # +stack+ is the instance behind that middleware.
      def initialize(instance, stack, environments)
        @instance = instance
        @stack = stack
        @environments = environments
        @is_protected = instance.settings.protection?
        @shows_exceptions = instance.settings.show_exceptions?
        @overrides_methods = instance.settings.method_override?
        @hosts = HostAuthorization.of(instance.settings)
        @fields = {}
      end

      # Answers a request whose content, if it is given, still arrives.
      def call(request, content = nil)
        answer(request, content, nil)
      end

      # Answers a request of a contract, with what it has decoded.
      def answer(request, content, decoded)
        path = @environments.path(request)
        return @stack.call(environment(request, content, decoded)) if rewritten?(request, path) || (@hosts && !@hosts.plainly_accepts?(request))

        answer = @instance.dup.serve(self, request, path, content, decoded)
        @is_protected && !answer[1].is_a?(Native::Fields) ? PlainProtection.protect(answer) : answer
      rescue StandardError, LoadError, SyntaxError => error
        raise unless @shows_exceptions

        DevelopmentErrors.new(->(_) { raise error }).call(environment(request, content, decoded))
      end

      def verb(request)
        @environments.verb(request)
      end

      # The environment of a request, which is made once.
      def environment(request, content, decoded = nil)
        return @environments.of_contract(request, decoded) if decoded
        return @environments.of_route(request) unless request.is_a?(MountedRequest)

        request.environment ||= @environments.of_mounted(request, content)
      end

      # The fields of an answer that is a text with a media type.
      def fields(type)
        @fields[type] || made_fields(type).tap { |fields| @fields[type] = fields if @fields.size < MOST_TYPES }
      end

      private

      # How many media types have their fields kept: an application may make them of what clients send.
      MOST_TYPES = 100
      private_constant :MOST_TYPES

      def made_fields(type)
        fields = { Response::TYPE => type }
        PlainProtection.protect([200, fields]) if @is_protected
        Native::Fields.new(fields)
      end

      # Whether middleware may make another request of this one.
      def rewritten?(request, path)
        (@is_protected && PlainProtection.suspicious?(path)) || (@overrides_methods && verb(request) == "POST")
      end
    end
    private_constant :DirectStack

    # A request of the runtime that no route is for.
    #
    # Private.
    class MountedRequest < Sabir::Request
      # The environment that has been made of it.
      attr_accessor :environment
    end
    private_constant :MountedRequest
  end
end
