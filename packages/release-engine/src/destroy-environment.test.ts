import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TableAtStake } from "@slipway/analysis";
import { ManualClock, RecordingProgress, type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { type DestroyEnvironmentOptions, destroyEnvironment } from "./destroy-environment.ts";
import type { Terraform, TerraformWorkspace } from "./ports/terraform.ts";
import type { StateResource } from "./ports/terraform-states.ts";

const table: StateResource = {
  address: "module.table.aws_dynamodb_table.this",
  type: "aws_dynamodb_table",
  name: "this",
  id: "items-prod",
  attributes: { name: "items-prod" },
};
const alarm: StateResource = {
  ...table,
  address: "aws_cloudwatch_metric_alarm.a",
  type: "aws_cloudwatch_metric_alarm",
};

/** A Terraform whose apply of a destruction empties the state, unless told what it leaves. */
function arrange(folder: TemporaryFolder, stake: Partial<TableAtStake> = {}, leaves: StateResource[] = []) {
  const clock = new ManualClock();
  const progress = new RecordingProgress();
  const calls: string[] = [];
  let resources = [table, alarm];
  const atStake: TableAtStake = {
    name: "items-prod",
    exists: true,
    hasItems: false,
    newestBackup: { arn: "arn:old", createdAt: clock.now() },
    ...stake,
  };
  const workspace: TerraformWorkspace = {
    async plan({ planFile, variables, destroy }) {
      calls.push(`plan ${destroy ? "destruction" : "change"} ${JSON.stringify(variables)}`);
      const counts = destroy ? { add: 0, change: 0, destroy: 2 } : { add: 0, change: 1, destroy: 0 };
      writeFileSync(planFile, JSON.stringify(counts), { flag: "wx" });
      return { changed: true, counts };
    },
    async apply({ planFile }) {
      const counts = JSON.parse(readFileSync(planFile, "utf8"));
      calls.push(`apply ${counts.destroy}`);
      if (counts.destroy > 0) resources = leaves;
      return counts;
    },
    async outputs() {
      return {};
    },
  };
  const terraform: Terraform = {
    async init() {
      calls.push("init");
      return workspace;
    },
  };
  const ports = {
    terraform,
    clock,
    progress,
    state: { name: "prod", location: "s3://x", read: async () => ({ serial: 1, resources, outputs: {} }) },
    tables: { inspect: async () => atStake },
    backups: {
      async create(name: string, backupName: string) {
        calls.push(`backup ${name} ${backupName}`);
        Object.assign(atStake, { newestBackup: { arn: "arn:new", createdAt: clock.now() } });
        return "arn:new";
      },
    },
  };
  const planFile = join(folder.path, "plans/prod.tfplan");
  const options: DestroyEnvironmentOptions = {
    phase: "prod",
    directory: "/tf",
    planFile,
    variables: { a: 1, deletion_protection: true },
    liftingVariables: { deletion_protection: false },
    backup: false,
    checkOnly: false,
    policy: {
      environment: "prod",
      isProtected: true,
      confirmation: "destroy prod",
      discardData: [],
      backupMaxAgeMs: 3_600_000,
    },
  };
  return { ports, options, calls, planFile };
}

describe("destroyEnvironment", () => {
  it("lifts the protections, destroys exactly what was planned, and finds nothing left", async () => {
    using folder = temporaryFolder();
    const { ports, options, calls, planFile } = arrange(folder);

    const result = await destroyEnvironment(ports, options);

    const lifted = JSON.stringify({ a: 1, deletion_protection: false });
    expect(calls).toEqual(["init", `plan change ${lifted}`, "apply 0", `plan destruction ${lifted}`, "apply 2"]);
    expect(result).toMatchObject({
      allowed: true,
      destroyed: { destroy: 2 },
      left: [],
      resources: { aws_cloudwatch_metric_alarm: 1, aws_dynamodb_table: 1 },
    });
    expect(existsSync(planFile)).toBe(false);
  });

  it.each<[string, Partial<TableAtStake>, Partial<DestroyEnvironmentOptions["policy"]>, string]>([
    ["no confirmation", {}, { confirmation: undefined }, "destroy.confirmed"],
    ["no backup", { newestBackup: null }, {}, "destroy.backup-fresh"],
    ["data in the table", { hasItems: true }, {}, "destroy.table-empty"],
    ["a table that cannot be read", { hasItems: undefined, problem: "denied" }, {}, "destroy.table-empty"],
  ])("does nothing at all with %s", async (_name, stake, policy, check) => {
    using folder = temporaryFolder();
    const { ports, options, calls } = arrange(folder, stake);

    const result = await destroyEnvironment(ports, { ...options, policy: { ...options.policy, ...policy } });

    expect(calls).toEqual([]);
    expect(result.allowed).toBe(false);
    expect(result.destroyed).toBeUndefined();
    const bad = result.evidence.filter(({ status }) => status === "fail" || status === "unknown");
    expect(bad.map((one) => one.check)).toEqual([check]);
  });

  it("makes the backup first where that is all that is missing, and not for a destruction that is refused anyway", async () => {
    using folder = temporaryFolder();
    const one = arrange(folder, { newestBackup: null });
    const result = await destroyEnvironment(one.ports, { ...one.options, backup: true });
    expect(one.calls[0]).toMatch(/^backup items-prod items-prod-before-destroy-\d{8}T\d{6}Z$/);
    expect(one.calls.at(-1)).toBe("apply 2");
    expect(result.backups).toEqual([{ table: "items-prod", arn: "arn:new" }]);

    const other = arrange(folder, { newestBackup: null, hasItems: true });
    await destroyEnvironment(other.ports, { ...other.options, backup: true });
    expect(other.calls).toEqual([]);
  });

  it("looks, and changes nothing, when it is only to check", async () => {
    using folder = temporaryFolder();
    const { ports, options, calls } = arrange(folder, { newestBackup: null });
    const result = await destroyEnvironment(ports, { ...options, checkOnly: true, backup: true });
    expect(calls).toEqual([]);
    expect(result.allowed).toBe(false);
  });

  it("backs up what has no fresh backup, and nothing else", async () => {
    using folder = temporaryFolder();
    const { ports, options, calls } = arrange(folder);
    const fresh = { arn: "arn:fresh", createdAt: ports.clock.now() };
    const stakes: Record<string, TableAtStake> = {
      old: { name: "old", exists: true, hasItems: false, newestBackup: null },
      fresh: { name: "fresh", exists: true, hasItems: false, newestBackup: fresh },
      gone: { name: "gone", exists: false },
    };
    const resources = Object.keys(stakes).map((name) => ({ ...table, address: name, attributes: { name } }));
    ports.state.read = async () => ({ serial: 1, resources, outputs: {} });
    const tables = { inspect: async (name: string) => stakes[name] as TableAtStake };
    const backups = {
      async create(name: string) {
        calls.push(`backup ${name}`);
        stakes[name] = { name, exists: true, hasItems: false, newestBackup: fresh };
        return "arn:new";
      },
    };

    const result = await destroyEnvironment({ ...ports, tables, backups }, { ...options, backup: true });

    expect(calls.filter((call) => call.startsWith("backup"))).toEqual(["backup old"]);
    expect(result).toMatchObject({ allowed: true, backups: [{ table: "old", arn: "arn:new" }] });
  });

  it("makes no backup that it could not find again", async () => {
    using folder = temporaryFolder();
    const { ports, options, calls } = arrange(folder, { newestBackup: undefined, problem: "ListBackups is denied" });
    const result = await destroyEnvironment(ports, { ...options, backup: true });
    expect(calls).toEqual([]);
    expect(result.evidence[1]).toMatchObject({
      status: "unknown",
      found: expect.stringContaining("ListBackups is denied"),
    });
  });

  it("has nothing to do in an empty state, and asks for nothing", async () => {
    using folder = temporaryFolder();
    const { ports, options, calls } = arrange(folder);
    ports.state.read = async () => ({ serial: 9, resources: [], outputs: {} });
    const result = await destroyEnvironment(ports, options);
    expect(calls).toEqual([]);
    expect(result).toMatchObject({ stateFound: true, allowed: true, left: [] });
    expect(result.evidence).toMatchObject([{ status: "pass", found: "the state s3://x holds nothing" }]);
  });

  it.each([true, false])(
    "does not know what to destroy where there is no state (only to check: %s)",
    async (checkOnly) => {
      using folder = temporaryFolder();
      const { ports, options, calls } = arrange(folder);
      const state = { ...ports.state, read: async () => undefined };
      const result = await destroyEnvironment({ ...ports, state }, { ...options, checkOnly });
      expect(calls).toEqual([]);
      expect(result).toMatchObject({ stateFound: false, allowed: false });
      expect(result.evidence).toMatchObject([
        { check: "destroy.state-found", status: "unknown", found: expect.stringContaining("there is no state s3://x") },
      ]);
    },
  );

  it("says what is left", async () => {
    using folder = temporaryFolder();
    const { ports, options } = arrange(folder, {}, [alarm]);
    expect((await destroyEnvironment(ports, options)).left).toEqual([alarm.address]);
  });
});
