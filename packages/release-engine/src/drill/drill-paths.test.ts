import { releaseReportSchema } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import type { Clock } from "../ports/clock.ts";
import { DrillFailure } from "./drill-failure.ts";
import { type DrillFinding, type DrillPath, drillCheckId } from "./drill-path.ts";
import { drillPaths } from "./drill-paths.ts";
import { backup } from "./paths/backup.ts";
import { code } from "./paths/code.ts";
import { infrastructure } from "./paths/infrastructure.ts";
import { restore } from "./paths/restore.ts";
import { state } from "./paths/state.ts";
import { undo } from "./paths/undo.ts";
import { digestOf, FakeGround } from "./test/fake-ground.ts";

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
  const BACK = "rollback prod code --reason drill";
  const FORWARD = "rollback prod code --to r2 --reason drill";
  const ground = (outcome = "put-back") => {
    const fake = new FakeGround();
    const moves = (version: string, comesTo: string) => () => {
      fake.versions = { orders: version };
      return { document: report(comesTo) };
    };
    fake.play(BACK, moves("1", outcome));
    fake.play(FORWARD, moves("2", "live"));
    return fake;
  };

  test("goes back under requests, none of which fails, and forward again", async () => {
    const way = "the traffic after 0.0 s, 1.5 s in all, 0 of 40 requests failed";
    expect(await rehearse(code, ground())).toEqual({ status: "pass", found: `back: ${way}; forward again: ${way}` });
  });

  test("says where there was nothing to move", async () => {
    const fake = ground();
    fake.versions = { orders: "1" };
    fake.play("rollback prod code --to r2 --reason drill", () => ({ document: report("live") }));
    const same = fake.ground({ current: { id: "r2", versions: { orders: "1" } } });
    expect(await code.rehearse({ ground: same, clock })).toMatchObject({
      ...{ status: "pass", found: expect.stringContaining("no traffic had to move") },
    });
  });

  test("does not where the command says so and the aliases do not", async () => {
    const fake = ground();
    fake.play(BACK, () => ({ document: report("put-back") }));
    expect(await failure(code, fake)).toContain("the traffic is on orders 2, and not on orders 1");
    const stuck = ground();
    stuck.play(FORWARD, () => ({ document: report("live") }));
    expect(await failure(code, stuck)).toContain("the traffic is on orders 1, and not on orders 2");
  });

  test("does not where a request failed, or the command did", async () => {
    const fake = ground();
    fake.traffic = { requests: 40, failed: 2, firstFailure: "GET /orders: answered with 502" };
    expect(await failure(code, fake)).toContain("2 of 40 requests failed");
    expect(await failure(code, new FakeGround())).toContain("ended with 2: error: unknown command");
    expect(await failure(code, ground("broken-off"))).toContain("came to broken-off");
  });
});

describe("infrastructure", () => {
  const BACK = "rollback prod infrastructure --reason drill";
  const ground = (changed: readonly string[] = []) => {
    const fake = new FakeGround();
    fake.play(BACK, () => ({ document: report("live") }));
    const resources = changed.map((address) => ({ address }));
    fake.play("earlier: plan prod", () => ({ document: { changed: changed.length > 0, resources } }));
    return fake;
  };

  test("goes back, and with the earlier files Terraform has nothing to do", async () => {
    expect(await rehearse(infrastructure, ground())).toMatchObject({
      status: "pass",
      found: expect.stringMatching(/^its plan: not in its report; back in 1.5 s, 0 of 40 requests failed/),
    });
    const fake = ground();
    const step = {
      id: "infrastructure.plan",
      title: "Plan",
      kind: "infrastructure.plan",
      state: "done",
      summary: "1 to destroy",
    };
    fake.play("rollback prod infrastructure --reason drill", () => ({
      document: { ...report("live"), steps: [step] },
    }));
    expect(await rehearse(infrastructure, fake)).toMatchObject({
      found: expect.stringMatching(/^its plan: 1 to destroy; /),
    });
  });

  test("is not back where Terraform would still change something, it failed, or requests did", async () => {
    expect(await failure(infrastructure, ground(["aws_lambda_function.orders"]))).toContain(
      "aws_lambda_function.orders",
    );
    const fake = ground();
    fake.traffic = { requests: 40, failed: 1, firstFailure: "GET /orders: answered with 502" };
    expect(await failure(infrastructure, fake)).toContain("1 of 40 requests failed");
    fake.play(BACK, () => ({ code: 1, said: "the table orders would be destroyed", document: report("failed") }));
    expect(await failure(infrastructure, fake)).toContain("the table orders would be destroyed");
  });

  const DIGEST = "3f2a9c1b0d7e".padEnd(64, "0");
  const STOPS = { id: "plan.alias-moved", address: "module.shop.aws_lambda_alias.live" } as const;
  const APPROVE = `approve prod --plan ${DIGEST.slice(0, 12)} --accept ${STOPS.id} ${STOPS.address}`;

  /** It waits until so many people have said yes. */
  function waiting(needed: number, after = "live") {
    const fake = ground();
    const yes = new Set<number>();
    fake.play(BACK, () =>
      yes.size < needed
        ? { code: 3, document: { ...report("paused"), reason: "the plan 3f2a9c1b0d7e waits" } }
        : { ...(after === "paused" && { code: 3 }), document: { ...report(after), reason: "it would destroy data" } },
    );
    const summary = {
      ...{ version: 1, environment: "prod", release: "r3", planDigest: DIGEST, stateSerial: 4, stateLineage: "l" },
      source: { commit: "c".repeat(40), tree: "d".repeat(40), dirty: false },
      ...{ at: "2026-11-28T12:00:00.000Z", changed: true, counts: { add: 0, change: 1, destroy: 0 }, resources: [] },
      findings: [{ ...STOPS, severity: "high", status: "fail", reason: "It would move.", next: "look" }],
      gate: "stopped",
    };
    fake.play("show prod", () => ({ document: { plans: [{ summary }], settled: [] } }));
    for (const person of [1, 2, 3, 4, 5, 6]) {
      fake.play(`${person}: ${APPROVE}`, () => {
        yes.add(person);
        return { document: { isApproved: yes.size >= needed, ignored: [] } };
      });
    }
    return fake;
  }

  test("is approved by people whom the drill makes up, and says who has said yes to what", async () => {
    const fake = waiting(2);
    expect(await rehearse(infrastructure, fake)).toMatchObject({
      status: "pass",
      found: expect.stringContaining(
        `approved in the drill's own ledger by 2 people whom the drill has made up, who accepted ${STOPS.id} ${STOPS.address} by name; back in 3.0 s`,
      ),
    });
    expect(fake.typed).toEqual([BACK, "show prod", `1: ${APPROVE}`, `2: ${APPROVE}`, BACK, "earlier: plan prod"]);
  });

  test("is not known where their approvals do not count, or it waits for more than approvals", async () => {
    const never = waiting(7);
    expect(await rehearse(infrastructure, never)).toMatchObject({
      ...{ status: "unknown", found: expect.stringContaining("the approvals of 6 people are not enough") },
    });
    const signed = waiting(1);
    signed.play(`1: ${APPROVE}`, () => ({ code: 1, said: "slipway: --sign: is missing." }));
    expect(await rehearse(infrastructure, signed)).toMatchObject({
      ...{ status: "unknown", found: expect.stringContaining("--sign: is missing.") },
    });
    expect(await rehearse(infrastructure, waiting(1, "paused"))).toMatchObject({
      ...{ status: "unknown", found: expect.stringContaining("it would destroy data") },
    });
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
    expect(fake.items["orders-prod"]).toHaveLength(500);
  });

  test("is no way back where items are missing, or a table was left out", async () => {
    expect(await failure(backup, verified("pass", 499))).toContain("499 items of 500");
    expect(await failure(backup, verified("unknown", null))).toContain("verdict unknown");
    const fake = verified("pass", 500);
    fake.tables.push({ name: "stock-prod", hasPointInTimeRecovery: false });
    expect(await failure(backup, fake)).toContain("made no backup of stock-prod");
  });

  test("is not needed without a table", async () => {
    const fake = new FakeGround();
    fake.tables = [];
    expect(await rehearse(backup, fake)).toMatchObject({ status: "pass", found: expect.stringContaining("no table") });
  });
});

describe("restore", () => {
  /** The second is two after what was written, and whole. */
  const RESTORE = "rollback prod data --restore --table orders-prod --to-time 2026-11-28T12:00:02Z --dry-run";
  const ground = (digest: string, items = 200) => {
    const fake = new FakeGround();
    fake.play(RESTORE, () => {
      expect(fake.items["orders-prod"]?.filter((word) => word === "damaged")).toHaveLength(10);
      return { document: { ...report("done"), release: "r3" } };
    });
    const result = { pass: 3, fail: 0, unknown: 0, waived: 0, items, digest };
    fake.play("show prod r3", () => ({ document: { steps: [{ kind: "data.verify", result }] } }));
    return fake;
  };
  const good = digestOf(Array.from({ length: 200 }, () => "good"));

  test("brings the items of the second before back, one for one", async () => {
    expect(await rehearse(restore, ground(good))).toEqual({
      status: "pass",
      found: "orders-prod: 10 of 200 items were damaged; restored to the second before in 1.5 s, equal item for item",
    });
  });

  test("does not where one item is another, or one is missing, or nothing was verified", async () => {
    expect(await failure(restore, ground("0".repeat(64)))).toContain("digest");
    expect(await failure(restore, ground(good, 199))).toContain("restored 199 items");
    const fake = ground(good);
    fake.play("show prod r3", () => ({ document: { steps: [] } }));
    expect(await failure(restore, fake)).toContain("verified nothing");
  });

  test("of a table without point-in-time recovery does not, where what is in it has to outlive mistakes", async () => {
    const fake = new FakeGround();
    fake.tables = [{ name: "orders-prod", hasPointInTimeRecovery: false }];
    expect(await failure(restore, fake)).toContain("point-in-time recovery is off for orders-prod");
    expect(await failure(undo, fake)).toContain("point-in-time recovery is off for orders-prod");
    fake.isProtected = false;
    expect(await rehearse(restore, fake)).toMatchObject({ status: "pass" });
    fake.tables = [];
    expect(await rehearse(undo, fake)).toMatchObject({ status: "pass", found: expect.stringContaining("no table") });
  });
});

describe("undo", () => {
  const UNDO =
    "rollback prod data --undo --table orders --since 2026-11-28T12:00:02Z --until 2026-11-28T12:00:06Z --where after.slipwayDrill=damaged";
  const ground = (written = 15) => {
    const fake = new FakeGround();
    fake.play(`${UNDO} --plan`, () => ({ document: { would: { written, conflicts: 5 } } }));
    fake.play(`${UNDO} --yes ${written}`, () => {
      const items = fake.items["orders-prod"] ?? [];
      fake.items["orders-prod"] = items.map((word) => (word === "damaged" ? "good" : word));
      return { code: 3, document: report("done") };
    });
    return fake;
  };

  test("takes bad writes back, and leaves what somebody has changed since", async () => {
    expect(await rehearse(undo, ground())).toMatchObject({
      status: "pass",
      found: expect.stringContaining("15 of 20 bad writes taken back in 1.5 s, 5 left"),
    });
  });

  test("is no way back where it would write others, or leaves something else behind", async () => {
    expect(await failure(undo, ground(20))).toContain("would write 20 items");
    const fake = ground();
    fake.play(`${UNDO} --yes 15`, () => ({ code: 3, document: report("done") }));
    expect(await failure(undo, fake)).toContain("is not what it has to be");
  });

  test("is no way back where it does not tell that it has left items to people", async () => {
    const fake = ground();
    fake.play(`${UNDO} --yes 15`, () => ({ document: report("done") }));
    expect(await failure(undo, fake)).toContain("ended with 0");
  });

  test("is not known of a table that the configuration does not name", async () => {
    const fake = ground();
    fake.tables.push({ name: "stock-prod", hasPointInTimeRecovery: true });
    expect(await rehearse(undo, fake)).toMatchObject({
      ...{ status: "unknown", found: expect.stringMatching(/15 of 20.*stock-prod: no table of/) },
    });
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
