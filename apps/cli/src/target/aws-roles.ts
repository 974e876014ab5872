import { readFile } from "node:fs/promises";
import { RoleSessions, type SessionCredentials } from "@slipway/aws";
import type { SlipwayConfig } from "@slipway/contracts";
import { type Purpose, roleArnsOf } from "../rehearsal/identities.ts";
import { UserError } from "../user-error.ts";
import { type IdTokenRequest, requestIdToken } from "./request-id-token.ts";
import type { TargetAws } from "./target-aws.ts";

/** Credentials of who works for a purpose, asked for each time that they are needed. */
export type AwsRoles = (purpose: Purpose) => Promise<SessionCredentials>;

/** Variable with the roles: what the bootstrap's output says, environment to purpose to ARN, as JSON. */
const VARIABLE = "SLIPWAY_ROLE_ARNS";

/**
 * Who works on an environment of AWS for which purpose, where `SLIPWAY_ROLE_ARNS` says so: each role is assumed when it is first needed, by a
 * token of GitHub's for the job (`id-token: write`) or by the one in the file `AWS_WEB_IDENTITY_TOKEN_FILE`, and again before its session
 * ends. Without that variable everything is done as whoever calls.
 *
 * @throws UserError when the variable is no such JSON, or there is nothing to assume the roles with
 * @throws ReleaseError when it has no roles for the environment
 */
export function awsRoles({
  config,
  environment,
  target,
}: {
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly target: Pick<TargetAws, "isLocal" | "region" | "endpoint" | "env">;
}): AwsRoles | undefined {
  const { env, region, endpoint } = target;
  const text = env[VARIABLE] ?? "";
  if (target.isLocal || text === "") {
    return undefined;
  }
  const output = config.bootstrap.outputs.roleArns ?? VARIABLE;
  const named = {
    ...config,
    bootstrap: { ...config.bootstrap, outputs: { ...config.bootstrap.outputs, roleArns: output } },
  };
  const arns = roleArnsOf({ [output]: parse(text) }, named, environment) ?? {};
  const token = tokenSource(env);
  const sessions = new RoleSessions({ region, endpoint });
  const run = /^\d+$/.test(env.GITHUB_RUN_ID ?? "") ? `-${env.GITHUB_RUN_ID}` : "";
  return async (purpose) => {
    const roleArn = arns[purpose];
    if (roleArn === undefined) {
      throw new UserError(
        `${VARIABLE}: has no role to ${purpose} ${environment}, only ${Object.keys(arns).join(", ") || "none"}. Give it what \`terraform output -json role_arns\` says in the bootstrap's folder.`,
      );
    }
    return sessions.credentials({
      roleArn,
      sessionName: `slipway-${environment}${run}`,
      proof: { kind: "web-identity", token },
    });
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(
      `${VARIABLE}: is no JSON. Give it what \`terraform output -json role_arns\` says in the bootstrap's folder, or unset it to work with the credentials that are there.`,
    );
  }
}

function tokenSource(env: NodeJS.ProcessEnv): () => Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer = "" } = env;
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file = "" } = env;
  if (url !== "" && bearer !== "") {
    const request: IdTokenRequest = { url, bearer };
    return () => requestIdToken(request);
  }
  if (file !== "") {
    return async () => (await readFile(file, "utf8")).trim();
  }
  throw new UserError(
    `${VARIABLE}: there is nothing to assume the roles with. In GitHub Actions the job needs \`permissions: { id-token: write }\`; elsewhere let AWS_WEB_IDENTITY_TOKEN_FILE name a file with a token.`,
  );
}
