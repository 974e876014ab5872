import type { GlassEntry } from "@slipway/contracts";
import type { ReleaseRecord } from "@slipway/release-engine";

/** What a journal of --break-glass is compared with. */
export interface ReconcileFacts {
  readonly journal: readonly GlassEntry[];
  /** Entries with which releases began, without those that came after the journal was brought into the ledger. */
  readonly begun: readonly { readonly sequence: number; readonly release: string | null }[];
  readonly records: readonly Pick<ReleaseRecord, "id" | "wasLive" | "functions">[];
  /** The version that has all of an alias's traffic now; undefined where it has not all, or nobody could look. */
  readonly versionAt: (functionName: string, alias: string) => Promise<string | undefined>;
}

/**
 * The release that a rollback may write down as the one that has the traffic, because it has it: each of its functions is at its version, and
 * nobody has released anything since the copy of the ledger was made that the journal went by. Otherwise a rollback would take the traffic
 * away from what somebody has released, or moved, later.
 *
 * @returns its id, or why there is none
 */
export async function releaseToReconcile({
  journal,
  begun,
  records,
  versionAt,
}: ReconcileFacts): Promise<{ readonly to: string } | { readonly why: string }> {
  const broken = journal.flatMap(({ body }) => (body.type === "glass.broken" ? [body] : []));
  const last = broken.at(-1);
  const moved = new Map(
    journal.flatMap(({ body }) =>
      body.type === "alias.moved" ? [[`${body.functionName}:${body.alias}`, body] as const] : [],
    ),
  );
  if (last === undefined || moved.size === 0) {
    return { why: "it has moved no traffic" };
  }
  const known = Math.min(...broken.map(({ copy }) => copy?.sequence ?? Number.POSITIVE_INFINITY));
  const since = begun.filter(({ sequence }) => sequence > known).map(({ release }) => release);
  if (since.length > 0) {
    return { why: `${since.join(" and ")} was begun after the copy of the ledger that it went by` };
  }
  for (const { functionName, alias, version } of moved.values()) {
    if ((await versionAt(functionName, alias)) !== version) {
      return {
        why: `the alias ${alias} of ${functionName} is not at version ${version} any more, or nobody could look`,
      };
    }
  }
  const fits = records.filter(
    ({ id, wasLive, functions }) =>
      wasLive === true &&
      (last.to === null || id === last.to) &&
      [...moved.values()].every(({ functionName, alias, version }) =>
        functions.some(
          (each) => each.functionName === functionName && each.alias === alias && each.version === version,
        ),
      ),
  );
  for (const { id, functions } of fits.toReversed()) {
    const versions = await Promise.all(functions.map((each) => versionAt(each.functionName, each.alias)));
    if (functions.every(({ version }, index) => versions[index] === version)) {
      return { to: id };
    }
  }
  return { why: "the functions are at the versions of no release" };
}
