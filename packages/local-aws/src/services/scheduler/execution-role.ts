import type { RoleRecord } from "../../core/ports.ts";
import { invalid, type SchedulerState } from "./scheduler-state.ts";

export const SCHEDULER_PRINCIPAL = "scheduler.amazonaws.com";

/**
 * Finds a schedule's execution role and checks that it trusts EventBridge Scheduler. `aws:SourceArn` is the schedule's group, not the
 * schedule. The words are those that Terraform's provider waits for: a role that was made just now may not be known everywhere yet.
 *
 * @throws AwsError `ValidationException`
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export function requireExecutionRole(
  { core, roles }: Pick<SchedulerState, "core" | "roles">,
  roleArn: string,
  sourceArn: string,
): RoleRecord {
  const role = roleArn.startsWith(`arn:aws:iam::${core.accountId}:`) ? roles.findRole(roleArn) : undefined;
  const need = role && {
    action: "sts:AssumeRole",
    resource: role.arn,
    resourcePolicy: {
      name: `trust policy of ${role.arn}`,
      document: role.assumeRolePolicyDocument,
      mode: "required" as const,
    },
  };
  if (
    role === undefined ||
    need === undefined ||
    !core.authorizer.decideForService({ service: SCHEDULER_PRINCIPAL, sourceArn }, need).allowed
  ) {
    throw invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.");
  }
  return role;
}
