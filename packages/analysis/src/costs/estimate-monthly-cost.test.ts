import type { PriceTable } from "@slipway/contracts";
import { expect, it } from "vitest";
import { estimateMonthlyCost, type StandingResource } from "./estimate-monthly-cost.ts";
import { priceTableOf } from "./price-table-of.ts";

const prices = priceTableOf("us-east-1") as PriceTable;
const GB = 1024 ** 3;

it.each<[string, StandingResource, number]>([
  ["100 GB in a bucket at $0.023", { kind: "bucket", bytes: 100 * GB }, 2.3],
  ["10 GB of logs at $0.03", { kind: "log-group", bytes: 10 * GB }, 0.3],
  ["a backup of 5 GB at $0.10", { kind: "backup", bytes: 5 * GB }, 0.5],
  ["an on-demand table of 2 GB at $0.25", { kind: "table", bytes: 2 * GB }, 0.5],
  ["and its point-in-time recovery at $0.20", { kind: "table", bytes: 2 * GB, pointInTimeRecovery: true }, 0.9],
  // 5 x 730 x $0.00013 = $0.4745, 5 x 730 x $0.00065 = $2.3725
  ["5 + 5 provisioned units", { kind: "table", bytes: 0, provisioned: { reads: 5, writes: 5 } }, 2.847],
  ["a key", { kind: "kms-key" }, 1],
  ["a key rotated five times: two are charged for", { kind: "kms-key", rotations: 5 }, 3],
  ["a key that waits for its deletion", { kind: "kms-key", pendingDeletion: true }, 0],
  ["an alarm", { kind: "alarm" }, 0.1],
  ["an alarm on a ratio of two metrics", { kind: "alarm", metrics: 2 }, 0.2],
  ["an alarm every 10 seconds", { kind: "alarm", highResolution: true }, 0.3],
  ["a composite alarm", { kind: "composite-alarm" }, 0.5],
  ["a dashboard", { kind: "dashboard" }, 3],
  ["a topic, queue, role or function that is not used", { kind: "free-when-idle" }, 0],
])("%s", (_, resource, usd) => {
  expect(estimateMonthlyCost(resource, prices)?.usd).toBeCloseTo(usd, 9);
});

it("shows how it was reckoned", () => {
  expect(estimateMonthlyCost({ kind: "table", bytes: GB, pointInTimeRecovery: true }, prices)?.formula).toBe(
    "1 GB-month x $0.25 + 1 GB-month x $0.20",
  );
});

it.each<[string, StandingResource]>([
  ["a bucket", { kind: "bucket", bytes: undefined }],
  ["a table", { kind: "table", bytes: undefined, provisioned: { reads: 1, writes: 1 } }],
])("does not guess what %s of unknown size costs", (_, resource) => {
  expect(estimateMonthlyCost(resource, prices)).toBeUndefined();
});

it("does not guess without a price", () => {
  expect(estimateMonthlyCost({ kind: "dashboard" }, { ...prices, prices: {} })).toBeUndefined();
});
