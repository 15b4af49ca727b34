# frozen_string_literal: true

module Sabir
  # What stands around blocks and is done in the runtime, before Ruby is entered.
  #
  # App#use sets it for an application, where it covers every answer, refusals too. The option `use:` of a router or a route takes the
  # place of what is set around it.
  class Stage
    # That there is no such stage, for a router or a route.
    def self.off
      new.tap { |stage| stage.instance_variable_set(:@options, false) }
    end

    # Stages as data by their names; of two with the same name the last one counts.
    #
    # Raises SetupError if one of them is no stage.
    def self.all(route, stages)
      Array(stages).each_with_index.to_h do |stage, place|
        unless stage.is_a?(Stage)
          remedy = stage.is_a?(Class) && stage <= Stage ? "write #{stage}.new" : "use one such as Sabir::Cors.new"
          raise SetupError.new(route, "use[#{place}]", "#{stage.inspect} is no stage", remedy)
        end
        [stage.name, stage.options]
      end
    end

    # The stage that arguments of `use` say: a stage, or its class and options; nil if they say something else.
    def self.given(stage, options)
      return stage if stage.is_a?(Stage) && options.empty?

      stage.new(**options) if stage.is_a?(Class) && stage < Stage
    end

    # Options by their names; false for no such stage.
    attr_reader :options

    def initialize(**options)
      @options = options.freeze
    end

    # The name in every language.
    def name
      self.class::NAME
    end
  end
end
