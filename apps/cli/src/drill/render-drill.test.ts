import { type DrillReport, drillReportSchema } from "@slipway/contracts";
import { expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { renderDrill } from "./render-drill.ts";

const source = { commit: "c".repeat(40), tree: "d".repeat(40), dirty: false };
const report: DrillReport = drillReportSchema.parse({
  ...{ version: 1, label: "rehearsed on local AWS", environment: "prod", target: "AWS", current: source },
  ...{ earlier: { release: "r7", source }, inputs: "e".repeat(64), verdict: "fail", entry: 41, durationMs: 250_000 },
  evidence: [
    {
      ...{ check: "drill.code", title: "The traffic goes back to the earlier code", status: "fail" },
      found: "rehearsed on local AWS: 2 of 40 requests failed during slipway rollback prod code --local",
      ...{ next: "slipway drill prod --only code --keep", at: "2026-11-28T12:00:00.000Z" },
    },
  ],
});

test("says what does not lead back, what to type, and where the proof is", async () => {
  await golden("drill", report);
  expect(renderDrill(report, 80)).toBe(`FAIL     The traffic goes back to the earlier code
         rehearsed on local AWS: 2 of 40 requests failed during slipway rollback
         prod code --local
         Next: slipway drill prod --only code --keep

A way back does NOT lead back: see above, before it is needed. Back to r7
  (cccccccccccc); rehearsed on local AWS, which proves nothing about AWS itself.
Entry 41 of the ledger of prod on AWS has it: slipway checklist prod asks there.
`);
});

test("says where everything is that was kept, and that there was nothing to go back to", () => {
  const kept = renderDrill({ ...report, verdict: "unknown", earlier: null, kept: "/tmp/slipway-drill-1" }, 200);
  expect(kept).toContain("No earlier release was there to go back to");
  expect(kept).toContain("slipway local start --data-dir /tmp/slipway-drill-1/local-aws --port N");
  expect(kept).toContain("Take it away: rm -rf /tmp/slipway-drill-1; git worktree prune");
  expect(renderDrill({ ...report, kept: "/tmp/slipway-drill-1" }, 200)).toContain(
    "git worktree remove --force /tmp/slipway-drill-1/worktree; rm -rf /tmp/slipway-drill-1",
  );
});
