import type { Evidence, LedgerEntry } from "@slipway/contracts";
import { type DrillPath, drillCheckId } from "./drill-path.ts";
import type { DrillSubject } from "./drill-subject.ts";

/** What the ledger's drills prove of a path. */
export interface DrillProof {
  readonly path: DrillPath;
  readonly status: "pass" | "fail" | "unknown";
  readonly found: string;
}

export interface JudgeDrillsOptions {
  readonly paths: readonly DrillPath[];
  readonly entries: readonly LedgerEntry[];
  /** What a proof has to be about. */
  readonly subject: DrillSubject;
  /** Milliseconds since the epoch, on the target's clock. */
  readonly now: number;
  readonly testedWithinDays: number;
}

const DAY_MS = 86_400_000;

/**
 * Judges each path by its newest drill of these files: it has to have passed, lately, from these very files to the release that is live now. A failure of
 * other files says nothing about these, and a pass of them neither.
 */
export function judgeDrills(options: JudgeDrillsOptions): readonly DrillProof[] {
  return options.paths.map((path) => ({ path, ...judgePath(path, options) }));
}

function judgePath(
  path: DrillPath,
  { entries, subject, now, testedWithinDays }: JudgeDrillsOptions,
): Omit<DrillProof, "path"> {
  if (subject.inputs === undefined) {
    return { status: "unknown", found: "without a git repository nobody knows whether a drill was of these files" };
  }
  if (path.needs === "earlier-release" && subject.earlier === undefined) {
    return subject.isFirst === true
      ? { status: "pass", found: "nothing was released before, so that there is nothing to go back to" }
      : { status: "unknown", found: "what is checked out has the traffic, and no other release before it is known" };
  }
  const newest = newestOf(path, entries, subject.inputs);
  if (newest === undefined) {
    return { status: "unknown", found: "it was never rehearsed" };
  }
  const days = Math.floor((now - Date.parse(newest.at)) / DAY_MS);
  const when = days <= 0 ? "today" : days === 1 ? "yesterday" : `${days} days ago`;
  const found = `${newest.found} (${when})`;
  if (newest.inputs !== subject.inputs) {
    const other = "the newest drill was of other files, of another configuration, or back to another release";
    return { status: "unknown", found: `${other}: ${newest.status}, ${found}` };
  }
  if (newest.status === "fail") {
    return { status: "fail", found };
  }
  if (newest.status !== "pass") {
    return { status: "unknown", found };
  }
  return now - Date.parse(newest.at) <= testedWithinDays * DAY_MS
    ? { status: "pass", found }
    : { status: "unknown", found: `${found}; a drill counts for ${testedWithinDays} days` };
}

/** The newest drill of these very files; without one, the newest at all: a colleague who drills others has not undone it. */
function newestOf(path: DrillPath, entries: readonly LedgerEntry[], inputs: string): Evidence | undefined {
  const check = drillCheckId(path);
  const drilled = entries
    .flatMap(({ body }) => (body.type === "evidence" && body.step === DRILL_STEP ? body.evidence : []))
    .filter((each) => each.check === check);
  return drilled.findLast((each) => each.inputs === inputs) ?? drilled.at(-1);
}

/** What the ledger calls the step of its evidence. */
export const DRILL_STEP = "drill";
