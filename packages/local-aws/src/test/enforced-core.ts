import { createAuthorizer } from "../authorization/create-authorizer.ts";
import type { PrincipalPolicies } from "../core/access.ts";
import { type TestCore, testCore } from "./test-core.ts";

/** A statement of a policy. */
export type Statement = Readonly<Record<string, unknown>>;

/** A {@link TestCore} that enforces policies, with roles that tests make up. */
export interface EnforcedCore {
  readonly core: TestCore;
  /** Makes a role with these statements, or gives it others. Returns credentials of a session, for an SDK client. */
  role(
    name: string,
    ...statements: readonly Statement[]
  ): { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/** Makes an {@link EnforcedCore}; dispose of its core when done. */
export function enforcedCore(): EnforcedCore {
  const core = testCore();
  const roles = new Map<string, PrincipalPolicies>();
  let revision = 0;
  const authorizer = createAuthorizer({
    accountId: core.accountId,
    region: core.region,
    clock: core.clock,
    policies: () => ({ revision, policiesOf: (arn) => roles.get(arn) }),
  });
  return {
    core: { ...core, authorizer },
    role(name, ...statements) {
      const arn = `arn:aws:iam::${core.accountId}:role/${name}`;
      roles.set(arn, { identity: [{ name: "inline", document: policy(...statements) }], tags: {} });
      revision += 1;
      const { accessKeyId, secretAccessKey, sessionToken } = core.credentials.issueSession(
        { arn, roleId: `AROA${name.toUpperCase()}` },
        "test",
        3600,
      );
      return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    },
  };
}

/** A policy document of these statements. */
export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A statement that allows. */
export function allow(actions: string | readonly string[], resource: string | readonly string[], more = {}): Statement {
  return { Effect: "Allow", Action: actions, Resource: resource, ...more };
}
