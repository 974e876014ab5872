# Saved queries of Logs Insights, in a folder named after the function. Corrected: fields instead of texts, since the logs are
# JSON; counts by class instead of averages of status codes; durations from the lines that have one.
locals {
  queries = {
    # The handler's own errors have a class (error.name), what no handler caught has Lambda's (errorType), and what Lambda ended has none.
    # Lambda's REPORT of such an end names it again: it is not asked for, or each would count twice. max() makes a number of a time.
    "Error Analysis" = {
      groups = [var.function_log_group_name]
      text   = <<-EOT
        fields coalesce(error.name, errorType, message, "ended by Lambda") as class
        | filter level in ["ERROR", "WARN"] or @message like /Task timed out|Runtime exited|\tERROR\t/
        | stats count(*) as errors, count_distinct(@logStream) as instances, fromMillis(max(@timestamp)) as last by class, operation
        | sort errors desc
      EOT
    }

    # Short names: all of it fits into 80 columns. Milliseconds, and megabytes of memory.
    "Performance Analysis" = {
      groups = [var.function_log_group_name]
      text   = <<-EOT
        filter @type = "REPORT"
        | stats count(*) as calls, count(@initDuration) as cold, avg(@duration) as average, pct(@duration, 50) as p50, pct(@duration, 99) as p99, max(@duration) as slowest, max(@maxMemoryUsed / 1000 / 1000) as maxMB by bin(5m) as period
        | sort period desc
      EOT
    }

    # The gateway writes texts only: the first character of a status is its class.
    "Request Analysis" = {
      groups = [var.access_log_group_name]
      text   = <<-EOT
        fields concat(substr(status, 0, 1), "xx") as class
        | stats count(*) as requests, pct(responseLatency, 50) as p50, pct(responseLatency, 99) as p99 by bin(5m) as period, class
        | sort period desc, class
      EOT
    }
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = local.queries

  name            = "${var.function_name}/${each.key}"
  log_group_names = each.value.groups
  query_string    = trimspace(each.value.text)
}
