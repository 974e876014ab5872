#!/usr/bin/env bash
# Is the Terraform code formatted, valid, tagged and of least privilege?   02-validate-infrastructure.sh
cd "$(dirname "${BASH_SOURCE[0]}")/../.." && exec npm run --silent validate:infrastructure -- "$@"
