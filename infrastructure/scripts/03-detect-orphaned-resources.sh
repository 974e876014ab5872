#!/usr/bin/env bash
# What exists and belongs to no Terraform state?   03-detect-orphaned-resources.sh ENV|all [all|lambda|dynamodb|...] [--local]
exec "$(dirname "${BASH_SOURCE[0]}")/slipway.sh" orphans "$@"
