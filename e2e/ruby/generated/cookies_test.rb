# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class CookiesTest < FixtureTest
  category "cookies"

  # A cookie cannot smuggle attributes in its name or its path.
  fixture "characters_that_would_end_name_or_path_are_failures" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/name") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a=b", "1", path: nil)
      response
    end
    router.get("/path") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: "/; Domain=example.com")
      response
    end
    app.mount("/", router)
    app
  end

  # A Set-Cookie field that the handler writes itself is kept beside its cookies.
  fixture "cookie_beside_a_field" do
    app = Sabir::App.new
    app.get("/items") do
      response = Sabir::Response.new("ok", headers: { "set-cookie" => "b=2; Path=/" })
      response.set_cookie("a", "1", path: nil)
      response
    end
    app
  end

  # Cookies are set with redirects and answers without content too.
  fixture "cookies_of_other_statuses" do
    app = Sabir::App.new
    app.post("/login") do
      response = Sabir::Response.new(status: 303, headers: { "location" => "/" })
      response.set_cookie("a", "1")
      response
    end
    app.post("/ping") do
      response = Sabir::Response.new(status: 204)
      response.set_cookie("a", "2", path: nil)
      response
    end
    app.get("/items") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "3", path: nil)
      response
    end
    app
  end

  # SameSite=None and Partitioned without Secure are failures of the handler.
  fixture "cookies_that_user_agents_drop_are_failures" do
    app = Sabir::App.new
    app.get("/none") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, same_site: "none")
      response
    end
    app.get("/partitioned") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, partitioned: true)
      response
    end
    app
  end

  # A domain is sent as it is; without one the cookie belongs to the host alone.
  fixture "domain" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/domain") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, domain: "example.com")
      response
    end
    router.get("/host") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil)
      response
    end
    app.mount("/", router)
    app
  end

  # All attributes of one cookie are sent together, in any order.
  fixture "every_attribute" do
    app = Sabir::App.new
    app.get("/items") do
      response = Sabir::Response.new("ok")
      response.set_cookie(
        "id",
        "x",
        domain: "example.com",
        max_age: 60,
        expires: Time.iso8601("2030-01-01T00:00:00Z"),
        secure: true,
        http_only: true,
        partitioned: true,
        same_site: "none",
      )
      response
    end
    app
  end

  # A time of any zone is written as an HTTP date.
  fixture "expires" do
    app = Sabir::App.new
    app.get("/utc") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, expires: Time.iso8601("1994-11-06T08:49:37Z"))
      response
    end
    app.get("/zone") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, expires: Time.iso8601("2030-01-01T00:30:00+01:00"))
      response
    end
    app.get("/leap") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, expires: Time.iso8601("2028-02-29T23:59:59Z"))
      response
    end
    app.get("/epoch") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, expires: Time.iso8601("1970-01-01T00:00:00Z"))
      response
    end
    app
  end

  # A __Host- cookie is secure, has the path / and no domain; any other is a failure of the handler.
  fixture "host_prefix" do
    app = Sabir::App.new
    app.get("/good") do
      response = Sabir::Response.new("ok")
      response.set_cookie("__Host-a", "1", secure: true)
      response
    end
    app.get("/plain") do
      response = Sabir::Response.new("ok")
      response.set_cookie("__Host-a", "1")
      response
    end
    app.get("/directory") do
      response = Sabir::Response.new("ok")
      response.set_cookie("__Host-a", "1", path: "/docs", secure: true)
      response
    end
    app.get("/without") do
      response = Sabir::Response.new("ok")
      response.set_cookie("__Host-a", "1", path: nil, secure: true)
      response
    end
    app.get("/domain") do
      response = Sabir::Response.new("ok")
      response.set_cookie("__Host-a", "1", domain: "example.com", secure: true)
      response
    end
    app
  end

  # Max-Age is written in whole seconds; 0 and less end the cookie at once.
  fixture "max_age" do
    app = Sabir::App.new
    app.get("/hour") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, max_age: 3600)
      response
    end
    app.get("/now") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, max_age: 0)
      response
    end
    app.get("/past") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, max_age: -1)
      response
    end
    app
  end

  # A cookie without attributes is a name and a value; the value may be empty.
  fixture "name_and_value" do
    app = Sabir::App.new
    app.get("/plain") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil)
      response
    end
    app.get("/empty") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "", path: nil)
      response
    end
    app.get("/signs") do
      response = Sabir::Response.new("ok")
      response.set_cookie("!\#$%&'*+-.^_`|~", "!\#$&'()*+-./:<=>?@[]^_`{|}~", path: nil)
      response
    end
    app
  end

  # A cookie may be kept apart for each top-level site.
  fixture "partitioned" do
    app = Sabir::App.new
    app.get("/partitioned") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, secure: true, partitioned: true)
      response
    end
    app
  end

  # The path is sent as it is.
  fixture "path" do
    app = Sabir::App.new
    app.get("/top") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1")
      response
    end
    app.get("/docs") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: "/docs/a%20b")
      response
    end
    app
  end

  # SameSite has one of three values.
  fixture "same_site" do
    app = Sabir::App.new
    app.get("/strict") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, same_site: "strict")
      response
    end
    app.get("/lax") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, same_site: "lax")
      response
    end
    app.get("/none") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, secure: true, same_site: "none")
      response
    end
    app
  end

  # Secure and HttpOnly are written without a value, and only when they are wanted.
  fixture "secure_and_http_only" do
    app = Sabir::App.new
    app.get("/secure") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, secure: true)
      response
    end
    app.get("/http") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil, http_only: true)
      response
    end
    app.get("/neither") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1", path: nil)
      response
    end
    app
  end

  # A __Secure- cookie is secure; any other is a failure of the handler, whatever the case of the prefix.
  fixture "secure_prefix" do
    app = Sabir::App.new
    app.get("/good") do
      response = Sabir::Response.new("ok")
      response.set_cookie("__Secure-a", "1", path: nil, secure: true)
      response
    end
    app.get("/plain") do
      response = Sabir::Response.new("ok")
      response.set_cookie("__Secure-a", "1", path: nil)
      response
    end
    app.get("/lower") do
      response = Sabir::Response.new("ok")
      response.set_cookie("__secure-a", "1", path: nil)
      response
    end
    app
  end

  # Each cookie has a field of its own, in the handler's order, also where names are equal.
  fixture "several_cookies" do
    app = Sabir::App.new
    app.get("/items") do
      response = Sabir::Response.new("ok")
      response.set_cookie("b", "1", path: nil)
      response.set_cookie("a", "2", path: "/docs")
      response.set_cookie("a", "3")
      response
    end
    app
  end

  # What a cookie cannot carry is percent-encoded in its value, so that it cannot smuggle attributes or fields
  # and is read back as it was set.
  fixture "values_are_encoded" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.get("/semicolon") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1; Secure", path: nil)
      response
    end
    router.get("/line") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "1\r\nx-a: 2", path: nil)
      response
    end
    router.get("/space") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "a b", path: nil)
      response
    end
    router.get("/letter") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "é", path: nil)
      response
    end
    router.get("/percent") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "100%", path: nil)
      response
    end
    router.get("/quotes") do
      response = Sabir::Response.new("ok")
      response.set_cookie("a", "\"1\"", path: nil)
      response
    end
    app.mount("/", router)
    app
  end
end
