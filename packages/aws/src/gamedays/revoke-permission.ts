import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { ReleaseError } from "@slipway/release-engine";
import { awsCall } from "../aws-call.ts";

/**
 * Takes what the inline policies of a function's role say of DynamoDB out of them, as somebody might who tidies up; the function can still
 * say in its logs what it may not do. Only for a local AWS of a rehearsal's own.
 *
 * @returns the names of the policies, and what makes them what they were
 * @throws {ReleaseError} when the role has none of them; what AWS has answered
 */
export async function revokePermission(
  { iam, lambda }: { readonly iam: IAMClient; readonly lambda: LambdaClient },
  functionName: string,
  signal?: AbortSignal,
): Promise<{ readonly role: string; readonly policies: readonly string[]; giveBack(): Promise<void> }> {
  const { Role: arn = "" } = await awsCall("lambda:GetFunctionConfiguration", functionName, signal, (options) =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }), options),
  );
  const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
  const { PolicyNames = [] } = await awsCall("iam:ListRolePolicies", RoleName, signal, (options) =>
    iam.send(new ListRolePoliciesCommand({ RoleName }), options),
  );
  const taken: { readonly PolicyName: string; readonly PolicyDocument: string }[] = [];
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = "" } = await awsCall("iam:GetRolePolicy", `${RoleName}/${PolicyName}`, signal, (options) =>
      iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }), options),
    );
    const document = decodeURIComponent(PolicyDocument);
    if (/"dynamodb:/i.test(document)) {
      taken.push({ PolicyName, PolicyDocument: document });
    }
  }
  if (taken.length === 0) {
    throw new ReleaseError({
      ...{ kind: "failed", what: `The role ${RoleName} of ${functionName} has no inline policy on DynamoDB` },
      ...{
        why: `it has ${PolicyNames.join(", ") || "none at all"}`,
        next: "choose another game day: slipway gameday list",
      },
    });
  }
  for (const { PolicyName, PolicyDocument } of taken) {
    const rest = withoutTables(PolicyDocument);
    await awsCall("iam:PutRolePolicy", `${RoleName}/${PolicyName}`, signal, (options) =>
      rest === undefined
        ? iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }), options)
        : iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: rest }), options),
    );
  }
  return {
    role: RoleName,
    policies: taken.map(({ PolicyName }) => PolicyName),
    async giveBack() {
      for (const policy of taken) {
        await awsCall("iam:PutRolePolicy", `${RoleName}/${policy.PolicyName}`, undefined, (options) =>
          iam.send(new PutRolePolicyCommand({ RoleName, ...policy }), options),
        );
      }
    },
  };
}

/** @returns undefined where nothing is left */
function withoutTables(document: string): string | undefined {
  const { Statement, ...rest } = JSON.parse(document) as { Statement: readonly { Action?: unknown }[] };
  const left = [Statement].flat().filter(({ Action }) => !JSON.stringify(Action ?? "").includes("dynamodb:"));
  return left.length === 0 ? undefined : JSON.stringify({ ...rest, Statement: left });
}
