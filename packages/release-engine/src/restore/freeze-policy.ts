import { stampOf } from "../backups/backup-names.ts";

/** Whoever finds it on a table sees whose it is, and since when. */
const SID = /^SlipwayFreeze(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * Everything that changes items. Transactions are checked as what they do. DynamoDB's own deletion of expired items goes on: it asks no
 * policy.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
const WRITES = [
  "BatchWriteItem",
  "DeleteItem",
  "PartiQLDelete",
  "PartiQLInsert",
  "PartiQLUpdate",
  "PutItem",
  "UpdateItem",
].map((action) => `dynamodb:${action}`);

interface Policy {
  readonly Version?: string;
  readonly Statement?: unknown;
  readonly [other: string]: unknown;
}

interface Statement {
  readonly Sid?: string;
  readonly [other: string]: unknown;
}

/**
 * A table's policy that denies everybody every write, beside what it said before: an explicit deny wins over whatever anybody is
 * allowed. Nobody is left out: to restore a table nothing is written to it, and so a refused write proves that it holds for all.
 *
 * @param before the table's policy; null where it has none
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
 */
export function freezePolicy(arn: string, before: string | null, now: number): string {
  const policy: Policy = before === null ? { Version: "2012-10-17" } : (JSON.parse(before) as Policy);
  const freeze = { Sid: `SlipwayFreeze${stampOf(now)}`, Effect: "Deny", Principal: "*", Action: WRITES, Resource: arn };
  return JSON.stringify({ ...policy, Statement: [...statementsOf(policy), freeze] });
}

/** Since when a policy freezes its table (milliseconds since the epoch); undefined where it does not. */
export function frozenSince(document: string): number | undefined {
  for (const { Sid = "" } of statementsOf(JSON.parse(document) as Policy)) {
    const [, year, month, day, hour, minute, second] = (SID.exec(Sid) ?? []).map(Number);
    if (year !== undefined) {
      return Date.UTC(year, (month ?? 1) - 1, day, hour, minute, second);
    }
  }
  return undefined;
}

/** What a policy says beside the freeze; null where that was all. */
export function withoutFreeze(document: string): string | null {
  const policy = JSON.parse(document) as Policy;
  const others = statementsOf(policy).filter(({ Sid = "" }) => !SID.test(Sid));
  return others.length === 0 ? null : JSON.stringify({ ...policy, Statement: others });
}

/** A policy for another table: whatever it says of one ARN, and of the indexes below it, it says of the other. */
export function policyFor(document: string, from: string, to: string): string {
  const moved = (resource: unknown) =>
    typeof resource === "string" && (resource === from || resource.startsWith(`${from}/`))
      ? to + resource.slice(from.length)
      : resource;
  const policy = JSON.parse(document) as Policy;
  const statements = statementsOf(policy).map((statement) =>
    Object.fromEntries(
      Object.entries(statement).map(([name, value]) => [
        name,
        name !== "Resource" && name !== "NotResource" ? value : Array.isArray(value) ? value.map(moved) : moved(value),
      ]),
    ),
  );
  return JSON.stringify({ ...policy, Statement: statements });
}

function statementsOf({ Statement = [] }: Policy): readonly Statement[] {
  return (Array.isArray(Statement) ? Statement : [Statement]) as readonly Statement[];
}
