# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class ProblemsTest < FixtureTest
  category "problems"

  # The detail of a raised problem reaches the client.
  fixture "detail" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new("Only 2 left of \u{201c}Löwe\u{201d}.", status: 409) }
    app
  end

  # The detail of malformed JSON names line and column.
  fixture "detail_says_where_json_is_malformed" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app.mount("/", router)
    app
  end

  # All failures are reported at once in the order path, query, header, cookie, body, whatever the order of
  # declaration.
  fixture "errors_of_all_places_in_order" do
    app = Sabir::App.new
    items_body = Sabir::Schema.struct(n?: Integer)
    app.post(
      "/items/{id}",
      parameters: [
        { name: "seen", in: :cookie, schema: Integer },
        { name: "x-level", in: :header, schema: Integer },
        { name: "limit", in: :query, schema: { type: :integer, minimum: 1 } },
        { name: "id", in: :path, required: true, schema: Integer },
      ],
      body: items_body,
    ) do |seen: nil, x_level: nil, limit: nil, id:, body:|
      echo(path: { id: }, query: { limit: }, header: { "x-level": x_level }, cookie: { seen: }, body:)
    end
    app
  end

  # Failures of several query parameters come in the order in which these are declared.
  fixture "errors_of_one_place_keep_the_order_of_declaration" do
    app = Sabir::App.new
    app.get("/items", query: { b: Integer, c: Integer, a: Integer }) do |b:, c:, a:|
      echo(query: { b:, c:, a: })
    end
    app
  end

  # All members of a raised problem arrive together.
  fixture "every_member" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") do
      raise Sabir::Problem.new(
        "Try tomorrow.",
        status: 422,
        title: "Sold out",
        type: "https://example.com/probs/sold-out",
        headers: { "x-stock" => "0" },
        extensions: { sku: "a" },
      )
    end
    app.mount("/", router)
    app
  end

  # Extension members of any JSON type stand beside the standard ones.
  fixture "extensions" do
    app = Sabir::App.new
    app.get("/items") do
      raise Sabir::Problem.new(status: 409, extensions: {
        sku: "a-1",
        left: 2,
        tags: ["x"],
        shop: { id: 7 },
        open: false,
        note: nil,
      })
    end
    app
  end

  # An extension with the name of a standard member has no effect.
  fixture "extensions_do_not_replace_standard_members" do
    app = Sabir::App.new
    app.get("/items") do
      raise Sabir::Problem.new(status: 409, title: "Taken", extensions: {
        status: 200,
        title: "Fine",
        type: "about:blank",
        sku: "a",
      })
    end
    app
  end

  # An error after the handler has waited is answered 500 as well.
  fixture "failure_after_waiting" do
    app = Sabir::App.new
    app.get("/items") do
      sleep(0.02)
      raise "secret"
    end
    app
  end

  # An unexpected error is answered 500 and its message is not shown.
  fixture "failure_hides_its_message" do
    app = Sabir::App.new
    app.get("/items") { raise "password=hunter2" }
    app
  end

  # The answer to a failure has the request id under which the error is logged.
  fixture "failure_names_the_request" do
    app = Sabir::App.new
    app.get("/items") { raise "boom" }
    app
  end

  # A handler that fails after its body was decoded is answered 500.
  fixture "failure_with_a_body" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do
      raise "secret"
    end
    app
  end

  # A problem stays application/problem+json whatever its header fields say.
  fixture "header_does_not_replace_the_content_type" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { raise Sabir::Problem.new(status: 409, headers: { "content-type" => "text/html" }) }
    app.mount("/", router)
    app
  end

  # A header field of a raised problem may be repeated.
  fixture "header_repeated" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 409, headers: [["x-a", "1"], ["x-a", "2"]]) }
    app
  end

  # Header fields of a raised problem are sent, such as Retry-After.
  fixture "header_retry_after" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 429, headers: { "retry-after" => "30" }) }
    app
  end

  # A raised 401 carries its challenge.
  fixture "header_www_authenticate" do
    app = Sabir::App.new
    app.get("/items") do
      raise Sabir::Problem.new(status: 401, headers: { "www-authenticate" => "Bearer realm=\"shop\"" })
    end
    app
  end

  # The member `instance` is the path of the request.
  fixture "instance_is_the_path" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 404) }
    app
  end

  # A body that cannot be read is a malformed request even when parameters do not fit either.
  fixture "malformed_body_comes_before_validation" do
    app = Sabir::App.new
    app.post("/items", query: { limit?: Integer }, request_body: {
      required: true,
      content: { "application/json": {} },
    }) do |limit: nil, body:|
      echo(query: { limit: }, body:)
    end
    app
  end

  # A problem without failures of validation has no member `errors`.
  fixture "malformed_request_has_no_errors_member" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # Every failure of a body is reported, not only the first.
  fixture "many_failures_of_one_body" do
    app = Sabir::App.new
    app.post("/items", body: [Integer]) { |body:| echo(body:) }
    app
  end

  # A missing required body is reported together with parameters that do not fit.
  fixture "missing_body_is_reported_beside_parameters" do
    app = Sabir::App.new
    app.post("/items", query: { limit?: Integer }, request_body: {
      required: true,
      content: { "application/json": {} },
    }) do |limit: nil, body:|
      echo(query: { limit: }, body:)
    end
    app
  end

  # A client that accepts only HTML still gets the problem as application/problem+json.
  fixture "problem_is_not_negotiated_away" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 409) }
    app
  end

  # A method that the path lacks is a problem with an Allow field.
  fixture "problem_of_a_wrong_method" do
    app = Sabir::App.new
    app.post("/items", request_body: { required: true, content: { "application/json": {} } }) do |body:|
      echo(body:)
    end
    app
  end

  # A path without a route is a problem with the path as its instance.
  fixture "problem_of_an_unknown_path" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { echo }
    app.mount("/", router)
    app
  end

  # A problem raised after the handler has waited is answered like any other.
  fixture "raised_after_waiting" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") do
      sleep(0.02)
      raise Sabir::Problem.new(status: 409)
    end
    app.mount("/", router)
    app
  end

  # A handler may raise a problem of the server's own; what it says on purpose is shown.
  fixture "raised_server_error" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") do
      raise Sabir::Problem.new("Closed for stocktaking.", status: 503, headers: { "retry-after" => "3600" })
    end
    app.mount("/", router)
    app
  end

  # Without a request id from the client the runtime makes one.
  fixture "request_id_is_generated" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 409) }
    app
  end

  # A request id that the client sends comes back in the problem and in the header section.
  fixture "request_id_is_taken_over" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 409) }
    app
  end

  # A request id with spaces could forge log lines, so another one is made.
  fixture "request_id_that_is_unsafe_is_replaced" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 409) }
    app
  end

  # A failed handler harms neither other routes nor its own next request.
  fixture "requests_after_a_failure_work" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/bad") { raise "boom" }
    router.get("/good") { { ok: true } }
    app.mount("/", router)
    app
  end

  # A raised 401 is described by its row in the table of problems.
  fixture "status_401_has_its_type" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 401) }
    app
  end

  # A raised 403 is described by its row in the table of problems.
  fixture "status_403_has_its_type" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 403) }
    app
  end

  # A raised 404 is described by its row in the table of problems.
  fixture "status_404_has_its_type" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 404) }
    app
  end

  # A raised 410 is described by its row in the table of problems.
  fixture "status_410_has_its_type" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 410) }
    app
  end

  # A raised 429 is described by its row in the table of problems.
  fixture "status_429_has_its_type" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 429) }
    app
  end

  # A raised 501 is described by its row in the table of problems.
  fixture "status_501_has_its_type" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 501) }
    app
  end

  # A raised 503 is described by its row in the table of problems.
  fixture "status_503_has_its_type" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 503) }
    app
  end

  # A raised problem with only a status takes type and title from the table of problems.
  fixture "status_alone" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 409) }
    app
  end

  # A status that the table lacks has the type about:blank and the name of the status as its title.
  fixture "status_outside_the_table" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/items") { raise Sabir::Problem.new(status: 423) }
    app.mount("/", router)
    app
  end

  # A raised problem may have a title of its own.
  fixture "title" do
    app = Sabir::App.new
    app.get("/items") { raise Sabir::Problem.new(status: 409, title: "Out of stock") }
    app
  end

  # A raised problem may have a type of its own.
  fixture "type_keyword" do
    app = Sabir::App.new
    app.get("/items") do
      raise Sabir::Problem.new(
        status: 403,
        title: "Out of credit",
        type: "https://example.com/probs/out-of-credit",
      )
    end
    app
  end
end
