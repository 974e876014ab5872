import type { DrillReport } from "@slipway/contracts";
import { wrapText } from "../costs/wrap-text.ts";
import { renderEvidence } from "../terminal/render-evidence.ts";

const VERDICTS: Readonly<Record<DrillReport["verdict"], string>> = {
  pass: "Every path that was rehearsed leads back.",
  fail: "A way back does NOT lead back: see above, before it is needed.",
  unknown: "Not every way back is proven: see above.",
};

/** What a drill came to, for people. */
export function renderDrill(report: DrillReport, columns: number): string {
  const { environment, target, evidence, verdict, earlier, entry, kept } = report;
  const say = (text: string) => `${wrapText(text, columns, "").join("\n")}\n`;
  const back =
    earlier === null
      ? "No earlier release was there to go back to"
      : `Back to ${earlier.release} (${earlier.source.commit?.slice(0, 12) ?? "no commit"})`;
  return [
    renderEvidence(evidence, columns),
    "\n",
    say(`${VERDICTS[verdict]} ${back}; rehearsed on local AWS, which proves nothing about AWS itself.`),
    say(
      `Entry ${entry} of the ledger of ${environment} on ${target} has it: slipway checklist ${environment} asks there.`,
    ),
    ...(kept === undefined
      ? []
      : [
          say(`Kept: ${kept}. Start it again: slipway local start --data-dir ${kept}/local-aws --port N`),
          say(
            `Take it away: ${earlier === null ? "" : `git worktree remove --force ${kept}/worktree; `}rm -rf ${kept}; git worktree prune`,
          ),
        ]),
  ].join("");
}
