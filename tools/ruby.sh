#!/usr/bin/env bash
# Has Ruby with what the gem is built and tested with: installs Debian's packages where they are missing, or fails.
set -euo pipefail

present() {
  ruby -rmkmf -rminitest -rrack/test -rrbs -rsqlite3 -e 'exit RUBY_VERSION >= "3.1" && File.exist?(RbConfig::CONFIG["rubyhdrdir"])' 2>/dev/null &&
    command -v rake >/dev/null && { [ -n "${LIBCLANG_PATH:-}" ] || ls /usr/lib/llvm-*/lib/libclang*.so* >/dev/null 2>&1; }
}

present && exit

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo 'Ruby 3.1 or later is needed, with its headers, rake, minitest, rack, rbs, sqlite3 and libclang.' >&2
  exit 1
fi

# Nothing but the download can take long, and where there is no network it ends soon.
export DEBIAN_FRONTEND=noninteractive
packages=(
  ruby ruby-dev rake ruby-minitest ruby-rack ruby-rack-test puma ruby-sinatra ruby-rspec ruby-sqlite3 libclang-14-dev
)
options=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o Acquire::https::Timeout=15 -o DPkg::Lock::Timeout=60)
download() { timeout 240 apt-get "${options[@]}" install -y --no-install-recommends --download-only "${packages[@]}" >&2; }

download || { timeout 60 apt-get "${options[@]}" update >&2 && download; } || {
  echo 'Ruby could not be downloaded.' >&2
  exit 1
}
apt-get "${options[@]}" install -y --no-install-recommends "${packages[@]}" >&2
present
