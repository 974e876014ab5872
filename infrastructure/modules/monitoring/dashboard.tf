# Every metric with all of its dimensions: without them CloudWatch shows the whole account's numbers. Top to bottom: is something
# wrong, what do clients see, what does the function do, what does the table do, and the errors themselves.
locals {
  function_dimensions = ["FunctionName", var.function_name]
  stage_metric        = { for metric in ["Count", "4XXError", "5XXError", "Latency", "IntegrationLatency"] : metric => ["AWS/ApiGateway", metric, "ApiName", var.api_name, "Stage", var.stage_name] }
  function_metric     = { for metric in ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"] : metric => concat(["AWS/Lambda", metric], local.function_dimensions) }
  table_metric        = { for metric in ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"] : metric => ["AWS/DynamoDB", metric, "TableName", local.watched_table] }

  # By version, which the release engine moves: a search finds new ones by itself.
  by_version = "{AWS/Lambda,ExecutedVersion,FunctionName,Resource} FunctionName=\"${var.function_name}\" Resource=\"${var.function_name}:${var.alias_name}\""

  # Rows of widgets: height, and each widget's type and properties. All of a row are equally wide.
  dashboard_rows = [
    {
      height = 3
      widgets = [{
        type       = "alarm"
        properties = { title = "Alarms", alarms = [for name in values(local.alarm_names) : "arn:${local.partition}:cloudwatch:${local.region}:${local.account_id}:alarm:${name}"] }
      }]
    },
    {
      height = 6
      widgets = [
        {
          type = "metric"
          properties = {
            title = "Requests and errors (${var.api_name}, stage ${var.stage_name})", view = "timeSeries", region = local.region, period = 60, stat = "Sum"
            yAxis = { left = { min = 0 } }
            metrics = [
              concat(local.stage_metric["Count"], [{ label = "requests" }]),
              concat(local.stage_metric["4XXError"], [{ label = "4xx", color = "#ff9900" }]),
              concat(local.stage_metric["5XXError"], [{ label = "5xx", color = "#d13212" }]),
            ]
          }
        },
        {
          type = "metric"
          properties = {
            title       = "Server errors in % of answers", view = "timeSeries", region = local.region, period = 300
            yAxis       = { left = { min = 0 } }
            annotations = { horizontal = [{ label = local.alarm_names.server_error, value = var.server_error_percent }] }
            metrics = [
              [{ expression = "100 * part", label = "5xx %", id = "percent", color = "#d13212" }],
              concat(local.stage_metric["5XXError"], [{ id = "part", stat = "Average", visible = false }]),
            ]
          }
        },
        {
          type = "metric"
          properties = {
            title       = "Latency in ms", view = "timeSeries", region = local.region, period = 300
            yAxis       = { left = { min = 0 } }
            annotations = { horizontal = [{ label = local.alarm_names.latency, value = var.latency_p99_milliseconds }] }
            metrics = [
              concat(local.stage_metric["Latency"], [{ stat = "p50", label = "p50" }]),
              concat(local.stage_metric["Latency"], [{ stat = "p99", label = "p99" }]),
              concat(local.stage_metric["IntegrationLatency"], [{ stat = "p99", label = "p99 of the function's share" }]),
            ]
          }
        },
      ]
    },
    {
      height = 6
      widgets = [
        {
          type = "metric"
          properties = {
            title = "Calls (${var.function_name})", view = "timeSeries", region = local.region, period = 60, stat = "Sum"
            yAxis = { left = { min = 0 } }
            metrics = [
              concat(local.function_metric["Invocations"], [{ label = "calls" }]),
              concat(local.function_metric["Errors"], [{ label = "failed", color = "#d13212" }]),
              concat(local.function_metric["Throttles"], [{ label = "refused", color = "#ff9900" }]),
            ]
          }
        },
        {
          type = "metric"
          properties = {
            title       = "Duration in ms", view = "timeSeries", region = local.region, period = 300
            yAxis       = { left = { min = 0 } }
            annotations = { horizontal = [{ label = local.alarm_names.duration, value = local.metric_alarms.duration.threshold }] }
            metrics = [
              concat(local.function_metric["Duration"], [{ stat = "p50", label = "p50" }]),
              concat(local.function_metric["Duration"], [{ stat = "p99", label = "p99" }]),
              concat(local.function_metric["Duration"], [{ stat = "Maximum", label = "slowest" }]),
            ]
          }
        },
        {
          type = "metric"
          properties = {
            title = "Concurrent executions, dead letters", view = "timeSeries", region = local.region, period = 60, stat = "Maximum"
            yAxis = { left = { min = 0 } }
            metrics = [
              concat(local.function_metric["ConcurrentExecutions"], [{ label = "at once" }]),
              ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.dead_letter_queue_name, { label = "dead letters", color = "#d13212" }],
            ]
          }
        },
      ]
    },
    {
      height = 6
      widgets = [
        for kind in [{ metric = "Invocations", title = "Calls" }, { metric = "Errors", title = "Failed calls" }] : {
          type = "metric"
          properties = {
            title   = "${kind.title} by version, through the alias ${var.alias_name}", view = "timeSeries", region = local.region
            yAxis   = { left = { min = 0 } }
            metrics = [[{ expression = "SEARCH('${local.by_version} MetricName=\"${kind.metric}\"', 'Sum', 60)", label = "version $${PROP('Dim.ExecutedVersion')}", id = "versions" }]]
          }
        }
      ]
    },
    {
      height = 6
      widgets = [
        {
          type = "metric"
          properties = {
            title = "Consumed capacity units (${local.watched_table})", view = "timeSeries", region = local.region, period = 60, stat = "Sum"
            yAxis = { left = { min = 0 } }
            metrics = [
              concat(local.table_metric["ConsumedReadCapacityUnits"], [{ label = "read" }]),
              concat(local.table_metric["ConsumedWriteCapacityUnits"], [{ label = "written" }]),
            ]
          }
        },
        {
          type = "metric"
          properties = {
            title = "Throttled reads and writes", view = "timeSeries", region = local.region, period = 60, stat = "Sum"
            yAxis = { left = { min = 0 } }
            metrics = concat(
              [
                concat(local.table_metric["ReadThrottleEvents"], [{ label = "reads" }]),
                concat(local.table_metric["WriteThrottleEvents"], [{ label = "writes" }]),
              ],
              [for index in sort(var.index_names) : ["AWS/DynamoDB", "ReadThrottleEvents", "TableName", local.watched_table, "GlobalSecondaryIndexName", index, { label = "reads of ${index}" }]],
              [for index in sort(var.index_names) : ["AWS/DynamoDB", "WriteThrottleEvents", "TableName", local.watched_table, "GlobalSecondaryIndexName", index, { label = "writes of ${index}" }]],
            )
          }
        },
        {
          type = "metric"
          properties = {
            title   = "Latency of the table in ms, p99", view = "timeSeries", region = local.region, period = 300, stat = "p99"
            yAxis   = { left = { min = 0 } }
            metrics = [for operation in ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"] : ["AWS/DynamoDB", "SuccessfulRequestLatency", "TableName", local.watched_table, "Operation", operation, { label = operation }]]
          }
        },
      ]
    },
    {
      height = 6
      widgets = [{
        type = "log"
        properties = {
          title = "Errors by class", view = "table", region = local.region
          query = "SOURCE '${var.function_log_group_name}' | ${trimspace(local.queries["Error Analysis"].text)}"
        }
      }]
    },
  ]

  widgets = flatten([
    for position, row in local.dashboard_rows : [
      for column, widget in row.widgets : merge(widget, {
        x      = column * 24 / length(row.widgets)
        y      = sum(concat([0], [for above in slice(local.dashboard_rows, 0, position) : above.height]))
        width  = 24 / length(row.widgets)
        height = row.height
      })
    ]
  ])
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = coalesce(var.dashboard_name, "api-gateway-lambda-${var.environment}")
  dashboard_body = jsonencode({ start = "-PT3H", widgets = local.widgets })
}
