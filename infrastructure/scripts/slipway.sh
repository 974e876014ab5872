#!/usr/bin/env bash
# Runs `slipway` of this repository, set-up included, from wherever it is called. The numbered scripts source nothing else.
exec node "$(dirname "${BASH_SOURCE[0]}")/../../scripts/run.mjs" apps/cli/src/main.ts "$@"
