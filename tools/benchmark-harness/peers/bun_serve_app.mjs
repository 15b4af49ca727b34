// Bun's own server and router, with zod.
import { count, order, page, person, upload, user } from "./zod_schemas.mjs";

/** Answers with what `handler` makes of the valid `data`. */
function valid(schema, data, handler) {
  const result = schema.safeParse(data);
  if (!result.success) return Response.json({ issues: result.error.issues }, { status: 422 });
  return handler(result.data);
}

const shown = user.extend(page.shape);

const more = {};
for (let number = 0; number < Number(process.env.ROUTES) / 2; number++) {
  more[`/static/${number}`] = () => new Response(`static ${number}`);
  more[`/items/${number}/parts/:part`] = ({ params }) => new Response(`items ${number} ${params.part}`);
}

Bun.serve({
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  idleTimeout: 75,
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
      POST: async (request) => {
        // What is no JSON is refused as what is no order.
        const data = await request.json().catch(() => undefined);
        return valid(order, data, ({ id, lines }) => Response.json({ id, items: count(lines) }));
      },
    },
    "/echo": { POST: async (request) => Response.json(await request.json()) },
    "/form": {
      POST: async (request) =>
        valid(person, Object.fromEntries(await request.formData()), ({ name, age }) => Response.json({ name, age })),
    },
    ...more,
    "/upload": {
      POST: async (request) =>
        valid(upload, Object.fromEntries(await request.formData()), ({ file }) => Response.json({ size: file.size })),
    },
  },
});
