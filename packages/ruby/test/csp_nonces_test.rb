# frozen_string_literal: true

require "test_helper"

class CspNoncesTest < Minitest::Test
  def test_blocks_know_the_nonce_of_their_answer
    client = client_of do
      use Sabir::SecurityHeaders, content_security_policy: "script-src 'nonce-{nonce}'"
      get("/") { |request| request.csp_nonce }
      get("/off", use: [Sabir::SecurityHeaders.off]) { |request| request.csp_nonce.inspect }
    end
    answers = Array.new(2) { client.get("/") }
    answers.each { |answer| assert_equal "script-src 'nonce-#{answer.body}'", answer.headers["content-security-policy"] }
    refute_equal(*answers.map(&:body))
    assert_equal "nil", client.get("/off").body
  end
end
