# shellcheck shell=bash disable=SC2154
# The crash tests: the program cut at every fault point, and killed.

printf '#!/bin/sh\nPROGRAM=%s exec %s "$@"\n' "$faulty" "$here/wine-azdal" >"$T/faulty"
chmod +x "$T/faulty"
AZDAL=$here/wine-azdal FAULTY=$T/faulty suite "crash tests" tests/crash/run
