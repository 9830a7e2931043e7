#!/usr/bin/env bash
# Installs what the tests need and runs them all; arguments go to `dotnet test`. Exit code 0 only when every test passed.
set -euo pipefail
cd "$(dirname "$0")"

# The browser journeys drive a Chromium: CHROMIUM names one, else the distribution's is used, and installed where it is missing.
if [ -z "${CHROMIUM:-}" ]; then
  for name in chromium chromium-browser google-chrome; do
    CHROMIUM=$(command -v "$name") && break
  done || true
  if [ -z "${CHROMIUM:-}" ]; then
    if ! command -v apt-get >/dev/null; then
      echo "The browser tests need Chromium: install it, or set CHROMIUM to its path." >&2
      exit 1
    fi
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get -o DPkg::Lock::Timeout=600 update -qq
    $as_root apt-get -o DPkg::Lock::Timeout=600 install -y -qq chromium >/dev/null
    CHROMIUM=$(command -v chromium)
  fi
fi
export CHROMIUM

# The many short runs of the app are over before measuring its own code could make it faster.
export DOTNET_TieredPGO=0
rm -rf TestResults
code=0
dotnet test MovieRecommender.sln "$@" --logger "trx;LogFileName=tests.trx" --results-directory TestResults || code=$?
trx=TestResults/tests.trx
counters=$(grep -o '<Counters [^>]*>' "$trx")
value() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
echo "$(value passed) passed, $(value failed) failed"
exit "$code"
