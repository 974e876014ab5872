import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { packageOf } from "./bundle-function.ts";
import type { ClientSettings } from "./local-aws-process.ts";

const TRUST_LAMBDA = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** What a function is made of. */
export interface FunctionSource {
  readonly name: string;
  /** Text of `index.mjs`, or a package whose `index` exports `handler`. */
  readonly code: string | Uint8Array;
  readonly variables?: Readonly<Record<string, string>>;
  /** Statements of its role's policy; it may always write its log. */
  readonly allow?: readonly { readonly Action: string | string[]; readonly Resource: string }[];
  readonly timeoutSeconds?: number;
}

/**
 * Makes a function with a role of its own (of the same name), and waits until it can be invoked.
 *
 * @returns the function's ARN
 */
export async function createFunction(client: ClientSettings, source: FunctionSource): Promise<string> {
  const iam = new IAMClient(client);
  const lambda = new LambdaClient(client);
  const { name: RoleName } = source;
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST_LAMBDA }));
  const allowed = [{ Action: "logs:*", Resource: "*" }, ...(source.allow ?? [])];
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: "work",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: allowed.map((statement) => ({ Effect: "Allow", ...statement })),
      }),
    }),
  );
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: source.name,
      Role: Role?.Arn,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Timeout: source.timeoutSeconds ?? 10,
      Environment: { Variables: { ...source.variables } },
      Code: { ZipFile: typeof source.code === "string" ? packageOf({ "index.mjs": source.code }) : source.code },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 0.1 }, { FunctionName: source.name });
  lambda.destroy();
  iam.destroy();
  return FunctionArn ?? "";
}
