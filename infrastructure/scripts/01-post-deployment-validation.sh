#!/usr/bin/env bash
# Is what was deployed there, well, and as its code says?   01-post-deployment-validation.sh ENV [--window short] [--local]
# The first 5 minutes unless another --window is named.
exec "$(dirname "${BASH_SOURCE[0]}")/slipway.sh" validate --window immediate "$@"
