// Node's own server, which has neither routes nor validation: the floor of everything in JavaScript.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  if (request.url !== "/") return response.writeHead(404).end();
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("Hello, world!");
});

server.keepAliveTimeout = 75_000;
server.listen(Number(process.argv[2]), "127.0.0.1");
