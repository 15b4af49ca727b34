// Sabir's sockets and event streams on Node and Bun.
import { Sabir } from "sabir";

const app = new Sabir();
app.websocket("/echo", { message: (ws, message) => void ws.send(message) });
app.websocket("/room", {
  open(ws) {
    ws.subscribe("room");
    ws.send("ready");
  },
});
app.websocket("/publish", { message: (_ws, message) => void app.publish("room", message) });
app.sse("/events", async function* ({ signal }) {
  yield { data: "begun" };
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
});

await app.listen({ port: Number(process.argv[2]) });
