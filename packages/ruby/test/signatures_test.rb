# frozen_string_literal: true

require "test_helper"
require "rbs"

class SignaturesTest < Minitest::Test
  SIGNATURES = File.expand_path("../sig", __dir__)
  # What is public for the package's own sake.
  INTERNAL = %i[Native Hooks].freeze

  def setup
    loader = RBS::EnvironmentLoader.new
    loader.add(path: Pathname(SIGNATURES))
    @environment = RBS::Environment.from_loader(loader).resolve_type_names
    @builder = RBS::DefinitionBuilder.new(env: @environment)
  end

  def test_say_what_there_is_and_nothing_else
    each_class do |name, kind|
      assert_equal declared(name, :instance, kind), kind.public_instance_methods(false).to_set - [:initialize], "methods of #{name}"
      own = kind.singleton_methods(false).to_set - %i[new [] members keyword_init? inspect]
      assert_equal declared(name, :singleton, kind), own, "methods of #{name} itself"
    end
  end

  def test_name_every_constant
    expected = Sabir.constants - INTERNAL
    assert_empty expected.reject { |name| declares?(name) }
  end

  private

  def each_class
    @environment.class_decls.each_key do |name|
      next unless name.to_s.start_with?("::Sabir")

      yield name, Object.const_get(name.to_s.delete_prefix("::"))
    end
  end

  def declared(name, side, kind)
    definition = side == :instance ? @builder.build_instance(name) : @builder.build_singleton(name)
    own = definition.methods.select { |_, method| method.defs.any? { |part| part.implemented_in == name } }
    own.select { |_, method| method.accessibility == :public }.keys.to_set - %i[initialize new]
  rescue RBS::NoTypeFoundError
    flunk("#{kind} is declared as something else")
  end

  def declares?(name)
    type = RBS::TypeName.new(name:, namespace: RBS::Namespace.parse("::Sabir"))
    @environment.class_decls.key?(type) || @environment.constant_decls.key?(type)
  end
end
