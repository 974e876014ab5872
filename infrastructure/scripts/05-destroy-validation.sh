#!/usr/bin/env bash
# What stands in the way of destroying an environment? Changes nothing.   05-destroy-validation.sh ENV [--local]
exec "$(dirname "${BASH_SOURCE[0]}")/slipway.sh" destroy --check "$@"
