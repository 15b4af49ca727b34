// Sabir's streams on Node and Bun.
import { Sabir } from "sabir";

const chunk = Buffer.alloc(65_536, "x");
const app = new Sabir();

app.sse("/ticks", async function* () {
  for (let number = 0; number < 20_000; number++) yield { data: String(number) };
});
app.get("/download", async function* () {
  for (let number = 0; number < 1_000; number++) yield chunk;
});

await app.listen({ port: Number(process.argv[2]) });
