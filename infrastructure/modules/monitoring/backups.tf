# Calls that EventBridge Scheduler has given up after their retries. Not TargetErrorCount, which counts each try that failed: most calls
# succeed when they are made again. Without a drop there is no data, and nothing is wrong.
#
# By the hour, so that it goes off soon; one hour of 24, so that it is still in ALARM on the morning after, and ends a day after the last
# drop. There is no limit to set: each drop is a backup that was not made.
resource "aws_cloudwatch_metric_alarm" "backups" {
  count = var.backup_schedule_group_name == null ? 0 : 1

  alarm_name          = local.alarm_names.backups
  alarm_description   = "EventBridge Scheduler has given up a backup of ${local.watched_table} after its retries: it was not made. Severity 4. Runbook: ${local.runbooks.backups}"
  namespace           = "AWS/Scheduler"
  metric_name         = "InvocationDroppedCount"
  dimensions          = { ScheduleGroup = var.backup_schedule_group_name }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 3600
  evaluation_periods  = 24
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
  tags                = var.tags
}
