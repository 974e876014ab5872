# Saved queries of Logs Insights, in a folder named after the function. Corrected: fields instead of texts, since the logs are
# JSON; counts by class instead of averages of status codes; durations from the lines that have one.
locals {
  queries = {
    # The handler's own errors have a class (error.name), and so has what the runtime writes of an exception that nobody caught, in the
    # handler or at the start (errorType); what Lambda writes when it ends a function has none.
    "Error Analysis" = {
      groups = [var.function_log_group_name]
      text   = <<-EOT
        fields coalesce(error.name, errorType, "ended by Lambda") as class
        | filter level in ["ERROR", "WARN"] or @message like /Invoke Error|Uncaught Exception|Task timed out|Runtime exited|Runtime\.[A-Z]\w+/
        | stats count(*) as errors, count_distinct(@logStream) as instances, max(@timestamp) as last by class, operation
        | sort errors desc
      EOT
    }

    "Performance Analysis" = {
      groups = [var.function_log_group_name]
      text   = <<-EOT
        filter @type = "REPORT"
        | stats count(*) as calls, count(@initDuration) as coldStarts, avg(@duration) as average, pct(@duration, 50) as p50, pct(@duration, 99) as p99, max(@duration) as slowest, max(@maxMemoryUsed / 1000 / 1000) as memoryMB by bin(5m)
      EOT
    }

    "Request Analysis" = {
      groups = [var.access_log_group_name]
      text   = <<-EOT
        parse status /^(?<class>\d)/
        | stats count(*) as requests, pct(responseLatency, 50) as p50, pct(responseLatency, 99) as p99 by bin(5m), class
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
