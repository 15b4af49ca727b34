# frozen_string_literal: true

module Sabir
  module Sinatra
    module Helpers
      # Media types, and files to save.
      module MediaTypes
        # What a name of a file in a field must not have (WHATWG HTML, multipart form data).
        ESCAPES = { '"' => "%22", "\r" => "%0D", "\n" => "%0A" }.freeze
        # Sinatra 3, which goes with Rack 2, has commas here.
        SEPARATOR = Response::LOWER ? ";" : ", "
        private_constant :ESCAPES, :SEPARATOR

        # The media type of a name such as `:json`.
        def mime_type(type)
          Base.mime_type(type)
        end

        # Sets the media type: a name or a type, with parameters. Returns the one that is set without any.
        def content_type(type = nil, params = {})
          return response[Response::TYPE] unless type
          return response[Response::TYPE] = described(type, params) unless params.empty? && (type.is_a?(Symbol) || type.is_a?(String))

          known = settings.plan.media_type(type) { described(type, {}) }
          @response ? @response[Response::TYPE] = known.dup : @_type = known
        end

        # A value as JSON, and the media type of it.
        def json(value = nil, **members)
          content_type(:json)
          Native.encode_json(value.nil? ? members : value)
        end

        # Has the client save the answer, under a name.
        def attachment(filename = nil, disposition = :attachment)
          field = disposition.to_s.dup
          if filename
            field << "; filename=\"#{File.basename(filename).gsub(/["\r\n]/, ESCAPES)}\""
            extension = File.extname(filename)
            content_type(extension) unless response[Response::TYPE] || extension.empty?
          end
          response["Content-Disposition"] = field
        end

        # Sends a file, and ends the request. Options: `type`, `disposition`, `filename`, `last_modified` and `status`.
        def send_file(path, options = {})
          content_type(options[:type] || File.extname(path), default: "application/octet-stream") if options[:type] || !response[Response::TYPE]
          disposition = options[:disposition] || (options[:filename] && :attachment)
          filename = options[:filename]
          attachment(filename.nil? ? path : filename, disposition) if disposition
          last_modified(options[:last_modified]) if options[:last_modified]
          status, fields, content = ::Rack::Files.new(nil).serving(request, path)
          fields.each { |name, value| headers[name] ||= value }
          length = fields[Response::LENGTH]
          headers[Response::LENGTH] = length if length
          halt(options[:status] ? Integer(options[:status]) : status, content)
        rescue Errno::ENOENT
          not_found
        end

        private

        def described(type, params)
          params = params.dup
          default = params.delete(:default)
          name = mime_type(type) || default
          raise "Unknown media type: #{type.inspect}" if name.nil?

          with_parameters(name, params)
        end

        def with_parameters(name, params)
          charset = params.delete("charset")
          if !params.key?(:charset) && settings.add_charset.any? { |kind| kind === name }
            params[:charset] = charset || settings.default_encoding
          elsif charset
            params["charset"] = charset unless params.key?(:charset)
          end
          params.delete(:charset) if name.include?("charset")
          return name.dup if params.empty?

          texts = params.map { |key, value| "#{key}=#{value.to_s.match?(/[";,]/) ? value.inspect : value}" }
          "#{name}#{name.include?(";") ? SEPARATOR : ";"}#{texts.join(SEPARATOR)}"
        end

        # Whether the answer can have one of these types, which it gets if it has none.
        def provide(types)
          set = content_type
          return types.include?(set) || types.include?(set[/\A[^;]+/]) if set

          preferred = request.preferred_type(types)
          return false unless preferred

          content_type(preferred, preferred.respond_to?(:params) ? preferred.params : {})
          true
        end
      end
    end
  end
end
