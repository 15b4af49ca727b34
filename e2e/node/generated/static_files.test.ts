// Generated from testing_data by `./task generate`. Do not edit.
import { join } from "node:path";
import { Sabir, securityHeaders, cors } from "sabir";
import { check } from "../support/index.js";

// What is said to caches is an option, and may be nothing.
check("static_files/cache_control", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public"), cacheControl: "public, max-age=3600" });
  app.static("/plain", { directory: join(folder, "public"), cacheControl: null });
  return app;
});

// Conditions count: what a client has is not sent again, and what it takes for another one is refused.
check("static_files/conditions", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// What a client sends with a method that a folder does not answer is refused without being read.
check("static_files/content_of_refused_methods", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// A file without content is an answer without content.
check("static_files/empty_file", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// Paths of pages without a file are answered with one page, and those of other things are not.
check("static_files/fallback_of_one_page", (folder) => {
  const app = new Sabir();
  app.get("/api/users", () => "users");
  app.post("/api/orders", () => "made");
  app.static("/", { directory: join(folder, "public"), fallback: "index.html" });
  return app;
});

// A file has no path with a final slash, nor any below it.
check("static_files/files_are_no_folders", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// The files below a folder are answers, which say what they are of.
check("static_files/files_of_a_folder", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// A folder may answer all paths that have no route.
check("static_files/folder_at_the_root", (folder) => {
  const app = new Sabir();
  app.get("/api", () => "api");
  app.static("/", { directory: join(folder, "public") });
  return app;
});

// The folder itself may be a symbolic link.
check("static_files/folder_is_a_link", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public"), symbolicLinks: "refuse" });
  return app;
});

// HEAD has the fields of GET and no content.
check("static_files/head", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// There is nothing at names that begin with a dot, but for `.well-known`.
check("static_files/hidden_files", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// Names that begin with a dot are shown where that is asked for.
check("static_files/hidden_files_shown", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public"), hiddenFiles: true });
  return app;
});

// Files whose names change with their content are kept for good.
check("static_files/immutable_files", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public"), immutable: ["build/*", "*-9f.css"] });
  return app;
});

// A folder is answered with its index, at its path with a final slash.
check("static_files/index_of_a_folder", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// The index of a folder may have another name.
check("static_files/index_of_another_name", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public"), index: "home.txt" });
  return app;
});

// A large file is sent as a whole, and in parts.
check("static_files/large_file", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// Of several folders the one with the longest path answers, and there is nothing of another one behind it.
check("static_files/longest_path_wins", (folder) => {
  const app = new Sabir();
  app.static("/files", { directory: join(folder, "one") });
  app.static("/files/sub", { directory: join(folder, "two") });
  return app;
});

// A percent sign without two hexadecimal digits makes a path none.
check("static_files/malformed_escapes", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// Names of files are what the segments of a path stand for.
check("static_files/names", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// No path leads out of the folder, however it is written.
check("static_files/never_leaves_the_folder", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// What is done with final slashes of routes has no effect on files.
check("static_files/no_choice_of_the_slash", (folder) => {
  const app = new Sabir({ trailingSlash: "ignore" });
  app.get("/assets/x/", () => "x");
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// Without an index there is nothing at a folder.
check("static_files/no_index", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public"), index: null });
  return app;
});

// A folder answers GET, HEAD and OPTIONS, whatever there is at the path.
check("static_files/other_methods", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// The path of a folder may be written with a final slash.
check("static_files/path_with_a_final_slash", (folder) => {
  const app = new Sabir();
  app.static("/assets/", { directory: join(folder, "public") });
  return app;
});

// There is nothing at what is no regular file, and nobody waits for it.
check("static_files/pipes_are_no_files", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// A compressed sibling is sent to clients that take its coding.
check("static_files/precompressed", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public"), precompressed: true });
  return app;
});

// A compressed sibling is a file like others, unless more is asked for.
check("static_files/precompressed_only_when_asked_for", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// Ranges count: one part, several, none that is there, and those of a file that has changed.
check("static_files/ranges", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// A route comes before a file, whatever its method.
check("static_files/routes_come_first", (folder) => {
  const app = new Sabir();
  app.get("/assets/b.txt", () => "route");
  app.post("/assets/c/{id}", () => "post");
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});

// A folder may demand credentials, for what is not there too.
check("static_files/security_of_a_folder", (folder) => {
  const app = new Sabir();
  app.security("key", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    "x-sabir": { keys: { ci: { key: "0123456789abcdef" } } },
  });
  app.static("/assets", { directory: join(folder, "public"), security: [{ key: [] }] });
  return app;
});

// Stages of the application cover files, redirects and refusals of a folder, and a folder may have its own or
// none.
check("static_files/stages_cover_files", (folder) => {
  const app = new Sabir();
  app.use(securityHeaders(), cors({ allowOrigins: ["https://shop.example"] }));
  app.static("/assets", { directory: join(folder, "public") });
  app.static("/plain", {
    directory: join(folder, "public"),
    use: [securityHeaders(false), cors({ allowOrigins: ["https://other.example"] })],
  });
  return app;
});

// Symbolic links are followed wherever they lead, where that is asked for.
check("static_files/symbolic_links_followed", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public"), symbolicLinks: "follow" });
  return app;
});

// There is nothing at symbolic links, where that is asked for.
check("static_files/symbolic_links_refused", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public"), symbolicLinks: "refuse" });
  return app;
});

// Symbolic links are followed where they lead to something in the folder.
check("static_files/symbolic_links_within", (folder) => {
  const app = new Sabir();
  app.static("/assets", { directory: join(folder, "public") });
  return app;
});
