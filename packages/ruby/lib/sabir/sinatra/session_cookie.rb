# frozen_string_literal: true

require "base64"
require "openssl"
require "rack"
require "securerandom"

module Sabir
  module Sinatra
    # Keeps sessions in a cookie that only the server can read and write: AES-256 in Galois counter mode, with a key from `secret`.
    #
    # Options: `secret`, which has at least 32 bytes; `old_secrets`, with which cookies are read, too; `key`, the name of the cookie; `path`,
    # `domain`, `secure`, `httponly`, `same_site`, `expire_after` (seconds); and `coder`, Marshal unless it is another module with `dump` and
    # `load`, such as JSON.
    class SessionCookie
      DEFAULTS = { key: "rack.session", path: "/", httponly: true, same_site: :lax, coder: Marshal, old_secrets: [] }.freeze
      # The longest that browsers keep.
      MAXIMUM = 4096
      TAG = 16
      NONCE = 12
      private_constant :DEFAULTS, :MAXIMUM, :TAG, :NONCE

      def initialize(app, options = {})
        @app = app
        @options = DEFAULTS.merge(options.to_hash.compact)
        @keys = [@options[:secret] || SecureRandom.hex(64), *@options[:old_secrets]].map { |secret| key_of(secret) }
      end

      def call(env)
        session = Session.new { load(env) }
        env["rack.session"] = session
        env["rack.session.options"] = options = @options.dup
        status, headers, body = @app.call(env)
        save(env, session, options, headers)
        [status, headers, body]
      end

      private

      def key_of(secret)
        raise ArgumentError, "the secret of sessions has #{secret.bytesize} bytes; give at least 32 of them" if secret.bytesize < 32

        OpenSSL::KDF.hkdf(secret, salt: "", info: "sabir session", length: 32, hash: "SHA256")
      end

      def load(env)
        text = ::Rack::Request.new(env).cookies[@options[:key]]
        return {} if text.nil?

        sealed = Base64.urlsafe_decode64(text)
        @keys.each { |key| (content = open(key, sealed)) && (return @options[:coder].load(content)) }
        {}
      rescue StandardError
        # Whatever a client has sent, and what another coder has written.
        {}
      end

      def save(env, session, options, headers)
        current = env["rack.session"]
        return if options[:skip] || (current.equal?(session) && !session.changed? && !options[:renew])

        values = current.to_hash
        cookie = { path: options[:path], domain: options[:domain], secure: options[:secure], httponly: options[:httponly], same_site: options[:same_site] }
        if options[:drop] || values.empty?
          return unless session.loaded_values? || options[:drop]

          cookie.merge!(value: "", max_age: "0", expires: Time.at(0))
        else
          cookie[:value] = Base64.urlsafe_encode64(seal(@options[:coder].dump(values)), padding: false)
          cookie[:expires] = Time.now + options[:expire_after] if options[:expire_after]
        end
        if cookie[:value].bytesize > MAXIMUM
          return env["rack.errors"].puts("the session is too large for a cookie: #{cookie[:value].bytesize} bytes; keep less in it")
        end

        ::Rack::Utils.set_cookie_header!(headers, options[:key], cookie)
      end

      def seal(content)
        cipher = OpenSSL::Cipher.new("aes-256-gcm").encrypt
        cipher.key = @keys.first
        nonce = cipher.random_iv
        text = cipher.update(content) + cipher.final
        nonce + cipher.auth_tag(TAG) + text
      end

      # What was sealed, or nil if it is not by this key.
      def open(key, sealed)
        return if sealed.bytesize < NONCE + TAG

        cipher = OpenSSL::Cipher.new("aes-256-gcm").decrypt
        cipher.key = key
        cipher.iv = sealed.byteslice(0, NONCE)
        cipher.auth_tag = sealed.byteslice(NONCE, TAG)
        text = sealed.byteslice((NONCE + TAG)..)
        text.empty? ? cipher.final : cipher.update(text) + cipher.final
      rescue OpenSSL::Cipher::CipherError
        nil
      end
    end

    # The values of a session, read from its cookie when they are asked for. Keys are strings; symbols stand for them.
    class Session
      include Enumerable

      def initialize(&load)
        @load = load
      end

      def [](key)
        values[key.to_s]
      end

      def []=(key, value)
        values[key.to_s] = value
      end
      alias store []=

      def fetch(key, *default, &)
        values.fetch(key.to_s, *default, &)
      end

      def dig(key, *keys)
        values.dig(key.to_s, *keys)
      end

      def key?(key)
        values.key?(key.to_s)
      end
      alias has_key? key?
      alias include? key?

      def delete(key)
        values.delete(key.to_s)
      end

      def clear
        values.clear
      end
      alias destroy clear

      def update(other)
        other.each { |key, value| self[key] = value }
        self
      end
      alias merge! update

      def replace(other)
        clear
        update(other)
      end

      def each(&)
        values.each(&)
      end

      def keys
        values.keys
      end

      def values_at(*keys)
        values.values_at(*keys.map(&:to_s))
      end

      def empty?
        values.empty?
      end

      def to_hash
        values.dup
      end
      alias to_h to_hash

      # An id that a session keeps, for those who ask for one.
      def id
        self["session_id"] ||= SecureRandom.hex(32)
      end

      def exists?
        loaded_values?
      end

      def loaded?
        !@values.nil?
      end

      # Whether its cookie had values.
      def loaded_values?
        values
        !@before.empty?
      end

      # Whether it has other values than its cookie.
      def changed?
        loaded? && Marshal.dump(@values) != @dumped
      end

      def options
        {}
      end

      def inspect
        loaded? ? @values.inspect : "#<#{self.class} not yet read>"
      end

      private

      def values
        @values ||= begin
          read = @load.call
          @before = read.is_a?(Hash) ? read : {}
          @dumped = Marshal.dump(@before)
          @before.dup
        end
      end
    end
  end
end
