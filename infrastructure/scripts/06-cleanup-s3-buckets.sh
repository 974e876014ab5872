#!/usr/bin/env bash
# Empties an environment's buckets, once confirmed.   06-cleanup-s3-buckets.sh ENV [--local]
exec "$(dirname "${BASH_SOURCE[0]}")/slipway.sh" empty-buckets "$@"
