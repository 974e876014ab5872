import { join } from "node:path";
import { type Investigation, investigationSchema } from "@slipway/contracts";
import { expect, it } from "vitest";
import { renderInvestigation } from "./render-investigation.ts";

const found: Investigation = investigationSchema.parse({
  ...{ version: 1, environment: "prod", incident: "i3", at: "2026-11-28T22:50:00.000Z" },
  ...{ from: "2026-11-28T21:40:00.000Z", to: "2026-11-28T22:50:00.000Z", startedAt: "2026-11-28T22:40:00.000Z" },
  sources: [
    { source: "ledger", state: "answered", durationMs: 40 },
    { source: "errors before", state: "too-late", why: "no answer within 3.5 s", durationMs: 3_500 },
  ],
  suspects: [
    {
      ...{ release: "r12", likelihood: 0.93, part: "code", changedAt: "2026-11-28T22:36:30.000Z" },
      reasons: [
        "it began 4 min after it got 100 % of the traffic",
        "of orders-prod's calls 12 % (151 of 1204) fail with it, and 0 % (0 of 310) without it",
      ],
    },
    {
      ...{ release: "r11", likelihood: 0.04, part: "infrastructure", changedAt: "2026-11-28T19:00:00.000Z" },
      reasons: ["it began 3.7 h after it was applied"],
    },
  ],
  changes: {
    commits: [{ commit: "ab12cd3".padEnd(40, "0"), subject: "Sort orders by \u001b[31mcustomer", author: "Jane Doe" }],
    ...{ files: ["src/list-orders.ts", "src/order-index.ts"], moreFiles: 3 },
    infrastructure: [{ address: "module.orders.aws_dynamodb_table.this", action: "change" }],
  },
  errors: [
    {
      fingerprint: "TypeError: Cannot read properties of undefined (reading 'id') at listOrders (index.mjs)",
      ...{ count: 151, before: 0, firstAt: "2026-11-28T22:40:03.000Z", lastAt: "2026-11-28T22:49:59.000Z" },
      ...{ group: "/aws/lambda/orders-prod", versions: ["12"], sample: "{}", requestId: "7b6c8c5e-1c1c" },
    },
  ],
  numbers: [
    { of: "API orders, stage prod", name: "5xx", unit: "a minute", before: 0, now: 15 },
    { of: "API orders, stage prod", name: "requests", unit: "a minute", before: 120, now: 121 },
  ],
  alarms: [{ at: "2026-11-28T22:43:00.000Z", alarm: "orders-5xx", to: "ALARM", reason: "15 above 5" }],
  dependencies: [{ name: "DynamoDB", calls: null, failed: 4 }],
  costs: [{ of: "lines in /aws/lambda/orders-prod, MB an hour", before: 20, now: 300 }],
  proposal: {
    ...{ kind: "rollback-code", safe: true, because: "r12 is to blame by 93 %: it began 4 min after it got 100 %" },
    command: "slipway rollback prod code --reason 'i3: r12 is to blame'",
  },
});

it("is what people have read before, within 80 columns and a screen, and nothing in it moves the cursor", async () => {
  const text = renderInvestigation(found, 80);
  expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(text.split("\n").length).toBeLessThanOrEqual(45);
  expect(text).not.toContain("\u001b");
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, "test/golden/investigation-80.txt"));
});

it("says why nobody is suspected", () => {
  const { changes: _, ...rest } = found;
  const text = renderInvestigation(
    {
      ...rest,
      changes: null,
      suspects: [],
      withoutSuspect: "a service that is called and does not answer fits better",
    },
    80,
  );
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    "No release is suspected: a service that is called and does not answer fits better.",
  );
});
