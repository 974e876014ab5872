import type { Evidence, LedgerBodyOf, Moment, ReleasePlan } from "@slipway/contracts";
import type { Message } from "../ports/notifier.ts";
import { WINDOWS } from "../validation/windows.ts";
import type { CheckpointVerdict } from "./judge-checkpoint.ts";

/** So many lines are read; the ledger has all of them. */
const MOST_LINES = 5;

/** What people are told of a checkpoint. */
export function checkpointMessage(
  { environment, release }: Pick<ReleasePlan, "environment" | "release">,
  { window, verdict, evidence }: LedgerBodyOf<"checkpoint.judged">,
  { putsBack, decidedBy }: Pick<CheckpointVerdict, "putsBack" | "decidedBy">,
  flags: string,
): Message {
  const of = `${release} of ${environment}`;
  const checkpoint = `checkpoint ${window} (${WINDOWS[window].word})`;
  const about = { environment, release, ...momentAndTitle(verdict, of, checkpoint, putsBack) };
  if (verdict === "pass") {
    const waived = evidence.filter(({ status }) => status === "waived").length;
    return { ...about, text: `${evidence.length - waived} checks passed, ${waived} are waived` };
  }
  const lines = decidedBy.slice(0, MOST_LINES).map(lineOf);
  const more = decidedBy.length > MOST_LINES ? [`and ${decidedBy.length - MOST_LINES} more`] : [];
  return { ...about, text: [...lines, ...more].join("\n"), next: `slipway show ${environment} ${release}${flags}` };
}

function momentAndTitle(
  verdict: LedgerBodyOf<"checkpoint.judged">["verdict"],
  of: string,
  checkpoint: string,
  putsBack: boolean,
): { readonly moment: Moment; readonly title: string } {
  switch (verdict) {
    case "pass":
      return { moment: "checkpoint-passed", title: `${of} has passed its ${checkpoint}` };
    case "fail": {
      const then = putsBack ? "it is being put back" : "it stays live, and somebody has to decide";
      return { moment: "checkpoint-failed", title: `${of} FAILED its ${checkpoint}: ${then}` };
    }
    case "unknown":
      return { moment: "checkpoint-unknown", title: `Nobody knows how ${of} does at its ${checkpoint}` };
  }
}

function lineOf({ check, subject, found }: Evidence): string {
  return `${check}${subject === undefined ? "" : ` (${subject})`}: ${found}`;
}
