// Streams of Node's own server, which are generators that a pipeline reads.
import { createServer } from "node:http";
import { Readable, pipeline } from "node:stream";

const chunk = Buffer.alloc(65_536, "x");

async function* events() {
  for (let number = 0; number < 20_000; number++) yield `data: ${number}\n\n`;
}

async function* chunks() {
  for (let number = 0; number < 1_000; number++) yield chunk;
}

const server = createServer((request, response) => {
  const isTicks = request.url === "/ticks";
  response.writeHead(200, { "content-type": isTicks ? "text/event-stream" : "application/octet-stream" });
  pipeline(Readable.from(isTicks ? events() : chunks()), response, () => {});
});

server.listen(Number(process.argv[2]), "127.0.0.1");
