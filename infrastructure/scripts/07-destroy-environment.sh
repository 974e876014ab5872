#!/usr/bin/env bash
# Destroys an environment: confirmed, backed up, and never by accident.   07-destroy-environment.sh ENV [--local]
exec "$(dirname "${BASH_SOURCE[0]}")/slipway.sh" destroy "$@"
