/**
 * A small shop: users, orders with nested JSON, photographs, a stream of events, a socket, and a real store. The same as
 * examples/quickstart in Python.
 *
 * Run it with `npm run build && npm start` from this folder, or `./task demo:node` from the root.
 */

import { Conflict, NotFound, Sabir, UploadFile } from "sabir";
import { z } from "zod";

import { open } from "./sqlite.js";
import { Store } from "./store.js";

const store = new Store(await open(process.env["SHOP_DATABASE"] ?? ":memory:"));
const app = new Sabir();

const Sku = z.string().regex(/^[A-Z]{3}-[0-9]{4}$/);

const Page = z.object({ limit: z.int().min(1).max(100).default(10) });

const NewUser = z.object({
  name: z.string().min(1).max(80),
  email: z.string().regex(/^[^@\s]+@[^@\s]+$/),
});

const Line = z.object({ sku: Sku, quantity: z.int().min(1).max(100) });

const NewOrder = z.object({
  user: z.int(),
  lines: z.array(Line).min(1),
  note: z.string().nullable().default(null),
});

const Product = z.object({ sku: Sku });
const Photo = z.object({ photo: z.instanceof(UploadFile).meta({ type: "string", format: "binary" }) });

app.get("/", () => "Welcome to the shop.\n");

app.post("/users", { body: NewUser, status: 201 }, ({ body: { name, email } }) => {
  const id = store.addUser(name, email);
  if (id === undefined) throw new Conflict(`${email} is taken.`);
  return { id, name, email };
});

app.get("/users/{id:int}", ({ params: { id } }) => {
  const user = store.user(id);
  if (!user) throw new NotFound(`There is no user ${id}.`);
  return user;
});

app.get("/users", { query: Page }, ({ query }) => store.users(query.limit));

app.post("/orders", { body: NewOrder, status: 201 }, ({ body: { user, lines, note } }) => {
  if (!store.user(user)) throw new NotFound(`There is no user ${user}.`);
  return { id: store.addOrder(user, lines, note), items: lines.reduce((sum, { quantity }) => sum + quantity, 0) };
});

app.get("/orders/{id:int}", ({ params: { id } }) => {
  const order = store.order(id);
  if (!order) throw new NotFound(`There is no order ${id}.`);
  return order;
});

app.sse("/orders/{id:int}/progress", function* ({ params: { id }, lastEventId = "0" }) {
  if (!store.order(id)) throw new NotFound(`There is no order ${id}.`);
  for (const [index, state] of ["taken", "packed", "sent"].entries()) {
    if (index >= Number(lastEventId)) yield { data: state, id: String(index + 1) };
  }
});

app.websocket("/basket", { incoming: Line }, async (ws) => {
  let items = 0;
  for await (const line of ws) {
    items += line.quantity;
    await ws.send({ added: line.sku, items });
  }
});

app.post("/products/{sku}/photo", { params: Product, form: Photo, status: 201 }, async ({ params: { sku }, body: { photo } }) => {
  const content = await photo.bytes();
  return { sku, filename: photo.filename ?? null, type: photo.contentType ?? null, bytes: content.length };
});

await app.listen({ port: Number(process.env["PORT"] ?? 8000) });
