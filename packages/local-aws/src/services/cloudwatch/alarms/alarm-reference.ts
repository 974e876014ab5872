/** The name in a reference to an alarm, which is its name or its ARN. */
export function alarmNameOf(reference: string): string {
  return reference.replace(/^arn:aws:cloudwatch:[^:]*:[^:]*:alarm:/, "");
}
