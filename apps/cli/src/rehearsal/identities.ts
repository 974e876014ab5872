import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RoleSessions, type SessionCredentials } from "@slipway/aws";
import type { SlipwayConfig } from "@slipway/contracts";
import { type Health, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import { type Progress, ReleaseError, runPhase, Sensitive, systemClock } from "@slipway/release-engine";
import { ControlClient } from "../local/control-client.ts";

/** What a role is for. */
export type Purpose = "plan" | "provision" | "deploy" | "operate" | "migrate";

/** Credentials of a session, or those of the account's root where no roles are configured. */
export type RehearsalCredentials = Omit<SessionCredentials, "sessionToken" | "expiration"> & {
  readonly sessionToken?: string;
};

/** Who works on an environment. */
export interface EnvironmentIdentities {
  /** ARN of who did it, by purpose: for the report. */
  readonly used: Readonly<Record<string, string>>;
  of(purpose: Purpose, roleArns: Readonly<Record<string, string>> | undefined): Promise<RehearsalCredentials>;
}

/** Who does what in a rehearsal. */
export interface Identities extends EnvironmentIdentities {
  /** Who applies the bootstrap. */
  bootstrap(): Promise<RehearsalCredentials>;
}

/** Whose rehearsal it is. */
interface Place {
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly localAws: Health;
}

const ROOT: RehearsalCredentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
const BOOTSTRAP_ROLE = "slipway-bootstrap";

/**
 * Prepares who works in a rehearsal. The one thing that root does is what the administrator of a new account does: make the role
 * that applies the bootstrap. Everything else happens under roles, which are assumed as a workflow assumes them: with a token.
 *
 * @throws ReleaseError when a role cannot be made or assumed
 */
export async function openIdentities(
  place: Place & { readonly repository: string; readonly progress: Progress },
): Promise<Identities> {
  const { repository, config, environment, localAws, progress } = place;
  const sessions = sessionsOf(localAws);
  const { bootstrap } = config;
  const bootstrapRole =
    bootstrap.policy === undefined
      ? undefined
      : await makeBootstrapRole(
          readPolicy(join(repository, bootstrap.policy.file), bootstrap.policy.replace, localAws),
          localAws,
          progress,
        );
  const used: Record<string, string> = {};
  return {
    ...environmentIdentities(place, sessions, used),
    async bootstrap() {
      if (bootstrapRole === undefined) {
        return ROOT;
      }
      used.bootstrap = bootstrapRole;
      return sessions.credentials({
        roleArn: bootstrapRole,
        sessionName: sessionName(environment),
        proof: { kind: "credentials", credentials: ROOT },
      });
    },
  };
}

/** Who works on an environment that is there already: nobody is made, so that who only looks changes nothing. */
export function environmentIdentities(
  { config: { github, bootstrap }, environment, localAws }: Place,
  sessions = sessionsOf(localAws),
  used: Record<string, string> = {},
): EnvironmentIdentities {
  const control = new ControlClient(Number(new URL(localAws.endpoint).port));
  return {
    used,
    async of(purpose, roleArns) {
      if (roleArns === undefined || github === undefined) {
        return ROOT;
      }
      const roleArn = roleArns[purpose];
      if (roleArn === undefined) {
        throw new ReleaseError({
          kind: "usage",
          what: `There is no role to ${purpose} ${environment}`,
          why: `the bootstrap's output ${bootstrap.outputs.roleArns} has ${Object.keys(roleArns).join(", ") || "none"} for ${environment}`,
          next: `let the output map ${environment} to a map with ${purpose}`,
        });
      }
      used[purpose] = roleArn;
      const ref = `refs/heads/${github.branch}`;
      const token = () => control.mintGithubToken({ repository: github.repository, ref, environment });
      const proof = { kind: "web-identity", token } as const;
      return sessions.credentials({ roleArn, sessionName: sessionName(environment), proof });
    },
  };
}

function sessionsOf({ region, endpoint }: Health): RoleSessions {
  return new RoleSessions({ region, endpoint });
}

function sessionName(environment: string): string {
  return `rehearsal-${environment}`;
}

/**
 * The roles of an environment, from the bootstrap's outputs; `undefined` where the configuration names no such output.
 *
 * @throws ReleaseError when the output is not a map of maps
 */
export function roleArnsOf(
  outputs: Readonly<Record<string, unknown>>,
  { bootstrap }: SlipwayConfig,
  environment: string,
): Readonly<Record<string, string>> | undefined {
  const { roleArns: output } = bootstrap.outputs;
  if (output === undefined) {
    return undefined;
  }
  const value = outputs[output];
  const roles = isRecord(value) ? value[environment] : undefined;
  if (!isRecord(roles) || !Object.values(roles).every((arn) => typeof arn === "string")) {
    throw new ReleaseError({
      kind: "usage",
      what: `The bootstrap's output ${output} has no roles for ${environment}`,
      why: "expected a map of environments to maps of purposes to ARNs of roles",
      next: "compare bootstrap.outputs.roleArns in slipway.config.ts with the outputs of the bootstrap",
    });
  }
  return roles as Readonly<Record<string, string>>;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Sensitive);
}

/** The variables that give a child process these credentials. */
export function credentialVariables(credentials: RehearsalCredentials): NodeJS.ProcessEnv {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
  };
}

function readPolicy(file: string, replace: Readonly<Record<string, string>>, { accountId, region }: Health): string {
  try {
    const values = Object.entries({ ...replace, ACCOUNT_ID: accountId, REGION: region });
    // A function, because a text would have its $ read as references to what was found.
    const text = values.reduce(
      (policy, [name, value]) => policy.replaceAll(name, () => value),
      readFileSync(file, "utf8"),
    );
    return JSON.stringify(JSON.parse(text));
  } catch (cause) {
    const failure = {
      kind: "usage",
      what: `The policy of the bootstrap cannot be read from ${file}`,
      why: cause instanceof Error ? cause.message : String(cause),
      next: "let bootstrap.policy.file in slipway.config.ts name a file with a policy in JSON",
    } as const;
    throw new ReleaseError(failure, { cause });
  }
}

async function makeBootstrapRole(policy: string, { region, endpoint, accountId }: Health, progress: Progress) {
  // Loaded now, because every command on local AWS asks for identities, and only a rehearsal makes the role.
  const { createIamClient, ensureRole } = await import("@slipway/aws/administration");
  const iam = createIamClient({ region, endpoint, credentials: ROOT });
  try {
    const { value } = await runPhase(
      { clock: systemClock, progress },
      { phase: "account", title: "prepare the account" },
      async () => {
        const role = await ensureRole(iam, {
          name: BOOTSTRAP_ROLE,
          description: "Applies and destroys infrastructure/bootstrap; made by the administrator of the account",
          trustPolicy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "AdministratorsOfTheAccount",
                Effect: "Allow",
                Action: "sts:AssumeRole",
                Principal: { AWS: `arn:aws:iam::${accountId}:root` },
              },
            ],
          }),
          policyName: "bootstrap",
          policy,
        });
        return {
          value: role.arn,
          summary: `role ${BOOTSTRAP_ROLE}`,
          ...(role.changed ? {} : { outcome: "nothing-to-do" as const }),
        };
      },
    );
    return value;
  } finally {
    iam.destroy();
  }
}
