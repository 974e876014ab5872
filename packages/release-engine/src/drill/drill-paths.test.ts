import { releaseReportSchema } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import type { Clock } from "../ports/clock.ts";
import { DrillFailure } from "./drill-failure.ts";
import { type DrillFinding, type DrillPath, drillCheckId } from "./drill-path.ts";
import { drillPaths } from "./drill-paths.ts";
import { backup } from "./paths/backup.ts";
import { code } from "./paths/code.ts";
import { state } from "./paths/state.ts";
import { FakeGround } from "./test/fake-ground.ts";

const clock: Clock = { now: () => 0, sleep: () => Promise.resolve() };
const rehearse = (path: DrillPath, fake: FakeGround): Promise<DrillFinding> =>
  path.rehearse({ ground: fake.ground(), clock });

async function failure(path: DrillPath, fake: FakeGround): Promise<string> {
  const error = await rehearse(path, fake).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DrillFailure);
  return (error as DrillFailure).message;
}

const report = (outcome: string) =>
  releaseReportSchema.parse({
    ...{ version: 1, command: "rollback", environment: "prod", target: "local AWS", outcome, release: "r2" },
    ...{ source: null, steps: [], functions: [], checkpoints: [], reason: "drill", next: { look: [] }, durationMs: 1 },
  });

test("each path has an id and a name of its own", () => {
  expect(new Set(drillPaths.map(({ name }) => name)).size).toBe(drillPaths.length);
  expect(drillPaths.map(drillCheckId)).toContain("drill.code");
});

describe("code", () => {
  const BACK = "rollback prod --reason drill";
  const ground = (outcome = "put-back") => {
    const fake = new FakeGround();
    fake.play(BACK, () => {
      fake.versions = { orders: "1" };
      return { document: report(outcome) };
    });
    return fake;
  };

  test("goes back under requests, none of which fails", async () => {
    expect(await rehearse(code, ground())).toEqual({
      status: "pass",
      found: "back: the traffic after 0.0 s, 1.5 s in all, 0 of 40 requests failed",
    });
  });

  test("does not where the command says so and the aliases do not", async () => {
    const fake = ground();
    fake.play(BACK, () => ({ document: report("put-back") }));
    expect(await failure(code, fake)).toContain("the traffic is on orders 2, and not on orders 1");
  });

  test("does not where a request failed, or the command did", async () => {
    const fake = ground();
    fake.traffic = { requests: 40, failed: 2, firstFailure: "GET /orders: answered with 502" };
    expect(await failure(code, fake)).toContain("2 of 40 requests failed");
    expect(await failure(code, new FakeGround())).toContain("ended with 2: error: unknown command");
    expect(await failure(code, ground("broken-off"))).toContain("came to broken-off");
  });
});

describe("backup", () => {
  const verified = (verdict: string, items: number | null) => {
    const fake = new FakeGround();
    const table = "orders-prod";
    fake.play("backup prod create --name drill", () => ({ document: { backups: [{ table, name: "b1" }] } }));
    fake.play("backup prod verify", () => ({ document: { verifications: [{ table, verdict, items }] } }));
    return fake;
  };

  test("is made of a table with items, and restored with all of them", async () => {
    const fake = verified("pass", 512);
    expect(await rehearse(backup, fake)).toMatchObject({ status: "pass", found: expect.stringContaining("512 items") });
    expect(fake.filled).toEqual({ "orders-prod": 500 });
  });

  test("is no way back where items are missing, or a table was left out", async () => {
    expect(await failure(backup, verified("pass", 499))).toContain("499 items of 500");
    expect(await failure(backup, verified("unknown", null))).toContain("verdict unknown");
    const fake = verified("pass", 500);
    fake.tables.push("stock-prod");
    expect(await failure(backup, fake)).toContain("made no backup of stock-prod");
  });

  test("is not needed without a table", async () => {
    const fake = new FakeGround();
    fake.tables = [];
    expect(await rehearse(backup, fake)).toMatchObject({ status: "pass", found: expect.stringContaining("no table") });
  });
});

describe("state", () => {
  const RESTORE = "state restore prod --backup drill --confirm restore the state of prod";
  const ground = (restored: object, listed: readonly string[] = ["drill"]) => {
    const fake = new FakeGround();
    fake.play("state backup prod --name drill", () => ({ document: { name: "drill", serial: 4, resources: 12 } }));
    fake.play("state list prod", () => ({ document: { backups: listed.map((name) => ({ name })) } }));
    fake.play(RESTORE, () => {
      expect(fake.isStateLost).toBe(true);
      return { document: restored };
    });
    return fake;
  };

  test("is lost and put back, and Terraform has nothing to do", async () => {
    const fake = ground({ outcome: "restored", serial: 5, plan: { changed: false } });
    expect(await rehearse(state, fake)).toMatchObject({
      status: "pass",
      found: expect.stringContaining("12 resources"),
    });
  });

  test("is not back where Terraform would change something, or nobody knows", async () => {
    expect(await failure(state, ground({ outcome: "restored", serial: 5, plan: { changed: true } }))).toContain(
      "Terraform would change something",
    );
    const blind = { outcome: "restored", serial: 5, plan: null, planProblem: "no provider" };
    expect(await failure(state, ground(blind))).toContain("no provider");
    expect(await failure(state, ground({ outcome: "refused", serial: 5, plan: null }))).toContain("came to refused");
    expect(await failure(state, ground({ outcome: "restored", serial: 4 }))).toContain("serial 4 after 4");
    expect(await failure(state, ground({}, []))).toContain("does not show the copy");
    expect(await failure(state, ground({ outcome: 7 }))).toContain("not what it promises");
  });
});
