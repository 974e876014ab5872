import type { PlannedStep } from "@slipway/contracts";
import { isUnfinished } from "@slipway/release-plan";
import { ReleaseError } from "../release-error.ts";
import type { Journal } from "./journal.ts";
import { outcomeOf } from "./outcome-of.ts";
import type { ReleaseOutcome } from "./release-outcome.ts";
import type { ReleasePorts } from "./release-ports.ts";
import { tell } from "./tell.ts";

/**
 * Writes down that a release stops before its end, and what to do. A live one is not paused by a checkpoint that nobody waits for any
 * more: its traffic stays where it is, and the checkpoint stays due.
 */
export async function pauseRelease(
  ports: ReleasePorts,
  journal: Journal,
  { id, kind }: PlannedStep,
  state: "paused" | "interrupted",
  words?: { readonly summary: string; readonly next: string },
): Promise<ReleaseOutcome> {
  const { environment, release } = journal.plan;
  const isLive = !isUnfinished(journal.record);
  const command = journal.command(isLive ? "watch" : "resume");
  const { summary: reason, next } = words ?? { summary: "interrupted", next: command };
  if (!isLive) {
    await journal.write({ type: "release.paused", step: id, kind, reason, next });
    await tell(ports, journal, kind === "infrastructure.approve" ? "approval-needed" : "release-paused", {
      title: `${release} of ${environment} is paused at ${id}`,
      text: reason,
      next,
    });
  }
  return outcomeOf(journal, { stopped: { state, reason, next } });
}

/**
 * What a step that threw does to its release: it is paused there, if the ledger can be written, and can be resumed.
 *
 * @returns where it stands, after a stop that was asked for
 * @throws what went wrong, otherwise; `fenced` where the lease is lost by then
 */
export async function stopRelease(
  ports: ReleasePorts,
  journal: Journal,
  step: PlannedStep,
  error: unknown,
  asked: AbortSignal,
): Promise<ReleaseOutcome> {
  const kind = error instanceof ReleaseError ? error.kind : undefined;
  if (kind === "fenced") {
    throw error;
  }
  if (kind !== undefined) {
    // Whoever has lost the lease, asleep perhaps, fails at whatever others have done meanwhile: what went wrong is the loss.
    journal.held.assertHeld();
  }
  if (journal.held.lost.aborted) {
    throw error;
  }
  if (kind === "interrupted" && asked.aborted && step.kind !== "traffic.restore") {
    return await pauseRelease(ports, journal, step, "interrupted");
  }
  const told = step.kind === "traffic.restore" ? notPutBack(journal, error) : error;
  await pauseRelease(ports, journal, step, "paused", wordsOf(journal, told)).catch(() => {
    // What went wrong first is what people have to know. A release that is not said to be paused is found unfinished all the same.
  });
  throw told;
}

function wordsOf(journal: Journal, error: unknown): { summary: string; next: string } {
  const next = journal.command("resume");
  return error instanceof ReleaseError
    ? { summary: `${error.what}: ${error.why}`, next: `${error.next}; then ${next}` }
    : { summary: `an unexpected error: ${error instanceof Error ? error.message : String(error)}`, next };
}

function notPutBack(journal: Journal, error: unknown): ReleaseError {
  const { environment, release } = journal.plan;
  const why = error instanceof ReleaseError ? `${error.what}: ${error.why}` : String(error);
  return new ReleaseError(
    {
      kind: error instanceof ReleaseError ? error.kind : "failed",
      what: `PUTTING BACK ${release} OF ${environment} DID NOT SUCCEED, ITS VERSIONS MAY STILL HAVE TRAFFIC`,
      why,
      next: `${journal.command("rollback")} tries again`,
    },
    { cause: error },
  );
}
