#!/usr/bin/env bash
# Installs what the tests need and runs them all. Exit code 0 only when every test passed.
set -euo pipefail
cd "$(dirname "$0")"
rm -rf TestResults
code=0
dotnet test MovieRecommender.sln --logger "trx;LogFileName=tests.trx" --results-directory TestResults || code=$?
trx=TestResults/tests.trx
counters=$(grep -o '<Counters [^>]*>' "$trx")
value() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
echo "$(value passed) passed, $(value failed) failed"
exit "$code"
