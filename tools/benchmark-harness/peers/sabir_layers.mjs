// Sabir with what the environment variable LAYERS names around its handler.
import { compression, cors, requestId, Sabir, securityHeaders } from "sabir";

const layers = process.env.LAYERS;
const app = new Sabir();

if (layers === "stages") {
  app.use(cors({ allowOrigins: ["https://shop.example"] }), requestId(), securityHeaders(), compression());
}
if (layers === "hook") {
  app.preHandler(({ state }) => {
    state.user = "ada";
  });
}
if (layers === "dependencies") {
  app
    .provide("name", () => "world")
    .provide("greeting", ({ name }) => `Hello, ${name}`)
    .provide("sentence", ({ greeting }) => `${greeting}!`)
    .get("/", async ({ sentence }) => sentence);
} else {
  app.get("/", async () => "Hello, world!");
}

await app.listen({ port: Number(process.argv[2]) });
