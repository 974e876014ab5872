output "schedule_arn" {
  description = "ARN of the schedule."
  value       = aws_scheduler_schedule.this.arn
}

output "group_name" {
  description = "Name of the schedule's group: the dimension ScheduleGroup of its metrics in AWS/Scheduler."
  value       = aws_scheduler_schedule_group.this.name
}

output "role_arn" {
  description = "ARN of the role that the table is backed up with."
  value       = aws_iam_role.execution.arn
}
