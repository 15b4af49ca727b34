#!/usr/bin/env bash
# Fails unless all shops answer the requests of demo.sh alike, byte for byte but for request ids and dates:
#
#     compare.sh COMMAND COMMAND...
#
# Each COMMAND is a line for the shell that starts one of them on port $PORT.
set -euo pipefail
examples=$(cd "$(dirname "$0")" && pwd)

PORT=$(python3 -c 'import socket; server = socket.create_server(("127.0.0.1", 0)); print(server.getsockname()[1])')
export PORT
answers=$(mktemp -d)
export DOCUMENTS="$answers/documents"
mkdir "$DOCUMENTS"
trap 'rm -rf "$answers"' EXIT

first=
for command in "$@"; do
  "$examples/demo.sh" --once -- sh -c "$command" >"$answers/raw"
  # The reader must have met both, or the comparison below would compare less than it says.
  grep -q '^date: ' "$answers/raw" && grep -q '"request_id":"' "$answers/raw"
  sed -E 's/^date: [^\r]+/date: …/; s/^x-request-id: [0-9a-f]{16}/x-request-id: …/; s/"request_id":"[0-9a-f]{16}"/"request_id":"…"/' \
    "$answers/raw" >"$answers/other"
  if [ -z "$first" ]; then
    first=$command
    mv "$answers/other" "$answers/first"
    cp -r "$DOCUMENTS" "$answers/first-documents"
  elif ! diff -r "$answers/first-documents" "$DOCUMENTS"; then
    printf '\nThese two describe themselves differently:\n< %s\n> %s\n' "$first" "$command" >&2
    exit 1
  elif ! diff "$answers/first" "$answers/other"; then
    printf '\nThese two answer differently:\n< %s\n> %s\n' "$first" "$command" >&2
    exit 1
  fi
done
echo "$# shops answer alike."
