# Alarms on the share of something in something, by metric math. Below the minimum of requests the share is taken for 0: one
# failure in three requests is no 33 %, it is one failure. Without any request there is no data, and nothing is wrong.
locals {
  rate_alarms = {
    errors = {
      says       = "More than ${var.error_rate_percent} % of the calls of ${var.function_name} fail (in 5 minutes with ${var.minimum_requests} calls or more)"
      namespace  = "AWS/Lambda"
      part       = "Errors"
      whole      = "Invocations"
      dimensions = { FunctionName = var.function_name }
      minimum    = var.minimum_requests
      threshold  = var.error_rate_percent
      period     = 300
      periods    = 1
      datapoints = 1
      actions    = [aws_sns_topic.alarms.arn]
    }

    # The function answers 500 without failing: that is an error here and none above. Two periods of three, because at 1 % a
    # single failed request is enough in a quiet period.
    server_error = {
      says       = "More than ${var.server_error_percent} % of the answers of ${var.api_name} are server errors (5xx; in 5 minutes with ${var.minimum_requests} requests or more)"
      namespace  = "AWS/ApiGateway"
      part       = "5XXError"
      whole      = "Count"
      dimensions = local.stage_dimensions
      minimum    = var.minimum_requests
      threshold  = var.server_error_percent
      period     = 300
      periods    = 3
      datapoints = 2
      actions    = [aws_sns_topic.alarms.arn]
    }

    # By the minute, and speaking through the composite alarm only.
    unavailable = {
      says       = "More than ${var.unavailable_percent} % of the answers of ${var.api_name} have been server errors (5xx) for three minutes (with ${var.unavailable_minimum_requests} requests a minute or more)"
      namespace  = "AWS/ApiGateway"
      part       = "5XXError"
      whole      = "Count"
      dimensions = local.stage_dimensions
      minimum    = var.unavailable_minimum_requests
      threshold  = var.unavailable_percent
      period     = 60
      periods    = 3
      datapoints = 3
      actions    = []
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "rate" {
  for_each = local.rate_alarms

  alarm_name          = local.alarm_names[each.key]
  alarm_description   = "${each.value.says}. Runbook: ${local.runbooks[each.key]}"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.datapoints
  treat_missing_data  = "notBreaching"
  alarm_actions       = each.value.actions
  ok_actions          = each.value.actions
  tags                = var.tags

  metric_query {
    id          = "percent"
    label       = "${each.value.part} in % of ${each.value.whole}"
    expression  = "IF(whole >= ${each.value.minimum}, 100 * part / whole, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { part = each.value.part, whole = each.value.whole }

    content {
      id = metric_query.key

      metric {
        namespace   = each.value.namespace
        metric_name = metric_query.value
        dimensions  = each.value.dimensions
        stat        = "Sum"
        period      = each.value.period
      }
    }
  }
}

locals {
  # The table, and each of its indexes, which are throttled and measured by themselves.
  throttle_dimensions = merge(
    { table = { TableName = local.watched_table } },
    { for position, index in sort(var.index_names) : "index${position}" => { TableName = local.watched_table, GlobalSecondaryIndexName = index } },
  )
  throttle_metrics = merge([
    for id, dimensions in local.throttle_dimensions : {
      for kind in ["Read", "Write"] : "${lower(kind)}_${id}" => { metric = "${kind}ThrottleEvents", dimensions = dimensions }
    }
  ]...)
}

# Not UserErrors, which counts bad requests of the whole account and knows no table. DynamoDB measures throttles only when there
# are some: no data is good news.
resource "aws_cloudwatch_metric_alarm" "throttling" {
  alarm_name          = local.alarm_names.throttling
  alarm_description   = "DynamoDB throttles ${local.watched_table} or its indexes (more than ${var.table_throttles_threshold} reads and writes in 5 minutes). Runbook: ${local.runbooks.throttling}"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.table_throttles_threshold
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
  tags                = var.tags

  metric_query {
    id          = "throttles"
    label       = "Throttled reads and writes"
    expression  = "SUM(METRICS())"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.throttle_metrics

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/DynamoDB"
        metric_name = metric_query.value.metric
        dimensions  = metric_query.value.dimensions
        stat        = "Sum"
        period      = 300
      }
    }
  }
}
