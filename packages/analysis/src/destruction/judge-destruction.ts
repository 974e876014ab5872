import type { Evidence } from "@slipway/contracts";

/** A table that a destruction would take, as it is now. */
export interface TableAtStake {
  readonly name: string;
  /** False when the state has it, and AWS does not. */
  readonly exists: boolean;
  /** Whether a read found any item; `undefined` when it could not be read. */
  readonly hasItems?: boolean;
  /** The newest on-demand backup; `null` when there is none, `undefined` when that could not be found out. */
  readonly newestBackup?: { readonly arn: string; readonly createdAt: number } | null;
  /** Why something is not known. */
  readonly problem?: string;
}

/** What a destruction has to answer to. */
export interface DestructionPolicy {
  readonly environment: string;
  /** Protected environments need a typed confirmation and backups, and their data has to be given up by name. */
  readonly isProtected: boolean;
  /** What was typed. */
  readonly confirmation?: string;
  /** Names of the tables whose data may be lost. */
  readonly discardData: readonly string[];
  /** How old a backup may be. */
  readonly backupMaxAgeMs: number;
}

const HOUR_MS = 3_600_000;

/** What has to be typed to destroy a protected environment. */
export function confirmationFor(environment: string): string {
  return `destroy ${environment}`;
}

/**
 * Judges whether an environment may be destroyed: confirmed, with fresh backups, and without losing data by accident.
 *
 * @param tables the tables in the environment's state
 * @param now milliseconds since the epoch
 */
export function judgeDestruction(
  tables: readonly TableAtStake[],
  policy: DestructionPolicy,
  now: number,
): readonly Evidence[] {
  const { environment, isProtected } = policy;
  const at = new Date(now).toISOString();
  if (!isProtected) {
    return [
      {
        check: "destroy.confirmed",
        title: "The destruction is confirmed",
        status: "pass",
        found: `${environment} is not protected in slipway.config.ts, so that nothing has to be confirmed`,
        at,
      },
    ];
  }
  const present = tables.filter(({ exists }) => exists);
  return [
    { ...judgeConfirmation(policy), at },
    ...present.map((table) => ({ ...judgeBackup(table, policy, now), at })),
    ...present.map((table) => ({ ...judgeData(table, policy), at })),
  ];
}

type Judged = Omit<Evidence, "at">;

function judgeConfirmation({ environment, confirmation }: DestructionPolicy): Judged {
  const wanted = confirmationFor(environment);
  const base = { check: "destroy.confirmed", title: "The destruction is confirmed" };
  if (confirmation === wanted) {
    return { ...base, status: "pass", found: `"${wanted}" was typed` };
  }
  return {
    ...base,
    status: "fail",
    found:
      confirmation === undefined
        ? `${environment} is protected, and nothing was typed`
        : `${environment} is protected, and "${confirmation}" is not "${wanted}"`,
    next: `add --confirm '${wanted}'`,
  };
}

function judgeBackup(table: TableAtStake, policy: DestructionPolicy, now: number): Judged {
  const { name, newestBackup, problem } = table;
  const base = { check: "destroy.backup-fresh", subject: name, title: `${name} has a fresh backup` };
  const hours = Math.round(policy.backupMaxAgeMs / HOUR_MS);
  const next = "add --backup, which makes one first";
  if (newestBackup === undefined) {
    return {
      ...base,
      status: "unknown",
      found: `its backups could not be listed: ${problem ?? "no reason given"}`,
      next: "remove the cause (dynamodb:ListBackups has to be allowed), then type the same command again",
    };
  }
  if (newestBackup === null) {
    return {
      ...base,
      status: "fail",
      found: "it has no on-demand backup; what point-in-time recovery holds ends with the table",
      next,
    };
  }
  const age = now - newestBackup.createdAt;
  const found = `the newest is ${describeAge(age)} old, ${newestBackup.arn}`;
  return age <= policy.backupMaxAgeMs
    ? { ...base, status: "pass", found }
    : { ...base, status: "fail", found: `${found}; at most ${hours} h are allowed`, next };
}

function judgeData(table: TableAtStake, policy: DestructionPolicy): Judged {
  const { name, hasItems, problem } = table;
  const base = { check: "destroy.table-empty", subject: name, title: `${name} holds no data` };
  if (hasItems === undefined) {
    const next = "remove the cause (dynamodb:Scan has to be allowed), then type the same command again";
    return { ...base, status: "unknown", found: `it could not be read: ${problem ?? "no reason given"}`, next };
  }
  if (!hasItems) {
    return { ...base, status: "pass", found: "a read of it found no item" };
  }
  return policy.discardData.includes(name)
    ? { ...base, status: "waived", found: "it holds data, which --discard-data gives up" }
    : { ...base, status: "fail", found: "it holds data", next: `add --discard-data ${name}, if its data may go` };
}

function describeAge(ms: number): string {
  const hours = ms / HOUR_MS;
  if (hours < 1) {
    return `${Math.max(0, Math.round(ms / 60_000))} min`;
  }
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
