import { z } from "zod";

import {
  type HookContext,
  type Middleware,
  NotFound,
  type Problem,
  type Response,
  Router,
  Sabir,
  type State,
} from "../../src/index.js";
import { check, type Equal } from "./equal.js";

interface User {
  readonly name: string;
}
declare function userOf(token: string | undefined): Promise<User>;
declare function connect(): { query(text: string): string[] };

// What is provided has its type in handlers, hooks and other providers.
const app = new Sabir()
  .provide("database", connect, { scope: "app", dispose: (database) => void database.query("") })
  .provide("user", ({ request }) => userOf(request.header("authorization")));
app.get("/{id:int}", { query: z.object({ q: z.string() }) }, async ({ params, query, user, database, state }) => {
  check<Equal<typeof params, { id: number }>>();
  check<Equal<typeof query, { q: string }>>();
  check<Equal<typeof user, Promise<User>>>();
  check<Equal<typeof database, { query(text: string): string[] }>>();
  check<Equal<typeof state, State>>();
});
app.onRequest(async ({ user, params }) => {
  check<Equal<typeof user, Promise<User>>>();
  check<Equal<typeof params, Readonly<Record<string, unknown>>>>();
});
app.use(async ({ database }, next) => {
  check<Equal<typeof database, { query(text: string): string[] }>>();
  const answer = await next();
  check<Equal<typeof answer, Response>>();
  answer.headers.set("x-a", String(answer.status));
  return answer;
});
app.websocket("/ws/{room}", {
  async open(ws, { user, params }) {
    check<Equal<typeof params, { room: string }>>();
    ws.send((await user).name);
  },
});
app.sse("/events", async function* ({ user }) {
  yield (await user).name;
});
app.route("/{a}", { methods: "PUT" }, ({ user }) => user);

// It is the application still, and may be one without members.
const { url } = await app.listen();
void url;
function plugin(given: Sabir): void {
  given.get("/plugin", ({ params }) => params);
}
plugin(app);
const router = new Router({ prefix: "/{shop}" }).derive(async ({ request }) => ({
  token: request.header("token") ?? "",
  count: 1,
}));
app.mount("/", router);
router.get("/{n:float}", ({ params, token, count }) => {
  check<Equal<typeof params, { shop: string; n: number }>>();
  check<Equal<[typeof token, typeof count], [string, number]>>();
});

// Generators give what they yield.
const generated = new Router()
  .provide("session", function* ({ log }) {
    const failed: unknown = yield { id: 1 };
    log.info(failed);
  })
  .provide("later", async function* ({ session }) {
    check<Equal<typeof session.id, number>>();
    yield session.id;
  });
generated.get("/", async ({ session, later }) => {
  check<Equal<typeof session, { id: number }>>();
  check<Equal<typeof later, Promise<number>>>();
});

// Errors have their types.
app.onError((context, error) => {
  check<Equal<typeof error, unknown>>();
  return context.json({ error: String(error) }, 500);
});
app.onError(404, (_, problem) => check<Equal<typeof problem, Problem>>());
app.onError(NotFound, (_, problem) => check<Equal<typeof problem, NotFound>>());
app.onError(RangeError, (_, error) => check<Equal<typeof error, RangeError>>());

// The options of a route take one hook or several.
declare const middleware: Middleware;
const guard = (context: HookContext) => (context.request.method === "PUT" ? context.text("no", 403) : undefined);
app.post(
  "/options/{id:int}",
  {
    use: [middleware, async (_, next) => await next()],
    onRequest: guard,
    preHandler: [guard, ({ state }) => void state],
    onResponse: (_, response) => response.headers.append("x-a", "1"),
    onError: (context, error) => context.json(String(error)),
    body: z.object({ name: z.string() }),
  },
  ({ params, body }) => {
    check<Equal<typeof params, { id: number }>>();
    check<Equal<typeof body, { name: string }>>();
  },
);
app.websocket("/options", { preHandler: guard, incoming: z.string() }, (ws) => void ws.state);

// Substitutes for tests.
app.override("user", async () => ({ name: "ada" }))();
app.override("database", () => connect(), { scope: "app" });
app.override("of a router", () => 1);

// @ts-expect-error A user has a name.
app.override("user", async () => ({ names: "ada" }));
// @ts-expect-error An assignment is no answer.
app.onRequest((context) => ((context as { at?: number }).at = 1));
// @ts-expect-error What is for all requests has none.
app.provide("other", ({ request }) => request, { scope: "app" });
// @ts-expect-error There is no such scope.
app.provide("other", () => 1, { scope: "day" });
// @ts-expect-error Nothing has provided it.
new Router().get("/", ({ user }) => user);
// @ts-expect-error It is provided later.
new Router().provide("a", ({ b }) => b).provide("b", () => 1);
// @ts-expect-error There are no members.
app.derive(() => 1);
