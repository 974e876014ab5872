import { GetRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { RoleSessions, type SessionCredentials } from "@slipway/aws";
import { githubTokenRequest, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";
import type { RehearsedEnvironment } from "./rehearsed-environment.ts";
import { createRoleClients, type RoleClients, type RoleName } from "./role-clients.ts";

export const REPOSITORY = "example/items-api";
export const MAIN = "refs/heads/main";
export const EXECUTION_ROLE = "api-handler-prod-execution";
const ROOT = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };

/** The claims of a token, as a workflow asks GitHub for them. */
export type Job = Parameters<typeof githubTokenRequest>[0];

/** Where the roles are. */
export interface RolesPlace {
  readonly localAws: LocalAwsProcess;
  readonly environment: RehearsedEnvironment;
}

/** Takes the roles of production, each as it is meant to be taken. */
export class RoleSessionsOfProduction {
  readonly #place: () => RolesPlace;
  readonly #opened: RoleClients[] = [];

  /** @param place asked each time, since local AWS is stopped and started on the way */
  constructor(place: () => RolesPlace) {
    this.#place = place;
  }

  /** A token as GitHub would issue it to a job. */
  async token(job: Job, change: Record<string, unknown> = {}): Promise<string> {
    const { token } = await this.#place().localAws.control<{ token: string }>("POST", "tokens", {
      ...githubTokenRequest(job),
      ...change,
    });
    return token;
  }

  /** The credentials of a purpose role, by a token of its own GitHub environment. */
  assume(
    purpose: string,
    job: Job = { repository: REPOSITORY, ref: MAIN, environment: "prod" },
    token?: string,
  ): Promise<SessionCredentials> {
    return this.#sessions(1).credentials({
      roleArn: this.#arn(`slipway-prod-${purpose}`),
      sessionName: "test",
      proof: { kind: "web-identity", token: async () => token ?? this.token(job) },
    });
  }

  /** Clients that work under a role until {@link close}. */
  async clientsOf(role: RoleName): Promise<RoleClients> {
    const credentials =
      role === "execution"
        ? await this.#executionCredentials()
        : role === "bootstrap"
          ? await this.bootstrapCredentials()
          : await this.assume(role);
    const { localAws, environment } = this.#place();
    return this.#open({ region: environment.region, endpoint: localAws.endpoint, credentials });
  }

  /** Clients of the account's root. */
  administrator(): RoleClients {
    return this.#open({ ...this.#place().localAws.client });
  }

  bootstrapCredentials(): Promise<SessionCredentials> {
    return this.#asRoot(this.#arn("slipway-bootstrap"));
  }

  close(): void {
    for (const clients of this.#opened.splice(0)) {
      clients.destroy();
    }
  }

  /** Only Lambda may assume the execution role: for the test its trust is widened, and put back. */
  async #executionCredentials(): Promise<SessionCredentials> {
    const { localAws, environment } = this.#place();
    const iam = new IAMClient(localAws.client);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: EXECUTION_ROLE }));
    const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
    const wider = JSON.parse(trust) as { Statement: object[] };
    const account = `arn:aws:iam::${environment.accountId}:root`;
    wider.Statement.push({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: account } });
    const change = (PolicyDocument: string) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: EXECUTION_ROLE, PolicyDocument }));
    await change(JSON.stringify(wider));
    try {
      return await this.#asRoot(this.#arn(EXECUTION_ROLE));
    } finally {
      await change(trust);
      iam.destroy();
    }
  }

  #asRoot(roleArn: string): Promise<SessionCredentials> {
    const proof = { kind: "credentials", credentials: ROOT } as const;
    return this.#sessions().credentials({ roleArn, sessionName: "test", proof });
  }

  #sessions(attempts?: number): RoleSessions {
    const { localAws, environment } = this.#place();
    const given = attempts === undefined ? {} : { attempts };
    return new RoleSessions({ region: environment.region, endpoint: localAws.endpoint, ...given });
  }

  #arn(name: string): string {
    return `arn:aws:iam::${this.#place().environment.accountId}:role/${name}`;
  }

  #open(settings: Parameters<typeof createRoleClients>[0]): RoleClients {
    const clients = createRoleClients(settings);
    this.#opened.push(clients);
    return clients;
  }
}
