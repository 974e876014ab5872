import { createAuthorizer, type EnforcingAuthorizer } from "../authorization/create-authorizer.ts";
import type { Core } from "../core/core.ts";
import type { Principal } from "../core/credentials.ts";

/** A statement of a policy, as JSON. */
export type TestStatement = Readonly<Record<string, unknown>>;

/** The real authorizer over policies that a test writes. */
export interface TestIam {
  readonly authorizer: EnforcingAuthorizer;
  /** Replaces all that a role or user may do. */
  grant(arn: string, ...statements: TestStatement[]): void;
  /** A session of a role. */
  session(roleArn: string): Principal;
}

/** Makes a {@link TestIam}. */
export function testIam(core: Pick<Core, "accountId" | "region" | "clock">): TestIam {
  const documents = new Map<string, string>();
  let revision = 0;
  return {
    authorizer: createAuthorizer({
      accountId: core.accountId,
      region: core.region,
      clock: core.clock,
      policies: () => ({
        revision,
        policiesOf(arn) {
          const document = documents.get(arn);
          return document === undefined ? undefined : { identity: [{ name: "test", document }], tags: {} };
        },
      }),
    }),
    grant(arn, ...statements) {
      documents.set(arn, JSON.stringify({ Version: "2012-10-17", Statement: statements }));
      revision++;
    },
    session(roleArn) {
      const name = roleArn.split("/").at(-1) ?? "";
      return {
        type: "assumed-role",
        arn: `arn:aws:sts::${core.accountId}:assumed-role/${name}/test`,
        userId: "AROATESTTESTTESTTEST:test",
        accountId: core.accountId,
        roleArn,
      };
    },
  };
}

/** A statement that allows actions on resources. */
export function allow(Action: string | string[], Resource: string | string[] = "*", Condition?: object): TestStatement {
  return { Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}
