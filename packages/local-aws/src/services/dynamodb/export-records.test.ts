import { DescribeExportCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ExportRecord, Exports } from "./export-records.ts";
import { type StartedExports, startExports } from "./start-exports.ts";

const DAY_MS = 86_400_000;
let started: StartedExports;

beforeEach(async () => {
  started = await startExports();
});

afterEach(() => started.close());

test("an export is forgotten after 90 days on the clock, when it has ended", async () => {
  const { core, db } = started;
  const TableArn = await started.recoverable("items");
  const { ExportArn, StartTime } = await started.start({ TableArn });
  await started.end(ExportArn);
  const exports = new Exports(core);
  const ended = exports.find(ExportArn ?? "") as ExportRecord;
  const underWay = { ...ended, arn: `${ExportArn}-under-way`, outcome: undefined };
  exports.put(underWay);
  const describe = async () => (await db.client.send(new DescribeExportCommand({ ExportArn }))).ExportDescription;

  await core.clock.advance(89 * DAY_MS);
  expect(await describe()).toMatchObject({ StartTime, ExportStatus: "COMPLETED" });
  await core.clock.advance(DAY_MS);
  await expect(describe()).rejects.toMatchObject({ name: "ExportNotFoundException" });
  expect(exports.find(underWay.arn)).toMatchObject({ arn: underWay.arn });
});
