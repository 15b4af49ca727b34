// The chat: a WebSocket that is opened again whenever it is lost.

const element = (id) => document.getElementById(id);
const [log, join, say, status, people] = ["log", "join", "say", "status", "people"].map(element);
const send = say.querySelector("button");

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

let socket;
let retry;
let wait = FIRST_WAIT_MS;

function connect() {
  clearTimeout(retry);
  const url = new URL("chat", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("name", join.elements.name.value);

  show("Connecting", "");
  socket = new WebSocket(url);
  socket.onopen = () => {
    wait = FIRST_WAIT_MS;
    show("Connected", "good");
  };
  socket.onmessage = ({ data }) => receive(JSON.parse(data));
  socket.onclose = () => {
    show("Connection lost, trying again", "bad");
    people.textContent = "Nobody can be seen.";
    retry = setTimeout(connect, wait);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  };
}

function show(text, kind) {
  status.textContent = text;
  status.dataset.kind = kind;
  send.disabled = kind !== "good";
}

function receive(message) {
  if (message.kind === "said") add(message.name, message.text);
  else if (message.kind === "people") showPeople(message.names);
  else add("Not sent", message.detail);
}

function showPeople(names) {
  const who = document.createElement("span");
  who.textContent = names.join(", ");
  const count = document.createElement("b");
  count.textContent = names.length;
  people.replaceChildren(count, " here: ", who);
}

function add(name, text) {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const item = document.createElement("li");
  item.classList.toggle("own", name === join.elements.name.value);
  const who = document.createElement("b");
  who.textContent = name;
  const time = document.createElement("time");
  time.textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const said = document.createElement("p");
  said.textContent = text;
  said.dir = "auto";
  item.append(who, " ", time, said);
  log.append(item);
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

join.addEventListener("submit", (event) => {
  event.preventDefault();
  join.hidden = true;
  say.hidden = false;
  say.elements.text.focus();
  connect();
});

say.addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ text: say.elements.text.value }));
  say.reset();
});
