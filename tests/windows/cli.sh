# shellcheck shell=bash disable=SC2154
# The command line cases.

suite "command line cases" tests/cli/run --program "$here/wine-azdal"
