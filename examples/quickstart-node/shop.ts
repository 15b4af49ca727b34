/**
 * A small shop: users, orders with nested JSON, photographs, a stream of events, a socket, and a real store. The same as
 * examples/quickstart in Python.
 *
 * Run it with `npm run build && npm start` from this folder, or `./task demo:node` from the root.
 */

import { bearer, compression, Conflict, cors, NotFound, Sabir, securityHeaders, UploadFile } from "sabir";
import { z } from "zod";

import { open } from "./sqlite.js";
import { Store } from "./store.js";

const store = new Store(await open(process.env["SHOP_DATABASE"] ?? ":memory:"));
const app = new Sabir();
app.documents({ title: "Shop", version: "1.0.0", description: "Users, orders and photographs." });
app.use(cors({ allowOrigins: ["https://shop.example"] }), securityHeaders(), compression());
const clerk = app.security("clerk", bearer({ keys: { ada: process.env["SHOP_TOKEN"] ?? "open-sesame" } }));

const Sku = z.string().regex(/^[A-Z]{3}-[0-9]{4}$/);

const Page = z.object({ limit: z.int().min(1).max(100).default(10) });

const NewUser = z
  .object({
    name: z.string().min(1).max(80),
    email: z.string().regex(/^[^@\s]+@[^@\s]+$/),
  })
  .meta({ title: "NewUser" });

const Line = z.object({ sku: Sku, quantity: z.int().min(1).max(100) }).meta({ title: "Line" });

const NewOrder = z
  .object({
    user: z.int(),
    lines: z.array(Line).min(1),
    note: z.string().nullable().default(null),
  })
  .meta({ title: "NewOrder" });

const User = z.object({ id: z.int(), name: z.string(), email: z.string() }).meta({ title: "User" });

const Order = z
  .object({ id: z.int(), user: z.int(), note: z.string().nullable(), lines: z.array(Line) })
  .meta({ title: "Order" });

const AddedOrder = z.object({ id: z.int(), items: z.int() }).meta({ title: "AddedOrder" });

const Basket = z.object({ added: z.string(), items: z.int() }).meta({ title: "Basket" });

const Product = z.object({ sku: Sku });
const Upload = z.object({ photo: z.instanceof(UploadFile).meta({ type: "string", format: "binary" }) });
const Photo = z
  .object({ sku: z.string(), filename: z.string().nullable(), type: z.string().nullable(), bytes: z.int() })
  .meta({ title: "Photo" });

const Resumed = z.object({ "last-event-id": z.int().optional() });

app.get("/", () => "Welcome to the shop.\n");

app.post("/users", { body: NewUser, status: 201, returns: User, responses: { 409: {} } }, ({ body: { name, email } }) => {
  const id = store.addUser(name, email);
  if (id === undefined) throw new Conflict(`${email} is taken.`);
  return { id, name, email };
});

app.get("/users/{id:int}", { returns: User }, ({ params: { id } }) => {
  const user = store.user(id);
  if (!user) throw new NotFound(`There is no user ${id}.`);
  return user;
});

app.get("/users", { query: Page, returns: z.array(User) }, ({ query }) => store.users(query.limit));

const ordering = { body: NewOrder, status: 201, returns: AddedOrder, responses: { 404: {} }, security: [clerk] } as const;

app.post("/orders", ordering, ({ body }) => {
  const { user, lines, note } = body;
  if (!store.user(user)) throw new NotFound(`There is no user ${user}.`);
  return { id: store.addOrder(user, lines, note), items: lines.reduce((sum, { quantity }) => sum + quantity, 0) };
});

app.get("/orders/{id:int}", { returns: Order, security: [clerk] }, ({ params: { id } }) => {
  const order = store.order(id);
  if (!order) throw new NotFound(`There is no order ${id}.`);
  return order;
});

app.sse("/orders/{id:int}/progress", { headers: Resumed, security: [clerk] }, function* ({ params: { id }, headers }) {
  const last = headers["last-event-id"] ?? 0;
  if (!store.order(id)) throw new NotFound(`There is no order ${id}.`);
  for (const [index, state] of ["taken", "packed", "sent"].entries()) {
    if (index >= last) yield { data: state, id: String(index + 1) };
  }
});

app.websocket("/basket", { incoming: Line, outgoing: Basket }, async (ws) => {
  let items = 0;
  for await (const line of ws) {
    items += line.quantity;
    await ws.send({ added: line.sku, items });
  }
});

const upload = { params: Product, form: Upload, status: 201, returns: Photo } as const;

app.post("/products/{sku}/photo", upload, async ({ params: { sku }, body: { photo } }) => {
  const content = await photo.bytes();
  return { sku, filename: photo.filename ?? null, type: photo.contentType ?? null, bytes: content.length };
});

await app.listen({ port: Number(process.env["PORT"] ?? 8000) });
