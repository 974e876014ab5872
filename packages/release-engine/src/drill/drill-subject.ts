import { createHash } from "node:crypto";
import type { EnvironmentConfig, SourceRevision } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { releaseWithTraffic } from "../release/standing-releases.ts";

/** What a drill goes back and forth between. */
export interface DrillSubject {
  /** The release that would be gone back to; absent where there is none. */
  readonly earlier?: { readonly release: string; readonly source: SourceRevision };
  /** Nothing released has the traffic: there is nothing to go back to yet. */
  readonly isFirst?: true;
  /** What would be released. */
  readonly current: SourceRevision;
  /** SHA-256 of both and of the configuration; undefined outside of a git repository, where nobody can tell whether files are the same. */
  readonly inputs: string | undefined;
}

/**
 * What the proof for a release of these files has to be about: going back to what is live from what is checked out. Where that is live
 * itself, it is about going back to the release before it. The drill and the checklist both ask here, so that they mean the same.
 */
export function drillSubject(
  environment: string,
  config: EnvironmentConfig,
  records: readonly ReleaseRecord[],
  current: SourceRevision,
): DrillSubject {
  const record = earlierRelease(records, current);
  const earlier = record && { release: record.id, source: record.plan.source };
  const isFirst = releaseWithTraffic(records) === undefined ? { isFirst: true as const } : {};
  return { ...(earlier && { earlier }), ...isFirst, current, inputs: inputsOf(environment, config, earlier, current) };
}

function earlierRelease(records: readonly ReleaseRecord[], { tree }: SourceRevision): ReleaseRecord | undefined {
  let record = releaseWithTraffic(records);
  while (record !== undefined && record.plan.source.tree === tree) {
    const { previous } = record.plan;
    record = previous === null ? undefined : records.find(({ id }) => id === previous);
  }
  return record;
}

function inputsOf(
  environment: string,
  config: EnvironmentConfig,
  earlier: DrillSubject["earlier"],
  { tree }: SourceRevision,
): string | undefined {
  if (tree === null) {
    return undefined;
  }
  const { commit = null, tree: earlierTree = null } = earlier?.source ?? {};
  // Not the commit of what is checked out: files that were rehearsed and committed then are the same files.
  const parts = [1, environment, earlier?.release ?? null, commit, earlierTree, tree, config];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
