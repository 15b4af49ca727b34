# frozen_string_literal: true

# What the generated tests share: handlers' answers, requests, and the comparison with what is expected.

$LOAD_PATH.unshift(File.expand_path("../../packages/ruby/lib", __dir__))

require "base64"
require "digest"
require "fileutils"
require "json"
require "logger"
require "minitest/autorun"
require "sabir"
require "timeout"

# `SABIR_FIBERS=1` has every application run its handlers in fibers.
require_relative "../../packages/ruby/test/support/in_fibers" if ENV["SABIR_FIBERS"]

require_relative "support/fixture"
require_relative "support/content"
require_relative "support/matching"
require_relative "support/wire"
require_relative "support/frames"
require_relative "support/peer"
require_relative "support/talk"
require_relative "support/check"
require_relative "support/tag"
require_relative "support/echo"
require_relative "support/folder"
require_relative "support/fixture_test"

# What handlers log is no part of the suite.
Sabir.logger = Logger.new(nil)
