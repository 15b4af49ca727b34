// Generated from testing_data by `./task generate`. Do not edit.
import { Response, Sabir } from "sabir";
import { check } from "../support/index.js";

// A cookie cannot smuggle attributes in its name or its path.
check("cookies/characters_that_would_end_name_or_path_are_failures", () => {
  const app = new Sabir();
  app.get("/name", () => new Response("ok", { cookies: [{ name: "a=b", value: "1", path: null }] }));
  app.get("/path", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: "/; Domain=example.com" }] }),
  );
  return app;
});

// A Set-Cookie field that the handler writes itself is kept beside its cookies.
check("cookies/cookie_beside_a_field", () => {
  const app = new Sabir();
  app.get("/items", () =>
    new Response("ok", {
      headers: { "set-cookie": "b=2; Path=/" },
      cookies: [{ name: "a", value: "1", path: null }],
    }),
  );
  return app;
});

// Cookies are set with redirects and answers without content too.
check("cookies/cookies_of_other_statuses", () => {
  const app = new Sabir();
  app.post("/login", () =>
    new Response(undefined, { status: 303, headers: { location: "/" }, cookies: [{ name: "a", value: "1" }] }),
  );
  app.post("/ping", () =>
    new Response(undefined, { status: 204, cookies: [{ name: "a", value: "2", path: null }] }),
  );
  app.get("/items", () => new Response("ok", { cookies: [{ name: "a", value: "3", path: null }] }));
  return app;
});

// SameSite=None and Partitioned without Secure are failures of the handler.
check("cookies/cookies_that_user_agents_drop_are_failures", () => {
  const app = new Sabir();
  app.get("/none", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, sameSite: "none" }] }),
  );
  app.get("/partitioned", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, partitioned: true }] }),
  );
  return app;
});

// A domain is sent as it is; without one the cookie belongs to the host alone.
check("cookies/domain", () => {
  const app = new Sabir();
  app.get("/domain", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, domain: "example.com" }] }),
  );
  app.get("/host", () => new Response("ok", { cookies: [{ name: "a", value: "1", path: null }] }));
  return app;
});

// All attributes of one cookie are sent together, in any order.
check("cookies/every_attribute", () => {
  const app = new Sabir();
  app.get("/items", () =>
    new Response("ok", {
      cookies: [
        {
          name: "id",
          value: "x",
          domain: "example.com",
          maxAge: 60,
          expires: new Date("2030-01-01T00:00:00Z"),
          secure: true,
          httpOnly: true,
          partitioned: true,
          sameSite: "none",
        },
      ],
    }),
  );
  return app;
});

// A time of any zone is written as an HTTP date.
check("cookies/expires", () => {
  const app = new Sabir();
  app.get("/utc", () =>
    new Response("ok", {
      cookies: [{ name: "a", value: "1", path: null, expires: new Date("1994-11-06T08:49:37Z") }],
    }),
  );
  app.get("/zone", () =>
    new Response("ok", {
      cookies: [{ name: "a", value: "1", path: null, expires: new Date("2030-01-01T00:30:00+01:00") }],
    }),
  );
  app.get("/leap", () =>
    new Response("ok", {
      cookies: [{ name: "a", value: "1", path: null, expires: new Date("2028-02-29T23:59:59Z") }],
    }),
  );
  app.get("/epoch", () =>
    new Response("ok", {
      cookies: [{ name: "a", value: "1", path: null, expires: new Date("1970-01-01T00:00:00Z") }],
    }),
  );
  return app;
});

// A __Host- cookie is secure, has the path / and no domain; any other is a failure of the handler.
check("cookies/host_prefix", () => {
  const app = new Sabir();
  app.get("/good", () => new Response("ok", { cookies: [{ name: "__Host-a", value: "1", secure: true }] }));
  app.get("/plain", () => new Response("ok", { cookies: [{ name: "__Host-a", value: "1" }] }));
  app.get("/directory", () =>
    new Response("ok", { cookies: [{ name: "__Host-a", value: "1", path: "/docs", secure: true }] }),
  );
  app.get("/without", () =>
    new Response("ok", { cookies: [{ name: "__Host-a", value: "1", path: null, secure: true }] }),
  );
  app.get("/domain", () =>
    new Response("ok", { cookies: [{ name: "__Host-a", value: "1", domain: "example.com", secure: true }] }),
  );
  return app;
});

// Max-Age is written in whole seconds; 0 and less end the cookie at once.
check("cookies/max_age", () => {
  const app = new Sabir();
  app.get("/hour", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, maxAge: 3600 }] }),
  );
  app.get("/now", () => new Response("ok", { cookies: [{ name: "a", value: "1", path: null, maxAge: 0 }] }));
  app.get("/past", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, maxAge: -1 }] }),
  );
  return app;
});

// A cookie without attributes is a name and a value; the value may be empty.
check("cookies/name_and_value", () => {
  const app = new Sabir();
  app.get("/plain", () => new Response("ok", { cookies: [{ name: "a", value: "1", path: null }] }));
  app.get("/empty", () => new Response("ok", { cookies: [{ name: "a", value: "", path: null }] }));
  app.get("/signs", () =>
    new Response("ok", {
      cookies: [{ name: "!#$%&'*+-.^_`|~", value: "!#$&'()*+-./:<=>?@[]^_`{|}~", path: null }],
    }),
  );
  return app;
});

// A cookie may be kept apart for each top-level site.
check("cookies/partitioned", () => {
  const app = new Sabir();
  app.get("/partitioned", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, secure: true, partitioned: true }] }),
  );
  return app;
});

// The path is sent as it is.
check("cookies/path", () => {
  const app = new Sabir();
  app.get("/top", () => new Response("ok", { cookies: [{ name: "a", value: "1" }] }));
  app.get("/docs", () => new Response("ok", { cookies: [{ name: "a", value: "1", path: "/docs/a%20b" }] }));
  return app;
});

// SameSite has one of three values.
check("cookies/same_site", () => {
  const app = new Sabir();
  app.get("/strict", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, sameSite: "strict" }] }),
  );
  app.get("/lax", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, sameSite: "lax" }] }),
  );
  app.get("/none", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, secure: true, sameSite: "none" }] }),
  );
  return app;
});

// Secure and HttpOnly are written without a value, and only when they are wanted.
check("cookies/secure_and_http_only", () => {
  const app = new Sabir();
  app.get("/secure", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, secure: true }] }),
  );
  app.get("/http", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1", path: null, httpOnly: true }] }),
  );
  app.get("/neither", () => new Response("ok", { cookies: [{ name: "a", value: "1", path: null }] }));
  return app;
});

// A __Secure- cookie is secure; any other is a failure of the handler, whatever the case of the prefix.
check("cookies/secure_prefix", () => {
  const app = new Sabir();
  app.get("/good", () =>
    new Response("ok", { cookies: [{ name: "__Secure-a", value: "1", path: null, secure: true }] }),
  );
  app.get("/plain", () => new Response("ok", { cookies: [{ name: "__Secure-a", value: "1", path: null }] }));
  app.get("/lower", () => new Response("ok", { cookies: [{ name: "__secure-a", value: "1", path: null }] }));
  return app;
});

// Each cookie has a field of its own, in the handler's order, also where names are equal.
check("cookies/several_cookies", () => {
  const app = new Sabir();
  app.get("/items", () =>
    new Response("ok", {
      cookies: [
        { name: "b", value: "1", path: null },
        { name: "a", value: "2", path: "/docs" },
        { name: "a", value: "3" },
      ],
    }),
  );
  return app;
});

// What a cookie cannot carry is percent-encoded in its value, so that it cannot smuggle attributes or fields
// and is read back as it was set.
check("cookies/values_are_encoded", () => {
  const app = new Sabir();
  app.get("/semicolon", () =>
    new Response("ok", { cookies: [{ name: "a", value: "1; Secure", path: null }] }),
  );
  app.get("/line", () => new Response("ok", { cookies: [{ name: "a", value: "1\r\nx-a: 2", path: null }] }));
  app.get("/space", () => new Response("ok", { cookies: [{ name: "a", value: "a b", path: null }] }));
  app.get("/letter", () => new Response("ok", { cookies: [{ name: "a", value: "é", path: null }] }));
  app.get("/percent", () => new Response("ok", { cookies: [{ name: "a", value: "100%", path: null }] }));
  app.get("/quotes", () => new Response("ok", { cookies: [{ name: "a", value: '"1"', path: null }] }));
  return app;
});
