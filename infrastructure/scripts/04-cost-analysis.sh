#!/usr/bin/env bash
# What does an environment cost in a month?   04-cost-analysis.sh ENV [--local]
exec "$(dirname "${BASH_SOURCE[0]}")/slipway.sh" costs "$@"
