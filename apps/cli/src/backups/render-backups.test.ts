import type { ListedTableBackup } from "@slipway/release-engine";
import { expect, test } from "vitest";
import { renderBackups } from "./render-backups.ts";

type Known = NonNullable<ListedTableBackup["record"]>;
const verified = { verdict: "unknown", items: null, digest: null, at: "2026-11-28T10:00:00.000Z", by: "Jane" } as const;

test.each<[string, Known, string]>([
  ["passed", { verified: { ...verified, verdict: "pass" }, passedAt: verified.at }, "pass 2026-11-28"],
  ["is not known", { verified }, "unknown 2026-11-28"],
  [
    "passed before one was broken off",
    { verified, passedAt: "2026-11-20T10:00:00.000Z" },
    "pass 2026-11-20, then unknown 2026-11-28",
  ],
  [
    "failed before one was broken off",
    { verified, failedAt: "2026-11-20T10:00:00.000Z" },
    "fail 2026-11-20, then unknown 2026-11-28",
  ],
])("a backup that %s is listed so", (_, record, words) => {
  const backup: ListedTableBackup = {
    ...{ arn: "arn:1", name: "slipway-prod-1", table: "items-prod", createdAt: 0, bytes: 1, kind: "on-demand" },
    ...{ isUsable: true, isOwn: true, isScheduled: false, record },
  };
  const tables = [{ table: "items-prod", pointInTime: null, backups: [backup] }];
  const text = renderBackups(tables, [], { environment: "prod", target: "AWS", flags: "" }, 200);
  expect(text.split("\n").find((line) => line.startsWith("slipway-prod-1"))).toMatch(new RegExp(`${words}$`));
});

test("what a schedule made is said to be of the schedule", () => {
  const backup: ListedTableBackup = {
    ...{ arn: "arn:1", name: "slipway-prod-scheduled-d32c5kddcf5bb8c3", table: "items-prod", createdAt: 0, bytes: 1 },
    ...{ kind: "on-demand", isUsable: true, isOwn: true, isScheduled: true },
  };
  const tables = [{ table: "items-prod", pointInTime: null, backups: [backup] }];
  const text = renderBackups(tables, [], { environment: "prod", target: "AWS", flags: "" }, 200);
  expect(text).toMatch(/^slipway-prod-scheduled-d32c5kddcf5bb8c3 .* the schedule\s*$/m);
});
