import type { AccessDecision, Supposition, UsedAccess } from "@slipway/local-aws";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";
import type { Document, RolePolicies } from "./policies-of-roles.ts";

/** Something that was asked for, and who asked. */
export type Asked = Omit<Supposition, "policies">;

interface Statement {
  readonly Sid?: string;
}

interface Policy {
  readonly Statement: Statement | readonly Statement[];
}

/**
 * Takes away each statement of the roles' policies in turn, asks again for everything that was asked, and names the statements that
 * nobody misses: those whose removal changes no answer.
 *
 * @param asked what was allowed or denied while the roles worked, and what must be denied
 */
export async function unneededIdentityStatements(
  localAws: LocalAwsProcess,
  roles: readonly RolePolicies[],
  asked: readonly Asked[],
): Promise<{ readonly tried: number; readonly unneeded: readonly string[] }> {
  const unneeded: string[] = [];
  let tried = 0;
  for (const role of roles) {
    const own = asked.filter(({ principal }) => principal === role.arn);
    const before = await Promise.all(own.map((one) => decide(localAws, one, role)));
    const change = async (name: string, sid: string, changed: RolePolicies) => {
      tried += 1;
      // Only what the statement has decided can be decided differently without it.
      const touched = own.filter((_, at) =>
        before[at]?.by.some(({ policy, statement }) => policy === name && String(statement) === sid),
      );
      if (!(await anyDiffers(localAws, touched, role, changed))) {
        unneeded.push(`${name}#${sid}`);
      }
    };
    for (const [index, document] of role.identity.entries()) {
      for (const { sid, without } of eachRemoved(document)) {
        const identity = role.identity.with(index, { ...document, document: without });
        await change(document.name, sid, { ...role, identity });
      }
    }
    if (role.boundary !== undefined) {
      for (const { sid, without } of eachRemoved(role.boundary)) {
        await change(role.boundary.name, sid, { ...role, boundary: { ...role.boundary, document: without } });
      }
    }
  }
  return { tried, unneeded };
}

/** The same for the policies on resources: buckets, keys, topics, queues, functions, and the trust of roles. */
export async function unneededResourceStatements(
  localAws: LocalAwsProcess,
  roles: readonly RolePolicies[],
  asked: readonly Asked[],
): Promise<{ readonly tried: number; readonly unneeded: readonly string[] }> {
  const unneeded: string[] = [];
  let tried = 0;
  const byArn = new Map(roles.map((role) => [role.arn, role]));
  const byPolicy = Map.groupBy(
    asked.filter(({ need }) => need.resourcePolicy !== undefined),
    ({ need }) => `${need.resourcePolicy?.name}\n${need.resourcePolicy?.document}`,
  );
  for (const group of byPolicy.values()) {
    const policy = group[0]?.need.resourcePolicy;
    if (policy === undefined) {
      continue;
    }
    const before = await Promise.all(group.map((one) => decide(localAws, one, byArn.get(one.principal))));
    for (const { sid, without } of eachRemoved(policy)) {
      tried += 1;
      const changed = group.map((one) => ({
        ...one,
        need: { ...one.need, resourcePolicy: { ...policy, document: without } },
      }));
      const after = await Promise.all(changed.map((one) => decide(localAws, one, byArn.get(one.principal))));
      if (after.every(({ allowed }, index) => allowed === before[index]?.allowed)) {
        unneeded.push(`${policy.name}#${sid}`);
      }
    }
  }
  return { tried, unneeded };
}

/** What local AWS has decided since its start, as questions that can be asked again. */
export async function askedSoFar(localAws: LocalAwsProcess): Promise<readonly Asked[]> {
  const used = await localAws.control<UsedAccess[]>("GET", "access");
  return used.map(({ principal, need }) => ({ principal, need }));
}

async function anyDiffers(
  localAws: LocalAwsProcess,
  asked: readonly Asked[],
  original: RolePolicies,
  changed: RolePolicies,
): Promise<boolean> {
  for (const one of asked) {
    const [before, after] = await Promise.all([decide(localAws, one, original), decide(localAws, one, changed)]);
    if (before.allowed !== after.allowed) {
      return true;
    }
  }
  return false;
}

function decide(localAws: LocalAwsProcess, asked: Asked, role: RolePolicies | undefined): Promise<AccessDecision> {
  const policies = role === undefined ? undefined : { identity: role.identity, boundary: role.boundary };
  return localAws.control("POST", "access", { ...asked, ...(policies === undefined ? {} : { policies }) });
}

function eachRemoved({ document }: Document): { sid: string; without: string }[] {
  const policy = JSON.parse(document) as Policy;
  const statements = Array.isArray(policy.Statement)
    ? (policy.Statement as Statement[])
    : [policy.Statement as Statement];
  return statements.map(({ Sid }, index) => ({
    sid: Sid ?? String(index),
    without: JSON.stringify({ ...policy, Statement: statements.toSpliced(index, 1) }),
  }));
}
