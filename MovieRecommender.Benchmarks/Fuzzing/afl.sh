#!/bin/sh
# Fuzzes a parser with AFL++ and SharpFuzz: afl.sh PARSER EXECUTIONS [FOLDER]
# Needs afl-fuzz (Debian: afl++) and the tool `sharpfuzz` (dotnet tool install SharpFuzz.CommandLine).
set -eu
[ $# -ge 2 ] || { echo "usage: afl.sh PARSER EXECUTIONS [FOLDER]" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
out=${3:-$here/bin/afl}
program=$out/program
if [ ! -e "$program/instrumented" ]; then
    dotnet publish "$here" -c Release -o "$program"
    # Before instrumenting: code that is instrumented runs under afl-fuzz only.
    dotnet "$program/MovieRecommender.Benchmarks.dll" fuzz-seeds "$out/seeds"
    sharpfuzz "$program/MovieRecommender.Domain.dll"
    # The body of a prediction is read by a file of the web app that is compiled into this program.
    sharpfuzz "$program/MovieRecommender.Benchmarks.dll" MovieRecommender.Web.Api.Serving
    touch "$program/instrumented"
fi
# The parsers that read a path find their file in memory: it is written anew for every execution.
if [ -d /dev/shm ]; then export TMPDIR=/dev/shm; fi
# .NET binaries are not built by AFL's compilers, and a run may wait for the runtime's compiler.
AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 \
    afl-fuzz -i "$out/seeds/$1" -o "$out/$1" -E "$2" -t 10000 -m none -- dotnet "$program/MovieRecommender.Benchmarks.dll" fuzz-afl "$1"
grep -E 'execs_done|edges_found|corpus_count|saved_crashes|saved_hangs|execs_per_sec' "$out/$1/default/fuzzer_stats"
