# frozen_string_literal: true

module Sabir
  # A block of a route, and the arguments of the call that it takes, by the names of its parameters.
  #
  # Private.
  class Handler
    # Stands for a value that is absent, where the block has a default of its own.
    ABSENT = Object.new.freeze
    private_constant :ABSENT

    # Kind, location, name, what converts the value, and what stands for an absent one.
    attr_reader :sources

    def initialize(operation, block)
      @operation = operation
      @block = block
      @sources = []
      @positions = []
      @keywords = []
      @taken = []
      block.parameters.each { |kind, name| take(kind, name) }
      # Content that is taken while it arrives is not waited for, also where the block takes none of it.
      @operation.streams.each { |name| add(name, nil) unless @taken.include?(name) }
    end

    # What the native module calls, with an argument for each of +sources+.
    def function
      @sources.empty? && !@makes_events ? @block : compile
    end

    # The same with hooks around the block; and what is called before a socket is open.
    def chained(chain)
      request = @taken.index(:request) || add(:request, nil)
      block = evaluate("->(#{parameters}) { chain.call(a#{request}) { #{call_of_block_or_events} } }", block: @block, chain:)
      [block, evaluate("->(#{parameters}) { chain.open(a#{request}) }", chain:)]
    end

    private

    def take(kind, name)
      if name == :events && @operation.events?
        @makes_events = true
        return kind == :keyreq ? @keywords << [name, nil, false] : @positions << nil
      end
      case kind
      when :req, :opt then @positions << add(name, nil)
      when :keyreq then @keywords << [name, add(name, nil), false]
      when :key then take_optional(name)
      when :keyrest then take_rest
      end
    end

    def take_optional(name)
      may_be_absent = argument(name).may_be_absent
      @keywords << [name, add(name, may_be_absent ? ABSENT : nil), may_be_absent]
    end

    def take_rest
      rest = @operation.arguments.keys - %i[request ws] - @keywords.map(&:first) - @taken
      rest.each { |name| take_optional(name) }
    end

    def add(name, default)
      @taken << name
      argument = argument(name)
      @sources << [argument.kind, argument.location, argument.name, argument.converter, default]
      @sources.size - 1
    end

    def argument(name)
      @operation.arguments.fetch(name) do
        known = @operation.arguments.keys.join(", ")
        @operation.mistake(name.to_s, "the block takes #{name}, which the route does not have", "use some of #{known}")
      end
    end

    # A lambda that passes its arguments on. Names that stand in the source, unlike those in a Hash, cost no object for each call.
    def compile
      evaluate("->(#{parameters}) { #{call_of_block_or_events} }", block: @block)
    end

    # The names of an argument for each source.
    def parameters
      @sources.each_index.map { |index| "a#{index}" }.join(", ")
    end

    def call_of_block_or_events
      @makes_events ? "Enumerator.new { |events| #{call_of_block} }" : call_of_block
    end

    # The call of the block with the arguments that it takes.
    def call_of_block
      positions = @positions.map { |index| value(index) }
      @keywords.any?(&:last) ? dynamic(positions) : static(positions)
    end

    # What a text is as code, in which these names are known, and `absent`.
    def evaluate(code, **names)
      scope = binding
      { absent: ABSENT, **names }.each { |name, value| scope.local_variable_set(name, value) }
      scope.eval(code, __FILE__, __LINE__)
    end

    # The argument with this index, or what takes events.
    def value(index)
      index.nil? ? "events" : "a#{index}"
    end

    # A name that may have characters which no variable has.
    def label(name)
      name.inspect.delete_prefix(":")
    end

    # The call of the block with arguments as they stand in the source.
    def call_with(arguments)
      "block.call(#{arguments.join(", ")})"
    end

    def static(positions)
      call_with(positions + @keywords.map { |name, index, _| "#{label(name)}: #{value(index)}" })
    end

    def dynamic(positions)
      always, sometimes = @keywords.partition { |_, _, may_be_absent| !may_be_absent }
      hash = always.map { |name, index, _| "#{label(name)}: #{value(index)}" }.join(", ")
      additions = sometimes.map { |name, index, _| "keywords[#{name.inspect}] = #{value(index)} unless absent.equal?(#{value(index)})" }
      "keywords = { #{hash} }; #{additions.join("; ")}; #{call_with([*positions, "**keywords"])}"
    end
  end
  private_constant :Handler
end
