# frozen_string_literal: true

module Sabir
  # What the runtime answers by itself: the files of a folder (`:static`), or a redirect; as it was written.
  #
  # Private.
  Served = Struct.new(:kind, :path, :data, :security, :use) do
    # What it is called in messages.
    def name
      "#{kind} #{path}"
    end

    # The security and the stages, as an operation has them.
    def operation
      raise SetupError.new(name, "path", "it does not start with /", "write it from the root") unless path.start_with?("/")

      Operation.new(kind.to_s, "/", { security:, use: }.compact).data.slice("security", "x-sabir")
    end

    # The same below a prefix.
    def under(prefix)
      dup.tap { |copy| copy.path = path == "/" && !prefix.empty? ? prefix : prefix.delete_suffix("/") + path }
    end

    # The same with stages around it, and the security where it has none of its own.
    def within(stages, security = nil)
      dup.tap do |copy|
        copy.use = [*stages, *use]
        copy.security = self.security || security
      end
    end
  end
  private_constant :Served
end
