# frozen_string_literal: true

require "test_helper"
require "tempfile"
require "tmpdir"

class ReadmeTest < Minitest::Test
  PAGES = ["../README.md", "../../../docs/guide/ruby.md", "../../../docs/guide/ruby-hooks.md"].map { |page| File.expand_path(page, __dir__) }

  PAGES.each do |page|
    define_method("test_the_code_of_#{File.basename(page)}_works") { check(page) }
  end

  def test_the_code_of_the_guide_to_documents_is_an_application
    page = File.read(File.expand_path("../../../docs/guide/documents.md", __dir__))
    code = page.scan(/^```ruby\n(.*?)^```/m).join
    asked = "c = Sabir::TestClient.new(app); puts c.get('/docs').status, c.get('/orders/7').body"
    Tempfile.create(["documents", ".rb"]) do |file|
      file.write(code)
      file.close
      assert_equal %(200\n{"id":7}\n), run_ruby("eval(File.read('#{file.path}') + %q(;#{asked}))", seconds: 10)
    end
  end

  def test_the_code_of_the_guide_to_security_is_an_application
    page = File.read(File.expand_path("../../../docs/guide/security.md", __dir__))
    code = page.scan(/^```ruby\n(.*?)^```/m).join
    asked = "c = Sabir::TestClient.new(app); puts c.get('/orders').status, c.get('/orders', headers: { 'x-api-key' => 's3cret' }).body"
    Tempfile.create(["security", ".rb"]) do |file|
      file.write(code)
      file.close
      assert_equal %(401\n{"asked_by":"ci"}\n), run_ruby("eval(File.read('#{file.path}') + %q(;#{asked}))", seconds: 10)
    end
  end

  def test_the_code_of_the_guide_to_logs_is_an_application
    page = File.read(File.expand_path("../../../docs/guide/observability.md", __dir__))
    code = page.scan(/^```ruby\n(.*?)^```/m).join
    asked = "c = Sabir::TestClient.new(app); puts c.get('/orders/7').json['trace_id'].size, c.get('/health').body"
    Dir.mktmpdir do |directory|
      file = File.join(directory, "logs.rb")
      File.write(file, code)
      assert_equal "32\nfine\n", run_ruby("Dir.chdir('#{directory}'); eval(File.read('#{file}') + %q(;#{asked}))", seconds: 10).lines.grep_v(/"message"/).join
    end
  end

  def test_the_code_of_the_guide_to_files_is_an_application
    page = File.read(File.expand_path("../../../docs/guide/static-files.md", __dir__))
    code = page.scan(/^```ruby\n(.*?)^```/m).join
    asked = "c = Sabir::TestClient.new(app); puts c.get('/').body, c.get('/articles/7').headers['location'], c.get('/orders/7').body"
    Tempfile.create(["files", ".rb"]) do |file|
      file.write(code)
      file.close
      assert_equal %(<h1>The shop</h1>\n/orders/7\n{"id":7}\n), run_ruby("eval(File.read('#{file.path}') + %q(;#{asked}))", seconds: 10)
    end
  end

  def test_the_code_of_the_projects_readme_is_an_application
    code = File.read(File.expand_path("../../../README.md", __dir__))[/^```ruby\n(.*?)^```/m, 1]
    Tempfile.create(["readme", ".rb"]) do |file|
      file.write(code)
      file.close
      asked = "puts Sabir::TestClient.new(app).get('/users/7?limit=3').body, Sabir::TestClient.new(app).post('/orders', json: {}).status"
      assert_equal %({"id":7,"limit":3}\n422\n), run_ruby("eval(File.read('#{file.path}') + %q(;#{asked}))", seconds: 10)
    end
  end

  private

  # Each line with a comment such as `# => 1` has that value.
  def check(page)
    code = File.read(page).scan(/^```ruby\n(.*?)^```/m).join.sub('require "sabir"', "")
    checked = code.gsub(/^(client\..*) # => (.*)$/) { "raise #{Regexp.last_match(1).inspect} unless (#{Regexp.last_match(1)}) == (#{Regexp.last_match(2)})" }
    refute_equal code, checked
    Tempfile.create(["readme", ".rb"]) do |file|
      file.write(checked)
      file.close
      assert_equal "done\n", run_ruby("require '#{file.path}'; puts 'done'", seconds: 10)
    end
  end
end
