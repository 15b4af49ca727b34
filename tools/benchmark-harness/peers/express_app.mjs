// Express with zod in a middleware, and multer for uploads.
import { setTimeout as sleep } from "node:timers/promises";

import express from "express";
import multer from "multer";

import { count, order, page, person, user } from "./zod_schemas.mjs";

const app = express();
app.use("/files", express.static(new URL("files", import.meta.url).pathname));
const json = express.json();
const form = express.urlencoded({ extended: false });
const uploads = multer({ storage: multer.memoryStorage() });

/** Refuses what does not fit; `response.locals` has what does. */
function valid(schemas) {
  return (request, response, next) => {
    for (const [part, schema] of Object.entries(schemas)) {
      const result = schema.safeParse(request[part]);
      if (!result.success) return response.status(422).json({ issues: result.error.issues });
      response.locals[part] = result.data;
    }
    next();
  };
}

app.get("/", (_, response) => response.type("text/plain").send("Hello, world!"));
app.get("/sleep", async (_, response) => {
  await sleep(1);
  response.type("text/plain").send("Slept.");
});
app.get("/users/:id", valid({ params: user, query: page }), (_, response) => {
  const { params, query } = response.locals;
  response.json({ id: params.id, limit: query.limit });
});
app.post("/orders", json, valid({ body: order }), (_, response) => {
  const { id, lines } = response.locals.body;
  response.json({ id, items: count(lines) });
});
app.post("/echo", json, (request, response) => response.json(request.body));
app.post("/form", form, valid({ body: person }), (_, response) => {
  const { name, age } = response.locals.body;
  response.json({ name, age });
});
app.post("/upload", uploads.single("file"), (request, response) => {
  if (!request.file) return response.status(422).end();
  response.json({ size: request.file.size });
});

for (let number = 0; number < Number(process.env.ROUTES) / 2; number++) {
  app.get(`/static/${number}`, (_, response) => response.type("text/plain").send(`static ${number}`));
  app.get(`/items/${number}/parts/:part`, ({ params }, response) => {
    response.type("text/plain").send(`items ${number} ${params.part}`);
  });
}

app.listen(Number(process.argv[2]), "127.0.0.1");
