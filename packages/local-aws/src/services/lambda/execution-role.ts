import type { AccessNeed } from "../../core/access.ts";
import type { Core } from "../../core/core.ts";
import type { RoleDirectory, RoleRecord } from "../../core/ports.ts";
import type { FunctionSettings } from "./function-records.ts";
import { invalidParameter } from "./lambda-errors.ts";

const NOT_ASSUMABLE = "The role defined for the function cannot be assumed by Lambda.";

/**
 * Finds a function's execution role and checks that its trust policy lets Lambda assume it.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 *
 * @param functionArn - the function that the role is assumed for: `aws:SourceArn` in trust policies
 * @throws AwsError `InvalidParameterValueException` when there is no such role or it does not trust lambda.amazonaws.com
 */
export function requireExecutionRole(
  { accountId, authorizer }: Pick<Core, "accountId" | "authorizer">,
  roles: RoleDirectory,
  roleArn: string,
  functionArn: string,
): RoleRecord {
  const role = roleArn.startsWith(`arn:aws:iam::${accountId}:`) ? roles.findRole(roleArn) : undefined;
  if (role === undefined) {
    throw invalidParameter(NOT_ASSUMABLE);
  }
  const trusted = authorizer.decideForService(
    { service: "lambda.amazonaws.com", sourceArn: functionArn },
    {
      action: "sts:AssumeRole",
      resource: role.arn,
      resourcePolicy: {
        name: `trust policy of ${role.arn}`,
        document: role.assumeRolePolicyDocument,
        mode: "required",
      },
    },
  );
  if (!trusted.allowed) {
    throw invalidParameter(NOT_ASSUMABLE);
  }
  return role;
}

/**
 * Checks that the execution role may do what Lambda does in its name for these settings: send traces, and dead letters.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 *
 * @throws AwsError `InvalidParameterValueException`, naming the call and the service
 */
export function requireRolePermissions(
  authorizer: Core["authorizer"],
  settings: Pick<FunctionSettings, "role" | "tracingMode" | "deadLetterArn">,
): void {
  const { role, tracingMode, deadLetterArn } = settings;
  const uses: { call: string; service: string; need: AccessNeed }[] = [];
  if (tracingMode === "Active") {
    for (const call of ["PutTraceSegments", "PutTelemetryRecords"]) {
      uses.push({ call, service: "XRAY", need: { action: `xray:${call}`, resource: "*" } });
    }
  }
  if (deadLetterArn !== undefined) {
    const { action, call, service } = deliveryOf(deadLetterArn);
    uses.push({ call, service, need: { action, resource: deadLetterArn } });
  }
  for (const { call, service, need } of uses) {
    if (!authorizer.decideForRole(role, need).allowed) {
      throw invalidParameter(`The provided execution role does not have permissions to call ${call} on ${service}`);
    }
  }
}

/**
 * Checks that the execution role may deliver to a destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations
 *
 * @throws AwsError `InvalidParameterValueException`, naming the call and the destination
 */
export function requireDestinationPermission(
  authorizer: Core["authorizer"],
  roleArn: string,
  destination: string | undefined,
): void {
  if (destination !== undefined && !mayDeliver(authorizer, roleArn, destination)) {
    throw invalidParameter(
      `The function's execution role does not have permissions to call ${deliveryOf(destination).call} on ${destination}`,
    );
  }
}

/** Whether a role may deliver what Lambda sends to a dead-letter target or a destination in its name. */
export function mayDeliver(authorizer: Core["authorizer"], roleArn: string, targetArn: string): boolean {
  return authorizer.decideForRole(roleArn, { action: deliveryOf(targetArn).action, resource: targetArn }).allowed;
}

/** What it takes to deliver to a dead-letter target or a destination, by its ARN. */
function deliveryOf(targetArn: string): {
  readonly action: string;
  readonly call: string;
  readonly service: string;
} {
  if (targetArn.startsWith("arn:aws:sqs:")) {
    return { action: "sqs:SendMessage", call: "SendMessage", service: "SQS" };
  }
  return targetArn.startsWith("arn:aws:lambda:")
    ? { action: "lambda:InvokeFunction", call: "InvokeFunction", service: "Lambda" }
    : { action: "sns:Publish", call: "Publish", service: "SNS" };
}
