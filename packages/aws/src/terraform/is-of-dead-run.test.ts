import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { isOfDeadRun } from "./is-of-dead-run.ts";

// A process that has ended.
const pid = spawnSync(process.execPath, ["--version"]).pid;
const startedAt = Date.parse("2026-11-28T12:00:00Z");
const run = { pid, startedAt, machine: "boot-1" };
const lock = {
  ...{ id: "1-2-3", who: "jane@build-7", operation: "OperationTypeApply" },
  created: "2026-11-28 12:00:03.123456789 +0000 UTC",
};
const place = { machine: "boot-1", who: "jane@build-7", commands: async () => ["node slipway resume prod"] };

describe("isOfDeadRun", () => {
  it.each([lock.created, "2026-11-28T12:00:03.123456789Z"])(
    "knows the lock of a run that was killed: %s",
    async (created) => {
      expect(await isOfDeadRun({ ...lock, created }, run, place)).toBe(true);
    },
  );

  it.each([
    ["the folder remembers no run", lock, undefined, place],
    ["the run was on another machine, or before its last boot", lock, { ...run, machine: "boot-2" }, place],
    ["nothing tells machines apart", lock, { ...run, machine: undefined }, { ...place, machine: undefined }],
    ["it is of another person", { ...lock, who: "joe@build-7" }, run, place],
    ["it is of another host", { ...lock, who: "jane@build-8" }, run, place],
    ["it is older than the run", { ...lock, created: "2026-11-28 11:59:03.1 +0000 UTC" }, run, place],
    ["it was taken long after the run was begun", { ...lock, created: "2026-11-28 12:02:01 +0000 UTC" }, run, place],
    ["nobody knows when it was taken", { ...lock, created: "yesterday" }, run, place],
    ["a Terraform runs here", lock, run, { ...place, commands: async () => ["/usr/bin/terraform plan"] }],
    ["what runs here cannot be seen", lock, run, { ...place, commands: async () => [] }],
  ])("leaves it where %s", async (_, of, earlier, where) => {
    expect(await isOfDeadRun(of, earlier, where)).toBe(false);
  });
});
