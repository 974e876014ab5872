#!/usr/bin/env bash
# Is what was deployed there, well, and as its code says?   01-post-deployment-validation.sh ENV [--local]
exec "$(dirname "${BASH_SOURCE[0]}")/slipway.sh" validate "$@"
