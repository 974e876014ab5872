import type { Evidence, LedgerBodyOf, Moment, ReleasePlan } from "@slipway/contracts";
import { hasPredecessor } from "@slipway/release-plan";
import type { Message } from "../ports/notifier.ts";
import { insteadOfPuttingBack } from "../release/first-release-stays.ts";
import { WINDOWS } from "../validation/windows.ts";
import type { CheckpointVerdict } from "./judge-checkpoint.ts";

/** So many lines are read; the ledger has all of them. */
const MOST_LINES = 5;

/** What people are told of a checkpoint. */
export function checkpointMessage(
  plan: Pick<ReleasePlan, "environment" | "release" | "adopts"> & { readonly previous: string | null | undefined },
  { window, verdict, evidence }: LedgerBodyOf<"checkpoint.judged">,
  { putsBack, decidedBy }: Pick<CheckpointVerdict, "putsBack" | "decidedBy">,
  flags: string,
): Message {
  const { environment, release } = plan;
  const { previous } = plan;
  const isFirst = previous !== undefined && !hasPredecessor({ ...plan, previous });
  const of = `${release} of ${environment}`;
  const checkpoint = `checkpoint ${window} (${WINDOWS[window].word})`;
  const about = { environment, release, ...momentAndTitle(verdict, of, checkpoint, thenOf(putsBack, isFirst)) };
  if (verdict === "pass") {
    const waived = evidence.filter(({ status }) => status === "waived");
    const counts = `${evidence.length - waived.length} checks passed, ${waived.length} are waived`;
    return { ...about, text: [counts, ...shortened(waived.map(waiverOf))].join("\n") };
  }
  const show = `slipway show ${environment} ${release}${flags}`;
  const isAsked = verdict === "fail" && isFirst;
  const next = isAsked ? `${show}; then ${insteadOfPuttingBack(environment, flags)}` : show;
  return { ...about, text: shortened(decidedBy.map(lineOf)).join("\n"), next };
}

function momentAndTitle(
  verdict: LedgerBodyOf<"checkpoint.judged">["verdict"],
  of: string,
  checkpoint: string,
  then: string,
): { readonly moment: Moment; readonly title: string } {
  switch (verdict) {
    case "pass":
      return { moment: "checkpoint-passed", title: `${of} has passed its ${checkpoint}` };
    case "fail":
      return { moment: "checkpoint-failed", title: `${of} FAILED its ${checkpoint}: ${then}` };
    case "unknown":
      return { moment: "checkpoint-unknown", title: `Nobody knows how ${of} does at its ${checkpoint}` };
  }
}

function thenOf(putsBack: boolean, isFirst: boolean): string {
  if (putsBack) {
    return "it is being put back";
  }
  const stays = "it stays live, and somebody has to decide";
  return isFirst ? `nothing ran before it to go back to; ${stays}` : stays;
}

function shortened(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** `validation.short.cost-expected: waived by Jane until 2026-12-01: known`. */
function waiverOf({ check, subject, waiver }: Evidence): string {
  const until = waiver?.expires === undefined ? "" : ` until ${waiver.expires}`;
  const who = waiver === undefined ? "" : ` by ${waiver.by}${until}: ${waiver.reason}`;
  return `${check}${subject === undefined ? "" : ` of ${subject}`}: waived${who}`;
}

function lineOf({ check, subject, found }: Evidence): string {
  return `${check}${subject === undefined ? "" : ` (${subject})`}: ${found}`;
}
