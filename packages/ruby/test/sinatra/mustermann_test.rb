# frozen_string_literal: true

require "sinatra_helper"

class SinatraMustermannTest < Minitest::Test
  include SinatraHelper

  def test_patterns_of_mustermann_are_matched_by_ruby
    begin
      require "mustermann"
    rescue LoadError
      skip("the gem mustermann is not here")
    end
    app = sinatra do
      get(Mustermann.new("/a/:b", type: :sinatra)) { |b| "#{b} #{params[:b]}" }
      get("/x/(\\d+)", mustermann_opts: { type: :regexp }) { |n| "#{n} #{params[:captures]}" }
    end
    assert_equal ["1 1", '2 ["2"]'], %w[/a/1 /x/2].map { |path| ask(app, path).body }
  end
end
