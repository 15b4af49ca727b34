# frozen_string_literal: true

require "socket"

module Sabir
  module Rack
    # What `rack.hijack` is: it gives the connection of the request that this thread handles, a socket that belongs to the application from
    # then on. The server writes nothing to it, and does not wait for it when it stops.
    module Hijack
      class << self
        # Raises RuntimeError where the request has no connection of its own, as in memory.
        def call
          input, descriptor, environment = Native.take_over
          environment["rack.hijack_io"] = socket(input, descriptor)
        end

        # The socket with this descriptor, of which +input+ has been read already.
        #
        # Private.
        def socket(input, descriptor)
          is_unix = BasicSocket.for_fd(descriptor).tap { |any| any.autoclose = false }.local_address.unix?
          socket = (is_unix ? UNIXSocket : TCPSocket).for_fd(descriptor)
          socket.binmode
          socket.sync = true
          socket.ungetbyte(input) unless input.empty?
          socket
        end
      end
    end
  end
end
