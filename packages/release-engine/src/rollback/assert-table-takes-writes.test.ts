import type { ReleasePlan } from "@slipway/contracts";
import { expect, it } from "vitest";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { assertTableTakesWrites } from "./assert-table-takes-writes.ts";

const restore = {
  ...{ table: "items-prod", restored: "items-prod-restored-20261128-120000", keepUntil: "2026-12-28" },
  ...{ to: { time: "2026-11-28T11:00:00.000Z" }, address: "aws_dynamodb_table.this" },
};

function record(begun: readonly string[], variable?: string): Pick<ReleaseRecord, "id" | "plan" | "steps"> {
  const rollsBack = { restore: { ...restore, ...(variable !== undefined && { variable }) } };
  return {
    id: "r2",
    plan: { environment: "prod", rollsBack } as unknown as ReleasePlan,
    steps: new Map(begun.map((step) => [step, {}])) as unknown as ReleaseRecord["steps"],
  };
}

it.each(["data.freeze", "data.adopt"])("keeps the traffic off a table that %s was begun of", (step) => {
  expect(() => assertTableTakesWrites(record(["data.restore", step], "restored_table"))).toThrow(
    /the versions before r2 use items-prod, .*--version FUNCTION=N/s,
  );
});

it("lets it go where the table was not touched", () => {
  expect(() => assertTableTakesWrites(record(["data.restore"], "restored_table"))).not.toThrow();
  expect(() => assertTableTakesWrites(record(["data.restore", "data.discard"]))).not.toThrow();
});
