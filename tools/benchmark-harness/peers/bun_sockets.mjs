// Bun's own server with its sockets and topics.
Bun.serve({
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  fetch(request, server) {
    const { pathname } = new URL(request.url);
    return server.upgrade(request, { data: { pathname } }) ? undefined : new Response("It is no socket.", { status: 426 });
  },
  websocket: {
    open(ws) {
      if (ws.data.pathname !== "/room") return;
      ws.subscribe("room");
      ws.send("ready");
    },
    message(ws, message) {
      if (ws.data.pathname === "/publish") ws.publish("room", message);
      else ws.send(message);
    },
  },
});
