# frozen_string_literal: true

require "mkmf"
require "rb_sys/mkmf"

create_rust_makefile("sabir/sabir_ruby") do |config|
  # The workspace that `rake stage` has put here.
  config.ext_dir = "crates/sabir-ruby"
  config.features = ["module"]
  config.profile = ENV.fetch("RB_SYS_CARGO_PROFILE", "release").to_sym
end
