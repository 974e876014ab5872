import { evidenceSchema, type OrphanReport } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import { drillCheckId } from "../../drill/drill-path.ts";
import { drillPaths } from "../../drill/drill-paths.ts";
import { drillSubject } from "../../drill/drill-subject.ts";
import { releases } from "../../ledger/releases.ts";
import { ReleaseError } from "../../release-error.ts";
import { runChecklist } from "../run-checklist.ts";
import { FakeChecklist, NOW, resource } from "../test/fake-checklist.ts";
import { databaseBackup } from "./database-backup.ts";
import { orphans } from "./orphans.ts";
import { recoveryTested } from "./recovery-tested.ts";
import { rollbackPlan } from "./rollback-plan.ts";
import { stateBackup } from "./state-backup.ts";
import { terraformFormat } from "./terraform-format.ts";
import { terraformValidate } from "./terraform-validate.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe("database backup", () => {
  const withTable = () => {
    const world = new FakeChecklist();
    world.state = { serial: 4, resources: [resource("aws_dynamodb_table", { name: "orders" })], outputs: {} };
    return world;
  };
  const backup = (hours: number) => ({ arn: "arn:aws:dynamodb:backup/1", createdAt: NOW - hours * HOUR_MS });

  test("is point-in-time recovery, or a backup that is fresh", async () => {
    const world = withTable();
    const next = "slipway backup prod create --table orders --local";
    const options = world.options([databaseBackup]);
    const local = { ...options, flags: " --local" };
    expect(await runChecklist(world.ports, local)).toMatchObject([{ status: "fail", subject: "orders", next }]);
    world.table = { pointInTime: null, newestBackup: backup(25) };
    expect(await world.look(databaseBackup)).toMatchObject({ status: "fail", found: expect.stringContaining("24 h") });
    world.table = { pointInTime: null, newestBackup: backup(23) };
    expect(await world.look(databaseBackup)).toMatchObject({ status: "pass" });
    world.table = { pointInTime: { since: NOW - DAY_MS, until: NOW }, newestBackup: null };
    expect(await world.look(databaseBackup)).toMatchObject({
      ...{ status: "pass", found: "it can be brought back to any second of the time since 2026-11-27 12:00 UTC" },
    });
  });

  test("is not needed where nothing has to outlive a mistake, or nothing is there", async () => {
    const world = withTable();
    world.config.protected = false;
    expect(await world.look(databaseBackup)).toMatchObject({ status: "pass" });
    expect(await new FakeChecklist().look(databaseBackup)).toMatchObject({ status: "pass" });
  });

  test("of one table that cannot be looked at is unknown, the other's is not", async () => {
    const world = withTable();
    const names = ["orders", "locked"];
    const resources = names.map((name) => resource("aws_dynamodb_table", { name }));
    world.state = { serial: 4, resources, outputs: {} };
    const denied = new ReleaseError({ kind: "denied", what: "No", why: "AccessDenied", next: "ask" });
    const recovery = {
      ...world.ports.recovery,
      ofTable: (name: string) => (name === "locked" ? Promise.reject(denied) : Promise.resolve(world.table)),
    };

    expect(await runChecklist({ ...world.ports, recovery }, world.options([databaseBackup]))).toMatchObject([
      { subject: "orders", status: "fail" },
      { subject: "locked", status: "unknown", next: "ask" },
    ]);
  });
});

test("states are kept where their bucket is versioned", async () => {
  const world = new FakeChecklist();
  expect(await world.look(stateBackup)).toMatchObject({ status: "pass" });
  world.versioning = "off";
  expect(await world.look(stateBackup)).toMatchObject({
    status: "fail",
    next: expect.stringContaining("put-bucket-versioning"),
  });
});

describe("rollback plan", () => {
  test("of a first release says what undoes it", async () => {
    expect(await new FakeChecklist().look(rollbackPlan)).toMatchObject({
      ...{ status: "pass", found: expect.stringContaining("slipway destroy prod") },
    });
  });

  test("leads to versions that the ledger names, and that are still there", async () => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    expect(await world.look(rollbackPlan)).toMatchObject({
      status: "fail",
      found: "version 3 of r1 does not exist any more",
    });
    world.versions["orders-prod:3"] = { state: "Failed" };
    expect(await world.look(rollbackPlan)).toMatchObject({ status: "fail" });
    world.versions["orders-prod:3"] = { state: "Active" };
    expect(await world.look(rollbackPlan)).toMatchObject({
      ...{ status: "pass", found: "slipway rollback prod puts it back to version 3 of r1, which is there" },
    });
  });

  test("leads to the release that runs, not to one that was put back", async () => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    world.release("r2", "4");
    world.write({ type: "release.ended", outcome: "put-back", reason: "bad", functions: [] }, "r2");
    world.versions["orders-prod:3"] = { state: "Active" };

    expect(await world.look(rollbackPlan)).toMatchObject({
      status: "pass",
      found: expect.stringContaining("version 3 of r1"),
    });
  });
});

describe("recovery procedures", () => {
  const proven = ({ status = "pass", daysAgo = 0, of = new FakeChecklist() } = {}) => {
    const at = new Date(NOW - daysAgo * DAY_MS).toISOString();
    const { inputs } = drillSubject("prod", of.config, releases(of.entries), of.revision);
    const evidence = drillPaths.map((path) => {
      const found = `rehearsed on local AWS: ${path.name} in 2 s`;
      return evidenceSchema.parse({ check: drillCheckId(path), title: path.title, status, found, at, inputs });
    });
    of.write({ type: "evidence", step: "drill", evidence });
    return of;
  };
  const look = async (world: FakeChecklist) => {
    const evidence = await world.run([recoveryTested], { fresh: true });
    return Object.fromEntries(evidence.map((each) => [each.subject, each]));
  };
  const released = () => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    return world;
  };

  test("are tested where each path was rehearsed lately, of these files and this release", async () => {
    const paths = await look(proven({ of: released(), daysAgo: 90 }));
    expect(Object.keys(paths)).toEqual(drillPaths.map(({ name }) => name));
    expect(drillPaths.map(({ name }) => paths[name]?.status)).toEqual(drillPaths.map(() => "pass"));
    expect(paths.code?.found).toBe("rehearsed on local AWS: code in 2 s (90 days ago)");
  });

  test("are not known without a drill, and the command that makes one is said", async () => {
    expect((await look(released())).code).toMatchObject({
      ...{ status: "unknown", found: "it was never rehearsed", next: "slipway drill prod" },
    });
  });

  test("are not known by a drill that is too old, or that could not tell", async () => {
    expect((await look(proven({ of: released(), daysAgo: 91 }))).code).toMatchObject({ status: "unknown" });
    expect((await look(proven({ of: released(), status: "unknown" }))).code).toMatchObject({ status: "unknown" });
    expect((await look(proven({ of: released(), status: "fail" }))).code).toMatchObject({ status: "fail" });
  });

  test.each([
    ["other files", (world: FakeChecklist) => void Object.assign(world.revision, { tree: "9".repeat(40) })],
    ["another live release", (world: FakeChecklist) => world.release("r2", "4")],
    ["another configuration", (world: FakeChecklist) => void Object.assign(world.config.release, { leaseSeconds: 61 })],
  ])("are not known by a drill of %s, whatever came of it", async (_, change) => {
    for (const status of ["pass", "fail"]) {
      const world = proven({ of: released(), status });
      change(world);
      expect((await look(world)).code).toMatchObject({
        ...{ status: "unknown", found: expect.stringContaining("the newest drill was of other files") },
      });
    }
  });

  test("stay tested where others are drilled since, of other files", async () => {
    const world = proven({ of: released() });
    const { tree } = world.revision;
    Object.assign(world.revision, { tree: "9".repeat(40) });
    proven({ of: world, status: "fail" });
    Object.assign(world.revision, { tree });
    expect((await look(world)).code).toMatchObject({ status: "pass" });
  });

  test("are not known where what is checked out has the traffic, and nothing else before it", async () => {
    const world = released();
    const live = releases(world.entries).at(-1)?.plan.source.tree;
    Object.assign(world.revision, { tree: live });
    expect((await look(world)).code).toMatchObject({
      ...{ status: "unknown", found: expect.stringContaining("no other release before it is known") },
    });
  });

  test("of a first release need no way back to an earlier one", async () => {
    const { code, state } = await look(new FakeChecklist());
    expect(code).toMatchObject({ status: "pass", found: expect.stringContaining("nothing was released before") });
    expect(state).toMatchObject({ status: "unknown" });
  });

  test("are not known where nobody can tell files apart", async () => {
    const world = proven({ of: released() });
    world.revision = { commit: null, tree: null, dirty: false };
    expect((await look(world)).code).toMatchObject({ status: "unknown" });
  });
});

describe("orphans", () => {
  const orphan = { type: "lambda-function", id: "forgotten" } as OrphanReport["orphans"][number];

  test("are none, some, or not known", async () => {
    const world = new FakeChecklist();
    expect(await world.look(orphans)).toMatchObject({ status: "pass" });
    world.orphans = { verdict: "orphans", orphans: [orphan], gaps: [] };
    expect(await world.look(orphans)).toMatchObject({
      ...{ status: "fail", found: "1 resource that no state has\nlambda-function forgotten", next: "slipway orphans" },
    });
    const gap = { subject: "state prod", kind: "denied", why: "AccessDenied", next: "ask" } as const;
    world.orphans = { verdict: "incomplete", orphans: [orphan], gaps: [gap] };
    expect(await world.look(orphans)).toMatchObject({
      ...{ status: "unknown", found: "not everything could be looked at\nstate prod: AccessDenied" },
    });
  });
});

test("Terraform's own words about code are passed on", async () => {
  const world = new FakeChecklist();
  expect(await world.look(terraformFormat)).toMatchObject({ status: "pass" });
  expect(await world.look(terraformValidate)).toMatchObject({ status: "pass", found: "terraform/prod is valid" });
  world.terraform = { ok: false, messages: ["terraform/prod/main.tf is not formatted"] };
  expect(await world.look(terraformFormat)).toMatchObject({
    status: "fail",
    next: "terraform fmt -recursive terraform",
  });
  expect(await world.look(terraformValidate)).toMatchObject({ status: "fail" });
});
