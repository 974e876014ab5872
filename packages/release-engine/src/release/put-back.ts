import { isUnfinished } from "@slipway/release-plan";
import { ReleaseError } from "../release-error.ts";
import { assertAlone } from "./assert-alone.ts";
import { firstReleaseStays } from "./first-release-stays.ts";
import { followRelease } from "./follow-release.ts";
import { Journal } from "./journal.ts";
import type { ReleaseOutcome } from "./release-outcome.ts";
import type { ReleasePorts } from "./release-ports.ts";
import type { RunReleaseOptions } from "./run-release.ts";

export interface PutBackOptions extends Pick<RunReleaseOptions, "held" | "release" | "handlers"> {
  /** Who wants it and why, in one line for the ledger. */
  readonly reason: string;
}

/**
 * Gives the traffic of a release back to the versions before it, which the ledger knows, and ends the release. One whose traffic never
 * moved just ends. Does nothing where it has ended without the traffic already; can be repeated after any interruption, and is not
 * stopped by Ctrl-C: a traffic that is half put back helps nobody.
 *
 * @throws {ReleaseError} `usage` for a release that a later one has taken the place of, and for a live first release; `busy` while another
 *   one is unfinished; what went wrong while putting back, and then `slipway resume` and `slipway rollback` go on with it
 */
export async function putBack(ports: ReleasePorts, options: PutBackOptions): Promise<ReleaseOutcome> {
  const { held, release, handlers, reason } = options;
  const journal = await Journal.open(ports, held, release);
  const { record } = journal;
  assertAlone(journal);
  assertNotSuperseded(journal);
  const refusal = firstReleaseStays(record, journal.flags);
  if (refusal !== undefined) {
    throw refusal;
  }
  const isOpen = isUnfinished(record) || record.state === "live";
  if (isOpen && record.puttingBack === undefined) {
    await journal.write({ type: "release.putting-back", reason });
  }
  return await followRelease(ports, journal, { handlers, waitFor: "none" });
}

function assertNotSuperseded(journal: Journal): void {
  const { record, plan } = journal;
  if (record.state === "superseded") {
    throw new ReleaseError({
      kind: "usage",
      what: `${record.id} of ${plan.environment} cannot be put back any more`,
      why: record.reason ?? "a later release has taken its place",
      next: `check out the commit that should run, and release it: ${journal.command("deploy")}`,
    });
  }
}
