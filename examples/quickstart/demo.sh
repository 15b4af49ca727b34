#!/usr/bin/env bash
# Starts the shop, sends it real requests with curl, and shows them with their answers.
# The server keeps running until Ctrl-C; with --once the script stops it and exits.
set -euo pipefail
cd "$(dirname "$0")"

python=${PYTHON:-python3}
log=$(mktemp)
photo=$(mktemp --suffix=.png)
printf '\x89PNG\r\n\x1a\n0123456789' >"$photo"
"$python" -m sabir run shop:app --host 127.0.0.1 --port "${PORT:-8000}" >"$log" 2>&1 &
server=$!
trap 'kill -TERM $server 2>/dev/null; wait $server 2>/dev/null; rm -f "$log" "$photo"' EXIT

base="http://127.0.0.1:${PORT:-8000}"
for _ in $(seq 100); do
  curl -s -o /dev/null "$base/" && break
  kill -0 $server 2>/dev/null || { cat "$log"; exit 1; }
  sleep 0.1
done

show() {
  printf '\n$ curl'
  printf ' %q' "$@"
  printf '\n'
  curl -sS -i "$@"
  printf '\n'
}

json=(-H 'content-type: application/json')
show "$base/"
show "$base/users" "${json[@]}" -d '{"name": "Ada", "email": "ada@example.org"}'
show "$base/users/1"
show "$base/orders" "${json[@]}" -d '{"user": 1, "lines": [{"sku": "TEA-0001", "quantity": 2}, {"sku": "CUP-0042", "quantity": 1}]}'
show "$base/orders/1"
printf '\nThree mistakes in one order, all reported at once:\n'
show "$base/orders" "${json[@]}" -d '{"user": "Ada", "lines": [{"sku": "tea", "quantity": 0}]}'
printf '\nA query parameter out of range:\n'
show "$base/users?limit=1000"
printf '\nAn upload:\n'
show "$base/products/TEA-0001/photo" -F "photo=@$photo;type=image/png"
printf '\nAn unknown path, and a known one with another method:\n'
show "$base/nowhere"
show -X DELETE "$base/users"

if [ "${1:-}" = "--once" ]; then
  printf '\nThe demo is done.\n'
else
  printf '\nThe shop is at %s; Ctrl-C stops it.\n' "$base"
  wait $server
fi
