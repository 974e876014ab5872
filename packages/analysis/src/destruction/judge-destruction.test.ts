import { evidenceSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { type DestructionPolicy, judgeDestruction, type TableAtStake } from "./judge-destruction.ts";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-23T12:00:00Z");
const policy: DestructionPolicy = {
  environment: "prod",
  isProtected: true,
  confirmation: "destroy prod",
  discardData: [],
  backupMaxAgeMs: 24 * HOUR,
};
const table: TableAtStake = {
  name: "items-prod",
  exists: true,
  hasItems: false,
  newestBackup: { arn: "arn:backup", createdAt: NOW - 2 * HOUR },
};

const statuses = (tables: readonly TableAtStake[], changes: Partial<DestructionPolicy> = {}) => {
  const evidence = judgeDestruction(tables, { ...policy, ...changes }, NOW);
  for (const one of evidence) {
    evidenceSchema.parse(one);
    // Whatever stands in the way says how to go on.
    expect(one.next !== undefined).toBe(one.status === "fail" || one.status === "unknown");
  }
  return evidence.map(({ check, status }) => `${check} ${status}`);
};

describe("judgeDestruction", () => {
  it("lets a confirmed destruction of an empty table with a fresh backup pass", () => {
    expect(statuses([table])).toEqual([
      "destroy.confirmed pass",
      "destroy.backup-fresh pass",
      "destroy.table-empty pass",
    ]);
  });

  it.each<[string, Partial<DestructionPolicy>]>([
    ["nothing typed", { confirmation: undefined }],
    ["another environment typed", { confirmation: "destroy staging" }],
    ["a mere yes", { confirmation: "yes" }],
    ["nearly the words", { confirmation: "Destroy prod" }],
  ])("refuses with %s", (_name, changes) => {
    expect(statuses([table], changes)[0]).toBe("destroy.confirmed fail");
  });

  it.each<[string, Partial<TableAtStake>, string]>([
    ["no backup", { newestBackup: null }, "fail"],
    ["a backup of the day before yesterday", { newestBackup: { arn: "a", createdAt: NOW - 25 * HOUR } }, "fail"],
    ["a backup of exactly the age", { newestBackup: { arn: "a", createdAt: NOW - 24 * HOUR } }, "pass"],
    ["backups that could not be listed", { newestBackup: undefined, problem: "AccessDenied" }, "unknown"],
  ])("%s", (_name, changes, status) => {
    expect(statuses([{ ...table, ...changes }])[1]).toBe(`destroy.backup-fresh ${status}`);
  });

  it.each<[string, Partial<TableAtStake>, readonly string[], string]>([
    ["data", { hasItems: true }, [], "fail"],
    ["data that is given up by name", { hasItems: true }, ["items-prod"], "waived"],
    ["data, and another table given up", { hasItems: true }, ["items-staging"], "fail"],
    ["a table that could not be read", { hasItems: undefined }, [], "unknown"],
    ["a table that could not be read, given up", { hasItems: undefined }, ["items-prod"], "unknown"],
  ])("%s", (_name, changes, discardData, status) => {
    expect(statuses([{ ...table, ...changes }], { discardData })[2]).toBe(`destroy.table-empty ${status}`);
  });

  it("asks nothing of a table that is gone already, and nothing of an environment that is not protected", () => {
    expect(statuses([{ name: "items-prod", exists: false }])).toEqual(["destroy.confirmed pass"]);
    const open = { environment: "dev", isProtected: false, confirmation: undefined };
    expect(statuses([{ ...table, hasItems: true, newestBackup: null }], open)).toEqual(["destroy.confirmed pass"]);
  });
});
