// The ticks: an EventSource, which comes back by itself and says the id of the last event that it has seen.

const element = (id) => document.getElementById(id);

const CHARTED = 120;
const LISTED = 40;
const [WIDTH, HEIGHT, MARGIN] = [600, 160, 12];

const prices = [];
let last;
let opened = 0;
let missed = 0;
let seen = 0;

const source = new EventSource("ticks");
source.onopen = () => {
  opened += 1;
  element("returns").textContent = opened - 1;
  show("Live", "good");
};
source.onerror = () => {
  const isOver = source.readyState === EventSource.CLOSED;
  show(isOver ? "The server has refused; load the page again" : "Connection lost, coming back", "bad");
};
source.onmessage = ({ data }) => receive(JSON.parse(data));

function show(text, kind) {
  const status = element("status");
  status.textContent = text;
  status.dataset.kind = kind;
}

function receive(tick) {
  // Numbers that begin anew are those of a server that has been started again.
  if (last && tick.number > last.number) missed += tick.number - last.number - 1;
  seen += 1;
  prices.push(tick.price);
  if (prices.length > CHARTED) prices.shift();
  element("price").textContent = tick.price.toFixed(2);
  element("seen").textContent = seen;
  element("missed").textContent = missed;
  element("readers").textContent = tick.readers;
  list(tick, last ? tick.price - last.price : 0);
  draw();
  last = tick;
}

function list(tick, change) {
  const row = element("ticks").insertRow(0);
  row.insertCell().textContent = tick.number;
  row.insertCell().textContent = tick.price.toFixed(2);
  const cell = row.insertCell();
  cell.textContent = `${change > 0 ? "▲" : change < 0 ? "▼" : "="} ${Math.abs(change).toFixed(2)}`;
  cell.className = change > 0 ? "up" : change < 0 ? "down" : "";
  if (element("ticks").rows.length > LISTED) element("ticks").deleteRow(-1);
}

function draw() {
  const lowest = Math.min(...prices);
  const highest = Math.max(...prices);
  const x = (index) => (index / Math.max(prices.length - 1, 1)) * WIDTH;
  const y = (price) => MARGIN + ((highest - price) / (highest - lowest || 1)) * (HEIGHT - 2 * MARGIN);
  const points = prices.map((price, index) => `${x(index).toFixed(1)},${y(price).toFixed(1)}`).join(" ");
  element("line").setAttribute("points", points);
  element("area").setAttribute("points", `0,${HEIGHT} ${points} ${x(prices.length - 1).toFixed(1)},${HEIGHT}`);
  const span = `The last ${prices.length} prices, from ${lowest.toFixed(2)} to ${highest.toFixed(2)}`;
  element("chart").setAttribute("aria-label", span);
}
