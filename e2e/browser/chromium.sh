#!/usr/bin/env bash
# Prints the path of Chromium, which is installed where there is none, or fails. $CHROMIUM may name another browser of its kind.
set -euo pipefail

browser=${CHROMIUM:-chromium}
command -v "$browser" && exit

if [ "$browser" != chromium ] || ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "Chromium is needed: install it, or let \$CHROMIUM name it (Debian: apt-get install chromium)." >&2
  exit 1
fi

# Nothing but the download can take long, and where there is no network it ends soon.
export DEBIAN_FRONTEND=noninteractive
options=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o Acquire::https::Timeout=15 -o DPkg::Lock::Timeout=60)
download() { timeout 240 apt-get "${options[@]}" install -y --no-install-recommends --download-only chromium >&2; }

download || { timeout 60 apt-get "${options[@]}" update >&2 && download; } || {
  echo 'Chromium could not be downloaded.' >&2
  exit 1
}
apt-get "${options[@]}" install -y --no-install-recommends chromium >&2
command -v chromium
