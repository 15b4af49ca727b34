# frozen_string_literal: true

require "test_helper"

# What applications of Rack read from.
class InputTest < Minitest::Test
  # Gives its chunks one after the other.
  Chunks = Struct.new(:chunks) do
    def read
      chunks.shift&.b
    end

    def close
      chunks.clear
    end
  end

  CLASSES = [Sabir::Rack::Input, Sabir::Rack::RewindableInput].freeze

  def inputs(*chunks)
    CLASSES.each { |kind| yield kind.new(Chunks.new(chunks.dup)) }
  end

  def test_reads_like_an_io
    inputs("abc", "defg", "h") do |input|
      assert_equal "ab", input.read(2)
      assert_equal "", input.read(0)
      assert_equal "cdefg", input.read(5)
      buffer = +"old"
      assert_same buffer, input.read(5, buffer)
      assert_equal "h", buffer
      assert_nil input.read(5, buffer)
      assert_equal ["", "", Encoding::BINARY], [buffer, input.read, input.read.encoding]
      assert_predicate input, :eof?
      assert_raises(ArgumentError) { input.read(-1) }
    end
  end

  def test_reads_lines
    inputs("a\nb", "c\n\nd", "e") { |input| assert_equal ["a\n", "bc\n", "\n", "de"], input.each.to_a }
    inputs("a\n") do |input|
      assert_equal ["a\n", nil], [input.gets, input.gets]
    end
    inputs { |input| assert_equal [nil, ""], [input.gets, input.read] }
  end

  def test_reads_what_is_there
    inputs("abc", "d") do |input|
      assert_equal %w[ab c d], [input.readpartial(2), input.readpartial(9), input.readpartial(9)]
      assert_raises(EOFError) { input.readpartial(1) }
    end
  end

  def test_mixed_reads
    inputs("ab\ncd", "ef\n") do |input|
      assert_equal ["a", "b\n", "cde", "f\n", nil], [input.read(1), input.gets, input.read(3), input.gets, input.read(1)]
    end
  end

  def test_leaves_the_rest_when_it_is_closed
    inputs("abc", "d") do |input|
      input.read(1)
      input.close
      assert_equal "", input.read
    end
  end

  def test_rewinds_up_to_rack_2
    [["abc", "d\ne"], ["x" * 100_000, "y" * 100_000, "z" * 10]].each do |chunks|
      input = Sabir::Rack::RewindableInput.new(Chunks.new(chunks.dup))
      input.rewind
      assert_equal chunks.join[0, 4], input.read(4)
      input.rewind
      assert_equal chunks.join, input.read
      input.rewind
      assert_equal chunks.join[0, 3], input.read(3)
      input.rewind
      assert_equal chunks.join, input.read
      assert_nil input.read(1)
    end
    refute_respond_to Sabir::Rack::Input.new(nil), :rewind
  end
end
