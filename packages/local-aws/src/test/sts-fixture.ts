import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { createAuthorizer } from "../authorization/create-authorizer.ts";
import type { PolicySource } from "../core/access.ts";
import { type IssuerKeys, Issuers } from "../issuer/issuers.ts";
import { createIam } from "../services/iam/create-iam.ts";
import { createSts } from "../services/sts/create-sts.ts";
import { type ServedServices, serveServices } from "./serve-services.ts";
import { type TestCore, testCore } from "./test-core.ts";

export const ACCOUNT = "000000000000";

/** IAM and STS behind the real wire layer, with policies enforced. */
export interface StsFixture {
  readonly core: TestCore;
  readonly issuers: Issuers;
  readonly served: ServedServices;
  /** As root. */
  readonly iam: IAMClient;
  /** As root. */
  readonly sts: STSClient;
  /** A client with other credentials. */
  stsOf(credentials: Keys | undefined): STSClient;
  iamOf(credentials: Keys | undefined): IAMClient;
  /** Makes a role with one statement as its trust policy. */
  role(name: string, trust: object, more?: object): Promise<string>;
  /** Makes a user with these statements, and keys. */
  user(name: string, ...statements: readonly object[]): Promise<Keys>;
  close(): Promise<void>;
}

/** What STS answers with, or an access key. */
export interface Keys {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
}

/** Starts a {@link StsFixture} on a free port. */
export async function stsFixture(): Promise<StsFixture> {
  const base = testCore();
  let policies: PolicySource | undefined;
  const authorizer = createAuthorizer({
    ...base,
    policies: () => policies ?? { revision: -1, policiesOf: () => undefined },
  });
  const core: TestCore = { ...base, authorizer };
  const iamService = createIam(core);
  policies = iamService.policies;
  const issuers = new Issuers(core.store.collection<IssuerKeys>("core/issuers"));
  const stsService = createSts(core, { ...iamService, policies: iamService.managedPolicies, issuers });
  const served = await serveServices(core, [iamService.service, stsService.service]);
  const iam = new IAMClient({ ...served.client, maxAttempts: 1 });
  const sts = new STSClient({ ...served.client, maxAttempts: 1 });
  const clients: { destroy(): void }[] = [iam, sts];
  const configOf = ({ AccessKeyId = "", SecretAccessKey = "", SessionToken }: Keys = {}) => ({
    ...served.client,
    maxAttempts: 1,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  });
  const kept = <C extends { destroy(): void }>(client: C): C => {
    clients.push(client);
    return client;
  };
  return {
    core,
    issuers,
    served,
    iam,
    sts,
    stsOf: (keys) => kept(new STSClient(configOf(keys))),
    iamOf: (keys) => kept(new IAMClient(configOf(keys))),
    async role(name, trust, more = {}) {
      const { Role: role } = await iam.send(
        new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policyOf(trust), ...more }),
      );
      return role?.Arn ?? "";
    },
    async user(name, ...statements) {
      await iam.send(new CreateUserCommand({ UserName: name }));
      if (statements.length > 0) {
        await iam.send(
          new PutUserPolicyCommand({ UserName: name, PolicyName: "own", PolicyDocument: policyOf(...statements) }),
        );
      }
      const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
      return key ?? {};
    },
    async close() {
      for (const client of clients) {
        client.destroy();
      }
      await served.close();
      base.dispose();
    },
  };
}

/** A policy document of these statements. */
export function policyOf(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}
