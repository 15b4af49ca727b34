#!/usr/bin/env bash
# Starts a shop, sends it real requests with curl, and shows them with their answers:
#
#     demo.sh [--once] -- COMMAND
#
# COMMAND has to listen on port $PORT, 8000 by default. It keeps running until Ctrl-C; with --once the script stops it and
# exits.
set -euo pipefail

once=
if [ "${1:-}" = --once ]; then once=1 && shift; fi
if [ "${1:-}" != -- ] || [ $# -lt 2 ]; then
  echo 'usage: demo.sh [--once] -- COMMAND' >&2
  exit 2
fi
shift

export PORT="${PORT:-8000}"
talk="$(cd "$(dirname "$0")" && pwd)/talk.py"
folder=$(mktemp -d)
"$@" >"$folder/log" 2>&1 &
server=$!
trap 'kill -TERM $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
printf '\x89PNG\r\n\x1a\n0123456789' >photo.png

base="http://127.0.0.1:$PORT"
for _ in $(seq 100); do
  curl -s -o /dev/null "$base/" && break
  kill -0 $server 2>/dev/null || { cat log; exit 1; }
  sleep 0.1
done

# Prints a command as one would type it.
command_line() {
  printf '\n$'
  for word in "$@"; do
    if [[ $word =~ ^[[:alnum:]_/.:?=-]+$ ]]; then printf ' %s' "$word"; else printf " '%s'" "$word"; fi
  done
  printf '\n'
}

show() {
  command_line curl "$@"
  curl -sS -i "$@"
  printf '\n'
}

talk() {
  command_line talk.py "$@"
  python3 "$talk" "$@"
}

json=(-H 'content-type: application/json')
clerk=(-H 'authorization: Bearer open-sesame')
show "$base/"
show "$base/users" "${json[@]}" -d '{"name": "Ada", "email": "ada@example.org"}'
show "$base/users/1"
printf '\nThe same address again:\n'
show "$base/users" "${json[@]}" -d '{"name": "Eve", "email": "ada@example.org"}'
printf '\nAn order, which a clerk alone may take:\n'
show "$base/orders" "${json[@]}" -d '{"user": 1, "lines": [{"sku": "TEA-0001", "quantity": 2}, {"sku": "CUP-0042", "quantity": 1}]}'
show "$base/orders" "${clerk[@]}" "${json[@]}" -d '{"user": 1, "lines": [{"sku": "TEA-0001", "quantity": 2}, {"sku": "CUP-0042", "quantity": 1}]}'
show "$base/orders/1" "${clerk[@]}"
printf '\nThree mistakes in one order, all reported at once:\n'
show "$base/orders" "${clerk[@]}" "${json[@]}" -d '{"user": "Ada", "lines": [{"sku": "tea", "quantity": 0}]}'
printf '\nAn order of a user that does not exist, and one that does not exist itself:\n'
show "$base/orders" "${clerk[@]}" "${json[@]}" -d '{"user": 2, "lines": [{"sku": "TEA-0001", "quantity": 1}], "note": "Wrap it, please."}'
show "$base/orders/2" "${clerk[@]}"
printf '\nThe users, and a query parameter out of range:\n'
show "$base/users"
show "$base/users?limit=1000"
printf '\nAn upload:\n'
show "$base/products/TEA-0001/photo" -F "photo=@photo.png;type=image/png"
printf '\nA stream of events, and the rest of it for a client that comes back:\n'
show -N "$base/orders/1/progress" "${clerk[@]}"
show -N "$base/orders/1/progress" "${clerk[@]}" -H 'Last-Event-ID: 2'
printf '\nA socket, and a message that does not fit:\n'
talk "ws://127.0.0.1:$PORT/basket" '{"sku": "TEA-0001", "quantity": 2}' '{"sku": "CUP-0042", "quantity": 1}' '{"sku": "tea"}'
printf '\nAn unknown path, and a known one with another method:\n'
show "$base/nowhere"
show -X DELETE "$base/users"
printf '\nWhat a browser asks before a page of another origin may send an order:\n'
show -X OPTIONS "$base/orders" -H 'origin: https://shop.example' -H 'access-control-request-method: POST' -H 'access-control-request-headers: authorization'

printf '\nThe documents, compressed, and a page that shows them:\n'
show -I "$base/openapi.json" -H 'accept-encoding: gzip'
show -I "$base/asyncapi.json"
show -I "$base/docs"
if [ -n "${DOCUMENTS:-}" ]; then
  # What the fields above stand for, for whoever compares shops.
  for name in openapi asyncapi; do curl -sS "$base/$name.json" | python3 -m json.tool >"$DOCUMENTS/$name.json"; done
fi

if [ -n "$once" ]; then
  printf '\nThe demo is done.\n'
else
  printf '\nThe shop is at %s, its page at %s/docs; Ctrl-C stops it.\n' "$base" "$base"
  wait $server
fi
