# frozen_string_literal: true

# What handlers of the suite answer.
module Echo
  # Stands for what did not arrive, where nil may.
  ABSENT = Object.new.freeze
  # A nil that arrived.
  NULL = Object.new.freeze

  # What handlers have kept.
  KEPT = [] # rubocop:disable Style/MutableConstant

  # A value whose type its class does not tell.
  Typed = Struct.new(:value, :schema, :components)

  # What was received, every value tagged with its type. Parameters that did not arrive, and have no default, are left out; so is the body.
  def echo(body: ABSENT, **sections)
    received = sections.transform_values { |values| values.select { |_, value| arrived?(value) }.transform_values { |value| told(value) } }
    arrived = body.is_a?(Typed) ? body.value : body
    arrived.equal?(ABSENT) ? received : received.merge(body: told(body))
  end

  # A parameter that may be nil, and is ABSENT where none arrived.
  def nullable(value)
    return value if value.equal?(ABSENT)

    value.nil? ? NULL : value
  end

  # A value with the schema that tells its type.
  def typed(value, schema, components = {})
    Typed.new(value, schema, components)
  end

  # A value with its type beside it.
  def tag(value, schema = {}, components = {})
    Tag.of(value, Sabir::Schema.of(schema), components)
  end

  # The bytes that base64 text stands for.
  def decoded(text)
    Base64.strict_decode64(text)
  end

  # The size and the digest of bytes that come in chunks.
  def digested(chunks)
    size = 0
    digest = Digest::SHA256.new
    chunks.each { |chunk| digest << chunk and size += chunk.bytesize }
    { size:, sha256: digest.hexdigest }
  end

  # Holds on to what content is taken from, also when the request has been answered.
  def keep(source)
    KEPT << source
  end

  # A part of a form: what its head says, and the size and the digest of its bytes.
  def part_of(part)
    { name: part.name, filename: part.filename, content_type: part.content_type, **digested(part) }
  end

  private

  def arrived?(value)
    value = value.value if value.is_a?(Typed)
    !value.nil? && !value.equal?(ABSENT)
  end

  def told(value)
    return Tag.of(value.equal?(NULL) ? nil : value) unless value.is_a?(Typed)

    plain = value.value.equal?(NULL) ? nil : value.value
    Tag.of(plain, Sabir::Schema.of(value.schema), value.components)
  end
end
