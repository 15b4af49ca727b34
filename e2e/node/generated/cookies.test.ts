// Generated from testing_data by `./task generate`. Do not edit.
import { reply, Sabir } from "sabir";
import { check } from "../support/index.js";

// A cookie cannot smuggle attributes in its name or its path.
check("cookies/characters_that_would_end_name_or_path_are_failures", () => {
  const app = new Sabir();
  app.get("/name", () => reply("ok", { cookies: [{ name: "a=b", value: "1" }] }));
  app.get("/path", () =>
    reply("ok", { cookies: [{ name: "a", value: "1", path: "/; Domain=example.com" }] }),
  );
  return app;
});

// A Set-Cookie field that the handler writes itself is kept beside its cookies.
check("cookies/cookie_beside_a_field", () => {
  const app = new Sabir();
  app.get("/items", () =>
    reply("ok", { headers: { "set-cookie": "b=2; Path=/" }, cookies: [{ name: "a", value: "1" }] }),
  );
  return app;
});

// Cookies are set with redirects and answers without content too.
check("cookies/cookies_of_other_statuses", () => {
  const app = new Sabir();
  app.post("/login", () =>
    reply(undefined, {
      status: 303,
      headers: { location: "/" },
      cookies: [{ name: "a", value: "1", path: "/" }],
    }),
  );
  app.post("/ping", () => reply(undefined, { status: 204, cookies: [{ name: "a", value: "2" }] }));
  app.get("/items", () => reply("ok", { cookies: [{ name: "a", value: "3" }] }));
  return app;
});

// SameSite=None and Partitioned without Secure are failures of the handler.
check("cookies/cookies_that_user_agents_drop_are_failures", () => {
  const app = new Sabir();
  app.get("/none", () => reply("ok", { cookies: [{ name: "a", value: "1", sameSite: "none" }] }));
  app.get("/partitioned", () => reply("ok", { cookies: [{ name: "a", value: "1", partitioned: true }] }));
  return app;
});

// A domain is sent as it is; without one the cookie belongs to the host alone.
check("cookies/domain", () => {
  const app = new Sabir();
  app.get("/domain", () => reply("ok", { cookies: [{ name: "a", value: "1", domain: "example.com" }] }));
  app.get("/host", () => reply("ok", { cookies: [{ name: "a", value: "1" }] }));
  return app;
});

// All attributes of one cookie are sent together, in any order.
check("cookies/every_attribute", () => {
  const app = new Sabir();
  app.get("/items", () =>
    reply("ok", {
      cookies: [
        {
          name: "id",
          value: "x",
          path: "/",
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
    reply("ok", { cookies: [{ name: "a", value: "1", expires: new Date("1994-11-06T08:49:37Z") }] }),
  );
  app.get("/zone", () =>
    reply("ok", { cookies: [{ name: "a", value: "1", expires: new Date("2030-01-01T00:30:00+01:00") }] }),
  );
  app.get("/leap", () =>
    reply("ok", { cookies: [{ name: "a", value: "1", expires: new Date("2028-02-29T23:59:59Z") }] }),
  );
  app.get("/epoch", () =>
    reply("ok", { cookies: [{ name: "a", value: "1", expires: new Date("1970-01-01T00:00:00Z") }] }),
  );
  return app;
});

// A __Host- cookie is secure, has the path / and no domain; any other is a failure of the handler.
check("cookies/host_prefix", () => {
  const app = new Sabir();
  app.get("/good", () =>
    reply("ok", { cookies: [{ name: "__Host-a", value: "1", path: "/", secure: true }] }),
  );
  app.get("/plain", () => reply("ok", { cookies: [{ name: "__Host-a", value: "1", path: "/" }] }));
  app.get("/directory", () =>
    reply("ok", { cookies: [{ name: "__Host-a", value: "1", path: "/docs", secure: true }] }),
  );
  app.get("/without", () => reply("ok", { cookies: [{ name: "__Host-a", value: "1", secure: true }] }));
  app.get("/domain", () =>
    reply("ok", {
      cookies: [{ name: "__Host-a", value: "1", path: "/", domain: "example.com", secure: true }],
    }),
  );
  return app;
});

// Max-Age is written in whole seconds; 0 and less end the cookie at once.
check("cookies/max_age", () => {
  const app = new Sabir();
  app.get("/hour", () => reply("ok", { cookies: [{ name: "a", value: "1", maxAge: 3600 }] }));
  app.get("/now", () => reply("ok", { cookies: [{ name: "a", value: "1", maxAge: 0 }] }));
  app.get("/past", () => reply("ok", { cookies: [{ name: "a", value: "1", maxAge: -1 }] }));
  return app;
});

// A cookie without attributes is a name and a value; the value may be empty.
check("cookies/name_and_value", () => {
  const app = new Sabir();
  app.get("/plain", () => reply("ok", { cookies: [{ name: "a", value: "1" }] }));
  app.get("/empty", () => reply("ok", { cookies: [{ name: "a", value: "" }] }));
  app.get("/signs", () =>
    reply("ok", { cookies: [{ name: "!#$%&'*+-.^_`|~", value: "!#$&'()*+-./:<=>?@[]^_`{|}~" }] }),
  );
  return app;
});

// A cookie may be kept apart for each top-level site.
check("cookies/partitioned", () => {
  const app = new Sabir();
  app.get("/partitioned", () =>
    reply("ok", { cookies: [{ name: "a", value: "1", secure: true, partitioned: true }] }),
  );
  return app;
});

// The path is sent as it is.
check("cookies/path", () => {
  const app = new Sabir();
  app.get("/top", () => reply("ok", { cookies: [{ name: "a", value: "1", path: "/" }] }));
  app.get("/docs", () => reply("ok", { cookies: [{ name: "a", value: "1", path: "/docs/a%20b" }] }));
  return app;
});

// SameSite has one of three values.
check("cookies/same_site", () => {
  const app = new Sabir();
  app.get("/strict", () => reply("ok", { cookies: [{ name: "a", value: "1", sameSite: "strict" }] }));
  app.get("/lax", () => reply("ok", { cookies: [{ name: "a", value: "1", sameSite: "lax" }] }));
  app.get("/none", () =>
    reply("ok", { cookies: [{ name: "a", value: "1", secure: true, sameSite: "none" }] }),
  );
  return app;
});

// Secure and HttpOnly are written without a value, and only when they are wanted.
check("cookies/secure_and_http_only", () => {
  const app = new Sabir();
  app.get("/secure", () => reply("ok", { cookies: [{ name: "a", value: "1", secure: true }] }));
  app.get("/http", () => reply("ok", { cookies: [{ name: "a", value: "1", httpOnly: true }] }));
  app.get("/neither", () => reply("ok", { cookies: [{ name: "a", value: "1" }] }));
  return app;
});

// A __Secure- cookie is secure; any other is a failure of the handler, whatever the case of the prefix.
check("cookies/secure_prefix", () => {
  const app = new Sabir();
  app.get("/good", () => reply("ok", { cookies: [{ name: "__Secure-a", value: "1", secure: true }] }));
  app.get("/plain", () => reply("ok", { cookies: [{ name: "__Secure-a", value: "1" }] }));
  app.get("/lower", () => reply("ok", { cookies: [{ name: "__secure-a", value: "1" }] }));
  return app;
});

// Each cookie has a field of its own, in the handler's order, also where names are equal.
check("cookies/several_cookies", () => {
  const app = new Sabir();
  app.get("/items", () =>
    reply("ok", {
      cookies: [
        { name: "b", value: "1" },
        { name: "a", value: "2", path: "/docs" },
        { name: "a", value: "3", path: "/" },
      ],
    }),
  );
  return app;
});

// What a cookie cannot carry is percent-encoded in its value, so that it cannot smuggle attributes or fields
// and is read back as it was set.
check("cookies/values_are_encoded", () => {
  const app = new Sabir();
  app.get("/semicolon", () => reply("ok", { cookies: [{ name: "a", value: "1; Secure" }] }));
  app.get("/line", () => reply("ok", { cookies: [{ name: "a", value: "1\r\nx-a: 2" }] }));
  app.get("/space", () => reply("ok", { cookies: [{ name: "a", value: "a b" }] }));
  app.get("/letter", () => reply("ok", { cookies: [{ name: "a", value: "é" }] }));
  app.get("/percent", () => reply("ok", { cookies: [{ name: "a", value: "100%" }] }));
  app.get("/quotes", () => reply("ok", { cookies: [{ name: "a", value: '"1"' }] }));
  return app;
});
