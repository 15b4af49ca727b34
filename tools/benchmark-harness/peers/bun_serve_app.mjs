// Bun's own server and router, with zod.
import { count, order, page, person, upload, user } from "./zod_schemas.mjs";

/** Answers with what `handler` makes of the valid `data`. */
function valid(schema, data, handler) {
  const result = schema.safeParse(data);
  if (!result.success) return Response.json({ issues: result.error.issues }, { status: 422 });
  return handler(result.data);
}

const shown = user.extend(page.shape);

Bun.serve({
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  routes: {
    "/": () => new Response("Hello, world!"),
    "/sleep": async () => {
      await Bun.sleep(1);
      return new Response("Slept.");
    },
    "/users/:id": (request) => {
      const query = Object.fromEntries(new URL(request.url).searchParams);
      return valid(shown, { ...query, ...request.params }, ({ id, limit }) => Response.json({ id, limit }));
    },
    "/orders": {
      POST: async (request) => valid(order, await request.json(), ({ id, lines }) => Response.json({ id, items: count(lines) })),
    },
    "/echo": { POST: async (request) => Response.json(await request.json()) },
    "/form": {
      POST: async (request) =>
        valid(person, Object.fromEntries(await request.formData()), ({ name, age }) => Response.json({ name, age })),
    },
    "/upload": {
      POST: async (request) =>
        valid(upload, Object.fromEntries(await request.formData()), ({ file }) => Response.json({ size: file.size })),
    },
  },
});
