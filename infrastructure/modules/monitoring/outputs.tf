output "topic_arn" {
  description = "ARN of the topic that alarms are sent to."
  value       = aws_sns_topic.alarms.arn
}

output "alarm_names" {
  description = "Name of every alarm by what it watches; `down` is the composite one."
  value       = local.alarm_names

  depends_on = [
    aws_cloudwatch_metric_alarm.metric,
    aws_cloudwatch_metric_alarm.rate,
    aws_cloudwatch_metric_alarm.throttling,
    aws_cloudwatch_metric_alarm.silent,
    aws_cloudwatch_metric_alarm.backups,
    aws_cloudwatch_composite_alarm.down,
  ]
}

output "runbooks" {
  description = "Where each alarm's runbook is, by what the alarm watches."
  value       = local.runbooks
}

output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}

output "query_names" {
  description = "Names of the saved queries of Logs Insights."
  value       = [for query in aws_cloudwatch_query_definition.this : query.name]
}

output "undelivered_queue_name" {
  description = "Name of the queue for notifications that nobody received; null without subscriptions."
  value       = one(aws_sqs_queue.undelivered[*].name)
}
