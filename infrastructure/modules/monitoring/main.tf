data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.name

  # What metrics call the table.
  watched_table = coalesce(var.restored_table_name, var.table_name)

  # One runbook for all environments and copies: api-handler-prod-errors is explained in api-handler-errors.md, and so is blue-api-handler-prod-errors.
  runbooks = {
    for key, name in local.alarm_names : key =>
    "${coalesce(var.runbook_base_url, "docs/runbooks")}/${replace(trimprefix("${name}.md", var.name_prefix), "-${var.environment}-", "-")}"
  }

  alarm_names = merge(
    {
      errors       = "${var.function_name}-errors"
      duration     = "${var.function_name}-duration"
      throttles    = "${var.function_name}-throttles"
      concurrency  = "${var.function_name}-concurrency"
      dead_letters = "${var.function_name}-dead-letters"
      throttling   = "${var.table_name}-throttling"
      server_error = "${var.api_name}-5xx"
      latency      = "${var.api_name}-latency"
      unavailable  = "${var.api_name}-unavailable"
      down         = "${var.api_name}-down"
    },
    var.silence_minutes == null ? {} : { silent = "${var.api_name}-silent" },
    var.backup_schedule_group_name == null ? {} : { backups = "${var.table_name}-backups" },
  )
}
