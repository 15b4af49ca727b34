// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { check } from "../support/index.js";

// A cookie cannot smuggle attributes in its name or its path.
check("cookies/characters_that_would_end_name_or_path_are_failures", () => {
  const app = new Sabir();
  app.get("/name", (context) => {
    context.setCookie("a=b", "1", { path: null });
    return "ok";
  });
  app.get("/path", (context) => {
    context.setCookie("a", "1", { path: "/; Domain=example.com" });
    return "ok";
  });
  return app;
});

// A Set-Cookie field that the handler writes itself is kept beside its cookies.
check("cookies/cookie_beside_a_field", () => {
  const app = new Sabir();
  app.get("/items", (context) => {
    context.setCookie("a", "1", { path: null });
    return context.text("ok", { headers: { "set-cookie": "b=2; Path=/" } });
  });
  return app;
});

// Cookies are set with redirects and answers without content too.
check("cookies/cookies_of_other_statuses", () => {
  const app = new Sabir();
  app.post("/login", (context) => {
    context.setCookie("a", "1");
    return context.redirect("/", 303);
  });
  app.post("/ping", (context) => {
    context.setCookie("a", "2", { path: null });
    return context.status(204);
  });
  app.get("/items", (context) => {
    context.setCookie("a", "3", { path: null });
    return "ok";
  });
  return app;
});

// SameSite=None and Partitioned without Secure are failures of the handler.
check("cookies/cookies_that_user_agents_drop_are_failures", () => {
  const app = new Sabir();
  app.get("/none", (context) => {
    context.setCookie("a", "1", { path: null, sameSite: "none" });
    return "ok";
  });
  app.get("/partitioned", (context) => {
    context.setCookie("a", "1", { path: null, partitioned: true });
    return "ok";
  });
  return app;
});

// A domain is sent as it is; without one the cookie belongs to the host alone.
check("cookies/domain", () => {
  const app = new Sabir();
  app.get("/domain", (context) => {
    context.setCookie("a", "1", { path: null, domain: "example.com" });
    return "ok";
  });
  app.get("/host", (context) => {
    context.setCookie("a", "1", { path: null });
    return "ok";
  });
  return app;
});

// All attributes of one cookie are sent together, in any order.
check("cookies/every_attribute", () => {
  const app = new Sabir();
  app.get("/items", (context) => {
    context.setCookie("id", "x", {
      domain: "example.com",
      maxAge: 60,
      expires: new Date("2030-01-01T00:00:00Z"),
      secure: true,
      httpOnly: true,
      partitioned: true,
      sameSite: "none",
    });
    return "ok";
  });
  return app;
});

// A time of any zone is written as an HTTP date.
check("cookies/expires", () => {
  const app = new Sabir();
  app.get("/utc", (context) => {
    context.setCookie("a", "1", { path: null, expires: new Date("1994-11-06T08:49:37Z") });
    return "ok";
  });
  app.get("/zone", (context) => {
    context.setCookie("a", "1", { path: null, expires: new Date("2030-01-01T00:30:00+01:00") });
    return "ok";
  });
  app.get("/leap", (context) => {
    context.setCookie("a", "1", { path: null, expires: new Date("2028-02-29T23:59:59Z") });
    return "ok";
  });
  app.get("/epoch", (context) => {
    context.setCookie("a", "1", { path: null, expires: new Date("1970-01-01T00:00:00Z") });
    return "ok";
  });
  return app;
});

// A __Host- cookie is secure, has the path / and no domain; any other is a failure of the handler.
check("cookies/host_prefix", () => {
  const app = new Sabir();
  app.get("/good", (context) => {
    context.setCookie("__Host-a", "1", { secure: true });
    return "ok";
  });
  app.get("/plain", (context) => {
    context.setCookie("__Host-a", "1");
    return "ok";
  });
  app.get("/directory", (context) => {
    context.setCookie("__Host-a", "1", { path: "/docs", secure: true });
    return "ok";
  });
  app.get("/without", (context) => {
    context.setCookie("__Host-a", "1", { path: null, secure: true });
    return "ok";
  });
  app.get("/domain", (context) => {
    context.setCookie("__Host-a", "1", { domain: "example.com", secure: true });
    return "ok";
  });
  return app;
});

// Max-Age is written in whole seconds; 0 and less end the cookie at once.
check("cookies/max_age", () => {
  const app = new Sabir();
  app.get("/hour", (context) => {
    context.setCookie("a", "1", { path: null, maxAge: 3600 });
    return "ok";
  });
  app.get("/now", (context) => {
    context.setCookie("a", "1", { path: null, maxAge: 0 });
    return "ok";
  });
  app.get("/past", (context) => {
    context.setCookie("a", "1", { path: null, maxAge: -1 });
    return "ok";
  });
  return app;
});

// A cookie without attributes is a name and a value; the value may be empty.
check("cookies/name_and_value", () => {
  const app = new Sabir();
  app.get("/plain", (context) => {
    context.setCookie("a", "1", { path: null });
    return "ok";
  });
  app.get("/empty", (context) => {
    context.setCookie("a", "", { path: null });
    return "ok";
  });
  app.get("/signs", (context) => {
    context.setCookie("!#$%&'*+-.^_`|~", "!#$&'()*+-./:<=>?@[]^_`{|}~", { path: null });
    return "ok";
  });
  return app;
});

// A cookie may be kept apart for each top-level site.
check("cookies/partitioned", () => {
  const app = new Sabir();
  app.get("/partitioned", (context) => {
    context.setCookie("a", "1", { path: null, secure: true, partitioned: true });
    return "ok";
  });
  return app;
});

// The path is sent as it is.
check("cookies/path", () => {
  const app = new Sabir();
  app.get("/top", (context) => {
    context.setCookie("a", "1");
    return "ok";
  });
  app.get("/docs", (context) => {
    context.setCookie("a", "1", { path: "/docs/a%20b" });
    return "ok";
  });
  return app;
});

// SameSite has one of three values.
check("cookies/same_site", () => {
  const app = new Sabir();
  app.get("/strict", (context) => {
    context.setCookie("a", "1", { path: null, sameSite: "strict" });
    return "ok";
  });
  app.get("/lax", (context) => {
    context.setCookie("a", "1", { path: null, sameSite: "lax" });
    return "ok";
  });
  app.get("/none", (context) => {
    context.setCookie("a", "1", { path: null, secure: true, sameSite: "none" });
    return "ok";
  });
  return app;
});

// Secure and HttpOnly are written without a value, and only when they are wanted.
check("cookies/secure_and_http_only", () => {
  const app = new Sabir();
  app.get("/secure", (context) => {
    context.setCookie("a", "1", { path: null, secure: true });
    return "ok";
  });
  app.get("/http", (context) => {
    context.setCookie("a", "1", { path: null, httpOnly: true });
    return "ok";
  });
  app.get("/neither", (context) => {
    context.setCookie("a", "1", { path: null });
    return "ok";
  });
  return app;
});

// A __Secure- cookie is secure; any other is a failure of the handler, whatever the case of the prefix.
check("cookies/secure_prefix", () => {
  const app = new Sabir();
  app.get("/good", (context) => {
    context.setCookie("__Secure-a", "1", { path: null, secure: true });
    return "ok";
  });
  app.get("/plain", (context) => {
    context.setCookie("__Secure-a", "1", { path: null });
    return "ok";
  });
  app.get("/lower", (context) => {
    context.setCookie("__secure-a", "1", { path: null });
    return "ok";
  });
  return app;
});

// Each cookie has a field of its own, in the handler's order, also where names are equal.
check("cookies/several_cookies", () => {
  const app = new Sabir();
  app.get("/items", (context) => {
    context.setCookie("b", "1", { path: null });
    context.setCookie("a", "2", { path: "/docs" });
    context.setCookie("a", "3");
    return "ok";
  });
  return app;
});

// What a cookie cannot carry is percent-encoded in its value, so that it cannot smuggle attributes or fields
// and is read back as it was set.
check("cookies/values_are_encoded", () => {
  const app = new Sabir();
  app.get("/semicolon", (context) => {
    context.setCookie("a", "1; Secure", { path: null });
    return "ok";
  });
  app.get("/line", (context) => {
    context.setCookie("a", "1\r\nx-a: 2", { path: null });
    return "ok";
  });
  app.get("/space", (context) => {
    context.setCookie("a", "a b", { path: null });
    return "ok";
  });
  app.get("/letter", (context) => {
    context.setCookie("a", "é", { path: null });
    return "ok";
  });
  app.get("/percent", (context) => {
    context.setCookie("a", "100%", { path: null });
    return "ok";
  });
  app.get("/quotes", (context) => {
    context.setCookie("a", '"1"', { path: null });
    return "ok";
  });
  return app;
});
