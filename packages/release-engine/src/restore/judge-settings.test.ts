import { expect, it } from "vitest";
import type { TableSettings } from "../ports/table-restore.ts";
import { judgeSettings, wantedSettings } from "./judge-settings.ts";
import { itemsTable } from "./test/fake-restore.ts";

const { settings } = itemsTable("items-prod");
const about = { table: "restored", from: "items-prod", at: "2026-11-28T12:00:00.000Z" };
const failing = (wanted: TableSettings, restored: TableSettings) =>
  judgeSettings(wanted, restored, about).flatMap(({ check, status }) =>
    status === "pass" ? [] : [`${check} ${status}`],
  );

it.each<[keyof TableSettings, string, readonly string[] | null, string]>([
  ["replicas", "replicas", ["eu-west-1"], "aws dynamodb describe-table --table-name items-prod"],
  [
    "kinesis",
    "kinesis",
    ["arn:aws:kinesis:us-east-1:123456789012:stream/items"],
    "aws dynamodb describe-kinesis-streaming-destination --table-name items-prod",
  ],
  ["kinesis", "kinesis", null, "aws dynamodb describe-kinesis-streaming-destination --table-name items-prod"],
  [
    "contributorInsights",
    "contributor-insights",
    ["table", "status-index"],
    "aws dynamodb describe-contributor-insights --table-name items-prod",
  ],
  [
    "contributorInsights",
    "contributor-insights",
    null,
    "aws dynamodb describe-contributor-insights --table-name items-prod",
  ],
])("does not know the same %s where the table before has some, or nobody may look", (setting, name, value, next) => {
  const before = { ...settings, [setting]: value };
  expect(failing(before, settings)).toEqual([`restore.settings.${name} unknown`]);
  const found = judgeSettings(before, settings, about).find(({ status }) => status === "unknown");
  expect(found).toMatchObject({
    next,
    found: expect.stringContaining(value === null ? "may not be looked at" : value.join(", ")),
  });
});

it("finds nothing where all is the same, in whatever order it is written", () => {
  const policy = '{"Version":"2012-10-17","Statement":[]}';
  const other = {
    ...settings,
    policy: '{"Statement":[],"Version":"2012-10-17"}',
    tags: { Service: "items", Environment: "prod" },
  };
  expect(failing({ ...settings, policy }, other)).toEqual([]);
});

it.each<[keyof TableSettings, unknown, string]>([
  ["key", "id S RANGE", "restore.settings.key fail"],
  ["indexes", {}, "restore.settings.indexes fail"],
  ["billing", "provisioned; 5 reads, 5 writes", "restore.settings.billing fail"],
  ["encryption", "DynamoDB's own key", "restore.settings.encryption fail"],
  ["tableClass", "STANDARD_INFREQUENT_ACCESS", "restore.settings.table-class fail"],
  ["timeToLive", null, "restore.settings.time-to-live fail"],
  ["recoveryDays", null, "restore.settings.recovery-days fail"],
  ["recoveryDays", 7, "restore.settings.recovery-days fail"],
  ["deletionProtection", false, "restore.settings.deletion-protection fail"],
  ["stream", "NEW_IMAGE", "restore.settings.stream fail"],
  ["tags", { Environment: "prod" }, "restore.settings.tags fail"],
  ["policy", '{"Statement":[]}', "restore.settings.policy fail"],
])("finds another %s: %j", (setting, value, found) => {
  expect(failing(settings, { ...settings, [setting]: value })).toEqual([found]);
});

it("does not take for granted that nothing scaled a provisioned table", () => {
  const provisioned = { ...settings, billing: "provisioned; 5 reads, 5 writes" };
  expect(failing(provisioned, provisioned)).toEqual(["restore.settings.autoscaling unknown"]);
});

it("wants the policy that was there before the freeze, for the restored table", () => {
  const policy = JSON.stringify({ Statement: [{ Effect: "Deny", Resource: settings.arn }] });
  const arn = settings.arn.replace("items-prod", "restored");
  expect(wantedSettings({ ...settings, policy: "frozen" }, policy, arn).policy).toBe(
    policy.replace("items-prod", "restored"),
  );
  expect(wantedSettings({ ...settings, policy: "frozen" }, null, arn).policy).toBeNull();
});
