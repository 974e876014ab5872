import type { Account } from "@aws-sdk/client-api-gateway";
import type { Core } from "../../core/core.ts";
import type { RoleDirectory, RoleRecord } from "../../core/ports.ts";
import type { Operations } from "../../core/service.ts";
import { type ApiState, badRequest } from "./api-state.ts";
import { applyPatch, type PatchRule } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** The account's own limits, shared by all of its APIs: steady requests per second, and burst. */
export const ACCOUNT_THROTTLE = { rateLimit: 10_000, burstLimit: 5000 } as const;

/** What a role must be allowed to do before API Gateway takes it: the actions of AmazonAPIGatewayPushToCloudWatchLogs. */
const LOG_ACTIONS = [
  "CreateLogGroup",
  "CreateLogStream",
  "DescribeLogGroups",
  "DescribeLogStreams",
  "PutLogEvents",
  "GetLogEvents",
  "FilterLogEvents",
] as const;

/**
 * GetAccount and UpdateAccount.
 *
 * @param roles - finds the role that logs are to be written with; without it nobody asks whom the role trusts
 */
export function accountOperations(
  state: ApiState,
  roles: RoleDirectory | undefined,
): Pick<Operations<Sdk>, "GetAccount" | "UpdateAccount"> {
  return {
    GetAccount: () => accountAnswer(state),

    UpdateAccount: (input) =>
      state.core.store.transaction(() => {
        const { account } = state;
        applyPatch(account, input.patchOperations, rules, "listed");
        if (account.cloudwatchRoleArn !== undefined && account.cloudwatchRoleArn !== state.logRoleArn) {
          requireLogRole(state, roles, account.cloudwatchRoleArn);
        }
        state.putAccount(account);
        return accountAnswer(state);
      }),
  };
}

/**
 * Checks the role as API Gateway does when it is set: it must trust API Gateway, and be allowed to write logs anywhere (API Gateway
 * tries with a group of its own).
 *
 * Source: Amazon API Gateway developer guide, "Permissions for CloudWatch logging".
 *
 * @throws AwsError `BadRequestException`
 */
function requireLogRole({ core }: ApiState, roles: RoleDirectory | undefined, roleArn: string): void {
  const { authorizer, region, accountId } = core;
  const group = `arn:aws:logs:${region}:${accountId}:log-group:/aws/apigateway/welcome:log-stream:`;
  const mayWrite = LOG_ACTIONS.every(
    (action) => authorizer.decideForRole(roleArn, { action: `logs:${action}`, resource: group }).allowed,
  );
  if (!mayWrite || (roles !== undefined && !trustsApiGateway(authorizer, roles.findRole(roleArn)))) {
    throw badRequest(
      "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.",
    );
  }
}

function trustsApiGateway(authorizer: Core["authorizer"], role: RoleRecord | undefined): boolean {
  return (
    role !== undefined &&
    authorizer.decideForService(
      { service: "apigateway.amazonaws.com" },
      {
        action: "sts:AssumeRole",
        resource: role.arn,
        resourcePolicy: {
          name: `trust policy of ${role.arn}`,
          document: role.assumeRolePolicyDocument,
          mode: "required",
        },
      },
    ).allowed
  );
}

function accountAnswer(state: ApiState): Account {
  return {
    ...state.account,
    throttleSettings: { ...ACCOUNT_THROTTLE },
    features: ["UsagePlans"],
    apiKeyVersion: "4",
  };
}

const rules: PatchRule<Account>[] = [
  {
    path: "/cloudwatchRoleArn",
    verbs: ["replace", "remove"],
    apply: (account, value, _keys, verb) => {
      if (verb === "remove" || value === "") {
        account.cloudwatchRoleArn = undefined;
        return;
      }
      if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(value)) {
        throw badRequest("Not a valid Amazon Resource Name (ARN)");
      }
      account.cloudwatchRoleArn = value;
    },
  },
  // Usage plans can be asked for, and are always there.
  { path: "/features", verbs: ["add"], apply: () => {} },
];
