# frozen_string_literal: true

module Sabir
  # A route as it was written: its kind (`http`, `socket` or `events`), method, path, options and block, and the hooks around it, from the
  # outside to the inside.
  #
  # Private.
  Definition = Struct.new(:kind, :verb, :path, :options, :block, :levels) do
    # The route as the runtime takes it.
    def operation
      mistake("path", "it does not start with /", "write it from the root") unless path.start_with?("/")
      mistake("block", "it is missing", "give what answers the requests") if block.nil?
      case kind
      when :socket then Operation.of_socket(path, options)
      when :events then Operation.of_events(path, options)
      else Operation.new(verb, path, options)
      end
    end

    # The same route below a prefix.
    def under(prefix)
      dup.tap { |copy| copy.path = path == "/" && !prefix.empty? ? prefix : prefix.delete_suffix("/") + path }
    end

    # The same route with stages around it.
    def within(stages)
      return self if stages.empty?

      dup.tap { |copy| copy.options = { **options, use: [*stages, *options[:use]] } }
    end

    # The same route with hooks around those that it has.
    def inside(hooks)
      dup.tap { |copy| copy.levels = [hooks, *levels] }
    end

    private

    def mistake(field, problem, remedy)
      raise SetupError.new("#{verb} #{path}", field, problem, remedy)
    end
  end
  private_constant :Definition
end
