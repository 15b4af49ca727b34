# frozen_string_literal: true

# An answer, whichever way it came: its content as it was sent, without any coding undone, and whether it ended before it was whole.
Received = Struct.new(:status, :headers, :content, :breaks_off)

# Comparing an answer with what a fixture expects.
module Matching
  MISSING = Object.new.freeze
  TYPES = { "string" => [String], "boolean" => [TrueClass, FalseClass], "array" => [Array], "object" => [Hash] }.freeze

  class << self
    # Every difference between what one exchange should bring and what it brought, as sentences.
    def differences(expected, answers, calls:, closed:)
      return ["#{answers.size} answers came, not #{expected.size}"] if answers.size != expected.size

      found = expected.zip(answers).flat_map { |expectation, answer| of_answer(expectation, answer) }
      found += answers.map { |answer| "the answer was #{answer.content[0, 500].inspect}" } unless found.empty?
      due = expected.filter_map { |expectation| expectation["handler_calls"] }
      found << "handlers ran #{calls} times, not #{due.sum}" unless due.empty? || calls == due.sum
      found << "the connection was not closed" if expected.any? { |expectation| expectation["closed"] } && !closed
      found
    end

    # Every difference between +pattern+ and the JSON in +content+, which is +what+.
    def json(pattern, content, what)
      text = content.dup.force_encoding(Encoding::UTF_8)
      return ["#{what} is not UTF-8"] unless text.valid_encoding?

      compare(pattern, JSON.parse(text, max_nesting: false), what)
    rescue JSON::ParserError => error
      ["#{what} is not JSON: #{error.message[0, 200]}"]
    end

    private

    def of_answer(expected, answer)
      found = []
      found << "the status is #{answer.status}, not #{expected["status"]}" if answer.status != expected["status"]
      found << "the answer #{answer.breaks_off ? "broke off" : "came to its end"}" if answer.breaks_off != expected.fetch("breaks_off", false)
      Fixture.expand(expected.fetch("headers", {})).each { |name, pattern| found += header(name, pattern, answer.headers.get_all(name)) }
      found + of_content(expected, answer)
    end

    def of_content(expected, answer)
      content = answer.content
      found = expected.key?("body") ? json(Fixture.expand(expected["body"]), content, "the body") : []
      text = expected.key?("body_text") && Fixture.expand(expected["body_text"])
      found << "the body is not the text #{text.inspect}" if text && text.b != content.b
      bytes = expected["body_base64"]
      found << "the body is not the bytes #{bytes}" if bytes && Base64.strict_decode64(bytes) != content.b
      wanted = expected["body_ranges"]
      found << "the parts of the body are #{ranges(answer)}, not #{wanted}" if wanted && ranges(answer) != wanted
      size = expected.fetch("body_size", content.bytesize)
      found << "the body has #{content.bytesize} bytes, not #{size}" if size != content.bytesize
      found
    end

    # The parts of a `multipart/byteranges` body (RFC 9110 §14.6), or nil where it is none.
    def ranges(answer)
      boundary = answer.headers["content-type"].to_s[%r{\Amultipart/byteranges; boundary=(.*)\z}, 1]
      text = answer.content.dup.force_encoding(Encoding::UTF_8)
      first, last = "--#{boundary}\r\n", "\r\n--#{boundary}--\r\n"
      return unless boundary && text.start_with?(first) && text.end_with?(last)

      text.delete_prefix(first).delete_suffix(last).split("\r\n#{first}").map do |part|
        head, content = part.split("\r\n\r\n", 2)
        fields = head.split("\r\n").map { |field| field.split(":", 2) }
        fields.to_h { |name, value| [name.downcase.tr("-", "_"), value.strip] }.merge("text" => content)
      end
    end

    def header(name, pattern, values)
      unless pattern.is_a?(Array)
        return ["header #{name} has several values, where one is expected: #{values}"] if values.size > 1

        return compare(pattern, values.fetch(0, MISSING), "header #{name}")
      end
      return ["header #{name} has #{values.size} values, not #{pattern.size}: #{values}"] if pattern.size != values.size

      pattern.zip(values).flat_map { |single, value| compare(single, value, "header #{name}") }
    end

    def compare(pattern, actual, place)
      if matcher?(pattern)
        return [] if meets?(*pattern.first, actual)

        return ["#{place} is #{actual.equal?(MISSING) ? "absent" : actual.inspect}, which does not meet #{pattern}"]
      end
      return ["#{place} is absent"] if actual.equal?(MISSING)

      case [pattern, actual]
      in [Hash, Hash] then pattern.flat_map { |name, member| compare(member, actual.fetch(name, MISSING), "#{place}.#{name}") }
      in [Array, Array] if pattern.size == actual.size
        pattern.each_index.flat_map { |index| compare(pattern[index], actual[index], "#{place}[#{index}]") }
      else pattern == actual ? [] : ["#{place} is #{actual.inspect}, not #{pattern.inspect}"]
      end
    end

    def matcher?(pattern)
      pattern.is_a?(Hash) && pattern.size == 1 && pattern.first.first.start_with?("$")
    end

    def meets?(name, argument, actual)
      case name
      when "$absent" then actual.equal?(MISSING)
      when "$any" then any?(argument, actual)
      when "$contains" then actual.is_a?(String) && actual.include?(argument)
      when "$matches" then actual.is_a?(String) && actual.match?(argument)
      else raise "there is no matcher #{name}"
      end
    end

    def any?(type, actual)
      case type
      when "number" then actual.is_a?(Numeric)
      when "integer" then actual.is_a?(Numeric) && actual == actual.to_i
      else TYPES.fetch(type).any? { |kind| actual.is_a?(kind) }
      end
    end
  end
end
