import type { Evidence } from "@slipway/contracts";
import { expect, it } from "vitest";
import { waive } from "../waive.ts";
import { checkpointMessage } from "./checkpoint-message.ts";

const good: Evidence = {
  ...{ check: "validation.short.error-rate", title: "Few errors", status: "pass", found: "none" },
  at: "2026-11-28T12:00:00.000Z",
};
const waived = (subject: string) =>
  waive({ ...good, subject, status: "fail" }, { by: "Jane", reason: "known", expires: "2026-12-01" });

it.each<[string, Evidence[], string]>([
  ["nothing", [good], "1 checks passed, 0 are waived"],
  [
    "one",
    [good, waived("orders")],
    "1 checks passed, 1 are waived\nvalidation.short.error-rate of orders: waived by Jane until 2026-12-01: known",
  ],
])("says who has answered for %s of what did not pass", (_, evidence, text) => {
  const judged = { type: "checkpoint.judged", window: "short", verdict: "pass", evidence } as const;
  const plan = { environment: "prod", release: "r-0001", previous: null };

  expect(checkpointMessage(plan, { ...judged, evidence }, { putsBack: false, decidedBy: [] }, "")).toMatchObject({
    moment: "checkpoint-passed",
    text,
  });
});

it("counts those that it does not name", () => {
  const evidence = ["a", "b", "c", "d", "e", "f", "g"].map(waived);
  const judged = { type: "checkpoint.judged", window: "short", verdict: "pass", evidence } as const;
  const { text } = checkpointMessage(
    { environment: "prod", release: "r-0001", previous: null },
    ...([judged, { putsBack: false, decidedBy: [] }, ""] as const),
  );

  expect(text.split("\n")).toHaveLength(7);
  expect(text).toMatch(/\nand 2 more$/);
});
