# frozen_string_literal: true

module Sabir
  # What a route says of its answers: the status of a success, and the media type of values.
  #
  # Private.
  Answers = Struct.new(:status, :media_type)
  private_constant :Answers
end
