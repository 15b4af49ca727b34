# frozen_string_literal: true

require "time"

module Sabir
  module Sinatra
    module Helpers
      # What caches may do, and requests that depend on what a client has already (RFC 9110 §13, RFC 9111).
      module Caching
        KINDS = %i[strong weak].freeze
        SECONDS = %w[max-age s-maxage].freeze
        private_constant :KINDS, :SECONDS

        # Sets `Cache-Control`: names of directives, and a Hash of those with values.
        #
        #   cache_control :public, :must_revalidate, max_age: 60
        def cache_control(*directives)
          valued = directives.last.is_a?(Hash) ? directives.pop : {}
          names = directives + valued.filter_map { |name, value| name if value == true }
          texts = names.map { |name| directive(name) }
          valued.each do |name, value|
            next if value == true || value == false

            name = directive(name)
            texts << "#{name}=#{SECONDS.include?(name) ? value.to_i : value}"
          end
          response["Cache-Control"] = texts.join(", ") unless texts.empty?
        end

        # Sets until when the answer is fresh: seconds from now, or a time. More directives may follow.
        def expires(amount, *directives)
          time = amount.is_a?(Integer) ? Time.now + amount.to_i : time_for(amount)
          given = directives.last.is_a?(Hash) ? directives.pop : {}
          max_age = amount.is_a?(Integer) ? amount : time - Time.now
          cache_control(*directives, { max_age: }.merge(given) { |_, own, other| other || own })
          response["Expires"] = time.httpdate
        end

        # Sets when the resource was changed, and ends the request if the client has that state, or wants an older one.
        def last_modified(time)
          return unless time

          time = time_for(time)
          response["Last-Modified"] = time.httpdate
          return if env["HTTP_IF_NONE_MATCH"]

          since = seconds(env["HTTP_IF_MODIFIED_SINCE"])
          halt(304) if status == 200 && since && since >= time.to_i
          since = seconds(env["HTTP_IF_UNMODIFIED_SINCE"])
          halt(412) if (success? || status == 412) && since && since < time.to_i
        end

        # Sets the tag of the resource's state, and ends the request if the client has it already, or wants another one. Options: `kind`,
        # `:strong` or `:weak`, and `new_resource`, which a POST makes unless it is said otherwise.
        def etag(value, options = {})
          options = { kind: options } unless options.is_a?(Hash)
          kind = options.fetch(:kind, :strong)
          raise ArgumentError, "a tag is :strong or :weak, not #{kind.inspect}" unless KINDS.include?(kind)

          is_new = options.fetch(:new_resource) { request.post? }
          tag = response["ETag"] = "#{"W/" if kind == :weak}\"#{value}\""
          return unless success? || status == 304

          halt(request.safe? ? 304 : 412) if lists?(env["HTTP_IF_NONE_MATCH"], tag, is_new)
          halt(412) if env["HTTP_IF_MATCH"] && !lists?(env["HTTP_IF_MATCH"], tag, is_new)
        end

        # A Time of a number, a text, or what has `to_time`.
        def time_for(value)
          case value
          when Numeric then Time.at(value)
          when Time then value
          when String then Time.parse(value)
          else value.respond_to?(:to_time) ? value.to_time : Time.parse(value.to_s)
          end
        rescue ArgumentError
          raise
        rescue StandardError
          raise ArgumentError, "#{value.inspect} is no time"
        end

        private

        def directive(name)
          name.to_s.tr("_", "-")
        end

        def seconds(date)
          date && Time.httpdate(date).to_i
        rescue ArgumentError
          nil
        end

        def lists?(field, tag, is_new)
          return !is_new if field == "*"

          field.to_s.split(",").any? { |one| one.strip == tag }
        end
      end
    end
  end
end
