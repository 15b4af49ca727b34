# frozen_string_literal: true

require "sinatra_helper"

class SinatraTemplatesTest < Minitest::Test
  include SinatraHelper

  def test_texts_have_variables_and_layouts
    app = sinatra do
      layout { "<main><%= yield %></main>" }
      get("/") { erb "<%= name %> <%= @own %>", locals: { name: "ann" } }
      get("/bare") { erb "bare", layout: false }
      before { @own = "mine" }
    end
    assert_equal ["<main>ann mine</main>", "bare"], %w[/ /bare].map { |path| ask(app, path).body }
  end

  def test_files_are_found_in_views
    Dir.mktmpdir do |folder|
      File.write(File.join(folder, "layout.erb"), "[<%= yield %>]")
      File.write(File.join(folder, "index.erb"), "<%= erb :part, locals: { n: 1 } %>.")
      File.write(File.join(folder, "part.erb"), "part <%= n %>")
      app = sinatra do
        set :views, folder
        get("/") { erb :index }
        get("/none") { erb :index, layout: false }
      end
      assert_equal ["[part 1.]", "part 1."], %w[/ /none].map { |path| ask(app, path).body }
    end
  end

  def test_templates_may_stand_in_the_code
    Dir.mktmpdir do |folder|
      File.write(file = File.join(folder, "app.rb"), "code\n__END__\n@@ layout\n<<%= yield %>>\n@@ hello\nhi <%= params[:n] %>\n")
      app = sinatra do
        set :inline_templates, file
        template(:other) { "other" }
        get("/") { erb :hello }
        get("/other") { erb :other, layout: nil }
      end
      assert_equal ["<hi 1\n>\n", "other"], ["/?n=1", "/other"].map { |path| ask(app, path).body }
    end
  end

  def test_a_missing_file_is_an_error
    app = sinatra do
      enable :raise_errors
      set :views, "/nowhere"
      get("/") { erb :index }
    end
    assert_raises(Errno::ENOENT) { rack(app, "/") }
  end

  def test_engines_of_tilt_are_used
    skip("the gem tilt is not here") unless defined?(Tilt)
    app = sinatra do
      get("/") { render(:str, 'a #{1 + 1}') }
    end
    assert_equal "a 2", ask(app, "/").body
  end

  # Tilt is used where it is there.
  def test_erb_works_without_tilt
    printed = run_ruby(<<~RUBY)
      $LOADED_FEATURES << "tilt.rb" # Nothing is loaded.
      require "sabir/base"
      raise "tilt is there" if defined?(Tilt)
      app = Sabir::Sinatra.new do
        layout { "[<%= yield %>]" }
        get("/") { erb "<%= n %> <% 2.times do |i| %><%= i %><% end %>", locals: { n: 1 } }
      end
      print Sabir::TestClient.new(app).get("/").body
    RUBY
    assert_includes printed, "[1 01]"
  end
end
