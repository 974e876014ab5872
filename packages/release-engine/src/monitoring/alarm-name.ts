const ARN = /^arn:[^:]+:cloudwatch:[^:]*:\d*:alarm:/;

/** The name of an alarm that is named by its name or by its ARN, as dashboards, rules and suppressors do. */
export function alarmName(nameOrArn: string): string {
  return nameOrArn.replace(ARN, "");
}
