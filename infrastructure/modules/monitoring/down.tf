locals {
  # Down is: most answers are server errors; or there is no room to run the function in, and that shows outside; or, where a silence
  # is not normal, nobody gets through at all.
  down_rule = join(" OR ", concat(
    [
      "ALARM(\"${local.alarm_names.unavailable}\")",
      "(ALARM(\"${local.alarm_names.throttles}\") AND ALARM(\"${local.alarm_names.server_error}\"))",
    ],
    var.silence_minutes == null ? [] : ["ALARM(\"${local.alarm_names.silent}\")"],
  ))
}

resource "aws_cloudwatch_composite_alarm" "down" {
  alarm_name        = local.alarm_names.down
  alarm_description = "The service is down: clients of ${var.api_name} get server errors, or nothing. Severity 1. Runbook: ${local.runbooks.down}"
  alarm_rule        = local.down_rule
  alarm_actions     = [aws_sns_topic.alarms.arn]
  ok_actions        = [aws_sns_topic.alarms.arn]
  tags              = var.tags

  # CloudWatch refuses a rule that speaks of an alarm that is not there yet.
  depends_on = [aws_cloudwatch_metric_alarm.metric, aws_cloudwatch_metric_alarm.rate, aws_cloudwatch_metric_alarm.silent]
}
