# frozen_string_literal: true

require_relative "lib/sabir/version"

Gem::Specification.new do |spec|
  spec.name = "sabir"
  spec.version = Sabir::VERSION
  spec.authors = ["The Sabir contributors"]
  spec.summary = "A web toolkit: routes and their contracts in Ruby, on a server in Rust"
  spec.homepage = "https://github.com/sabir-web/sabir"
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.1"
  spec.metadata = {
    "source_code_uri" => spec.homepage,
    "changelog_uri" => "#{spec.homepage}/blob/main/CHANGELOG.md",
    "rubygems_mfa_required" => "true",
  }
  # `Rakefile` copies the crates that a build from source needs to `ext/sabir`, beside `extconf.rb`.
  spec.files = Dir.chdir(__dir__) do
    Dir["{lib,sig}/**/*.{rb,rbs}", "ext/**/*.{rb,rs,toml,lock,md,txt,js,gz}", "ext/**/{LICENSE,NOTICE}", "README.md", "LICENSE"]
  end
  spec.extensions = ["ext/sabir/extconf.rb"]
  spec.add_dependency "rack", ">= 2.2", "< 4"
  spec.add_dependency "rb_sys", "~> 0.9.130"
end
