# Alarms on one metric each. All of them compare with "greater than", as SLIC Watch does.
locals {
  # An account has one limit for all of its functions; one with a reservation has its own.
  has_reservation   = var.reserved_concurrency > 0
  concurrency_limit = local.has_reservation ? var.reserved_concurrency : var.account_concurrency_limit

  metric_alarms = {
    # The 99th percentile, since one slow request should wake nobody; against the timeout, since that is where requests begin to
    # be cut off. No requests are not slow.
    duration = {
      says       = "The slowest 1 % of the calls of ${var.function_name} take more than ${var.duration_percent_of_timeout} % of its timeout of ${var.function_timeout} s"
      namespace  = "AWS/Lambda"
      metric     = "Duration"
      dimensions = { FunctionName = var.function_name }
      statistic  = "p99"
      threshold  = var.function_timeout * 1000 * var.duration_percent_of_timeout / 100
      period     = 300
      periods    = 1
      datapoints = 1
      missing    = "notBreaching"
    }

    # Each refused call is a request that failed: nobody repeats a synchronous one. No calls, none refused.
    throttles = {
      says       = "Lambda refuses calls of ${var.function_name} for lack of concurrency (more than ${var.throttles_threshold} in a minute)"
      namespace  = "AWS/Lambda"
      metric     = "Throttles"
      dimensions = { FunctionName = var.function_name }
      statistic  = "Sum"
      threshold  = var.throttles_threshold
      period     = 60
      periods    = 1
      datapoints = 1
      missing    = "notBreaching"
    }

    # Two minutes of three: a burst that ends by itself is what concurrency is there for.
    concurrency = {
      says       = "${local.has_reservation ? var.function_name : "All functions of this region together"} use more than ${var.concurrency_percent} % of ${local.concurrency_limit} concurrent executions, beyond which calls are refused"
      namespace  = "AWS/Lambda"
      metric     = "ConcurrentExecutions"
      dimensions = local.has_reservation ? { FunctionName = var.function_name } : null
      statistic  = "Maximum"
      threshold  = local.concurrency_limit * var.concurrency_percent / 100
      period     = 60
      periods    = 3
      datapoints = 2
      missing    = "notBreaching"
    }

    # Every message is an event that was lost to its sender. SQS stops measuring a queue that nobody has touched for six hours:
    # the alarm must not end because of that, so it stays what it was.
    dead_letters = {
      says       = "Events that ${var.function_name} failed to handle for good lie in the queue ${var.dead_letter_queue_name}"
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = var.dead_letter_queue_name }
      statistic  = "Maximum"
      threshold  = var.dead_letters_threshold
      period     = 60
      periods    = 1
      datapoints = 1
      missing    = "ignore"
    }

    # Twice in three periods, because a release or a quiet hour makes single cold starts the 99th percentile.
    latency = {
      says       = "The slowest 1 % of the answers of ${var.api_name} take more than ${var.latency_p99_milliseconds} ms"
      namespace  = "AWS/ApiGateway"
      metric     = "Latency"
      dimensions = local.stage_dimensions
      statistic  = "p99"
      threshold  = var.latency_p99_milliseconds
      period     = 300
      periods    = 3
      datapoints = 2
      missing    = "notBreaching"
    }
  }

  stage_dimensions = { ApiName = var.api_name, Stage = var.stage_name }
}

resource "aws_cloudwatch_metric_alarm" "metric" {
  for_each = local.metric_alarms

  alarm_name          = local.alarm_names[each.key]
  alarm_description   = "${each.value.says}. Runbook: ${local.runbooks[each.key]}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.datapoints
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
  tags                = var.tags
}

# The one alarm for which no data is the bad news: nobody reaches the API.
resource "aws_cloudwatch_metric_alarm" "silent" {
  count = var.silence_minutes == null ? 0 : 1

  alarm_name          = local.alarm_names.silent
  alarm_description   = "Not one request has reached ${var.api_name} for ${var.silence_minutes} minutes. Runbook: ${local.runbooks.silent}"
  namespace           = "AWS/ApiGateway"
  metric_name         = "Count"
  dimensions          = local.stage_dimensions
  statistic           = "Sum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = var.silence_minutes
  datapoints_to_alarm = var.silence_minutes
  treat_missing_data  = "breaching"
  alarm_actions       = [] # it speaks through the composite alarm
  tags                = var.tags
}
