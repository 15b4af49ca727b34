# frozen_string_literal: true

module Sabir
  # A document is not what its file has.
  class DocumentChanged < StandardError
  end

  # What a document says of an application as a whole.
  #
  # Private.
  module Document
    # It in the words of the runtime, which are those of OpenAPI.
    def self.info(given)
      words = given.transform_keys(terms_of_service: :termsOfService)
      servers = words[:servers]
      words[:servers] = servers.map { |server| server.is_a?(String) ? { url: server } : server } if servers.is_a?(Array)
      words
    end

    # Raises how a document differs from its file, where it does.
    def self.refuse(difference)
      raise DocumentChanged, difference if difference
    end
  end
  private_constant :Document
end
