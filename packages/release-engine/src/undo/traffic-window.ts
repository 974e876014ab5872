import type { LedgerEntry, StepKind } from "@slipway/contracts";
import type { TimeWindow } from "./export-windows.ts";

const begins: ReadonlySet<StepKind> = new Set(["traffic.shift", "traffic.promote", "traffic.return"]);
const takesOver: ReadonlySet<StepKind> = new Set(["traffic.promote", "traffic.return"]);

/**
 * When a release had traffic, as the ledger tells it: from the second in which its traffic was first moved to the end of the second in which
 * all of it had gone elsewhere: put back, or taken over by a later release.
 *
 * @returns `to` undefined while it has traffic; undefined as a whole when it never had any
 */
export function trafficWindow(
  entries: readonly LedgerEntry[],
  release: string,
): { readonly from: TimeWindow["from"]; readonly to: TimeWindow["to"] | undefined } | undefined {
  const first = entries.findIndex((entry) => entry.release === release && isStep(entry, "step.started", begins));
  const begun = entries[first];
  if (begun === undefined) {
    return undefined;
  }
  const gone = entries
    .slice(first)
    .find((entry) =>
      entry.release === release
        ? isStep(entry, "step.finished", new Set(["traffic.restore"]))
        : isStep(entry, "step.finished", takesOver),
    );
  const second = (at: string, round: (value: number) => number) => round(Date.parse(at) / 1000) * 1000;
  return {
    from: second(begun.at, Math.floor),
    to: gone === undefined ? undefined : second(gone.at, (value) => Math.floor(value) + 1),
  };
}

function isStep({ body }: LedgerEntry, type: "step.started" | "step.finished", kinds: ReadonlySet<StepKind>): boolean {
  if (body.type !== type || !kinds.has(body.kind)) {
    return false;
  }
  return body.type === "step.started" || body.outcome === "done" || body.outcome === "nothing-to-do";
}
