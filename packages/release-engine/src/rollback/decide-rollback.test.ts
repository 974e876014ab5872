import { describe, expect, it } from "vitest";
import { fakeHandlers } from "../test/fake-handlers.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import { decideRollback } from "./decide-rollback.ts";

/** Releases of two functions, the first r1: `live` each, or waiting in the middle of its canary. */
async function arrange(...more: readonly ("live" | "waits" | "failed")[]): Promise<ReleaseLab> {
  const lab = new ReleaseLab();
  await lab.deploy();
  for (const how of more) {
    await lab.deploy(
      { live: {}, waits: { waiting: ["traffic.judge.10"] }, failed: { bad: ["code.prove.authorizer"] } }[how],
    );
  }
  return lab;
}

async function decide(lab: ReleaseLab, to?: string, parts?: readonly ("code" | "infrastructure" | "data")[]) {
  const records = await lab.records();
  return decideRollback({
    ...{ environment: "prod", records, flags: " --local" },
    ...(to !== undefined && { to }),
    ...(parts !== undefined && { parts }),
  });
}

describe("decideRollback", () => {
  it("puts the newest release back, live or not", async () => {
    expect(await decide(await arrange("live"))).toMatchObject({ way: "put-back", record: { id: "r2" }, to: "r1" });
    const waits = await arrange("live", "waits");
    const decision = await decide(waits);
    expect(decision).toMatchObject({ way: "put-back", record: { id: "r3" }, to: "r2" });
    expect(decision).not.toHaveProperty("goesOn");
  });

  it("puts an unfinished one back first, and goes on to an earlier one", async () => {
    const lab = await arrange("live", "waits");
    expect(await decide(lab, "r2")).toEqual(await decide(lab));
    expect(await decide(lab, "r1")).toMatchObject({ way: "put-back", record: { id: "r3" }, goesOn: true });
  });

  it("puts the live one back when the one before it is asked for by its name", async () => {
    expect(await decide(await arrange("live", "live"), "r2")).toMatchObject({ way: "put-back", record: { id: "r3" } });
  });

  it("makes a release of its own of everything else, from versions and artifacts of the ledger", async () => {
    const lab = await arrange("live", "live");
    const decision = await decide(lab, "r1");
    expect(decision).toMatchObject({ way: "release", from: { id: "r3" }, to: { id: "r1" }, stays: [] });
    if (decision.way !== "release") throw new Error("it is one");
    const { plan } = decision;
    expect(plan).toMatchObject({ release: "r4", previous: "r3", rollsBack: { from: "r3", to: "r1", parts: ["code"] } });
    expect(plan.steps.map(({ id }) => id)).toEqual([
      ...["traffic.return", "traffic.verify"],
      ...["checkpoint.immediate", "checkpoint.short", "checkpoint.extended"],
    ]);
    const [one] = plan.rollsBack?.functions ?? [];
    expect(one).toMatchObject({ function: "api-handler", functionName: "api-handler-prod", from: "4", version: "2" });
    expect(one?.artifact).toEqual({
      ...{ bucket: "artifacts", key: one?.artifactSha256, bytes: 1 },
      sha256Base64: Buffer.from(one?.artifactSha256 ?? "", "hex").toString("base64"),
    });
    expect(plan.source).toEqual((await lab.records())[0]?.plan.source);
  });

  it("goes to a release that was live and put back, because somebody says so", async () => {
    const lab = await arrange("live", "live");
    await lab.rollback();
    expect(await decide(lab, "r3")).toMatchObject({ way: "release", from: { id: "r2" }, to: { id: "r3" } });
  });

  it("refuses what is not there, or was never live, and names what can be gone to", async () => {
    const lab = await arrange("live", "failed");
    expect(await decide(lab, "r9")).toMatchObject({
      way: "refused",
      refusal: { kind: "not-found", next: "slipway rollback prod --to r1 --local" },
    });
    expect(await decide(lab, "r3")).toMatchObject({
      way: "refused",
      refusal: { kind: "usage", what: "--to: r3 of prod was never live", why: expect.stringContaining("it is failed") },
    });
  });

  it("never goes forward to what was bad by itself: a rollback that is live has to be told where to go", async () => {
    const lab = await arrange("live", "live");
    await lab.rollBack({ to: "r2" });
    expect(await decide(lab)).toMatchObject({ way: "nothing", because: expect.stringContaining("--to r1 --local") });
    await lab.rollBack({ to: "r1" });
    await lab.deploy();
    await lab.deploy();
    await lab.rollBack({ to: "r1" });
    expect((await lab.newest()).plan.rollsBack).toMatchObject({ to: "r1" });
    expect(await decide(lab)).toMatchObject({
      way: "refused",
      refusal: {
        kind: "usage",
        what: expect.stringMatching(/^r\d+ of prod is a rollback itself, from r\d+ to r1/),
        next: expect.stringMatching(/^slipway rollback prod --to r\d+ --local undoes it$/),
      },
    });
  });

  it("names the release before the one that was gone to, as the way further back", async () => {
    const lab = await arrange("live", "live", "live");
    await lab.rollBack({ to: "r2" });
    expect(await decide(lab)).toMatchObject({
      refusal: {
        next: "slipway rollback prod --to r4 --local undoes it; slipway rollback prod --to r1 --local goes further back",
      },
    });
  });

  it("puts a rollback back when the release is asked for that it came from", async () => {
    const lab = await arrange("live", "live");
    await lab.rollBack({ to: "r1" });
    expect(await decide(lab, "r3")).toMatchObject({ way: "put-back", record: { id: "r4" }, to: "r3" });
    await lab.rollBack({ to: "r3" });
    expect((await lab.records()).map(({ id, state }) => `${id} ${state}`)).toEqual([
      ...["r1 superseded", "r2 superseded", "r3 live", "r4 put-back"],
    ]);
  });

  it("goes on with a rollback to the same release, and takes another one back", async () => {
    const lab = await arrange("live", "live", "live");
    await lab.rollBack({ to: "r1", waiting: ["traffic.verify"] });
    expect(await decide(lab, "r1")).toMatchObject({ way: "go-on", record: { id: "r5" } });
    expect(await decide(lab, "r2")).toMatchObject({ way: "put-back", record: { id: "r5" }, goesOn: true });
    expect(await decide(lab, "r4")).toMatchObject({ way: "put-back", record: { id: "r5" }, to: "r4" });
  });

  it("never sends traffic back to what was bad because somebody types it once more while a rollback is under way", async () => {
    const lab = await arrange("live", "live", "live");
    await lab.rollBack({ to: "r1", waiting: ["traffic.verify"] });
    expect(await decide(lab)).toMatchObject({
      way: "refused",
      refusal: {
        what: "r5 of prod is a rollback that is under way, from r4 to r1: it has to be said where to go",
        next: expect.stringMatching(
          /--to r1 --local goes on with it; slipway rollback prod --to r4 --local takes it back/,
        ),
      },
    });
    const before = lab.world.function("api-handler").alias;
    await expect(lab.rollBack()).rejects.toMatchObject({ kind: "usage" });
    expect(lab.world.function("api-handler").alias).toEqual(before);
  });

  it("waits nowhere on the way to another release", async () => {
    const lab = await arrange("live", "live", "live");
    await lab.rollBack({ to: "r1", waiting: ["traffic.verify"] });
    const looked: string[] = [];
    const handlers = fakeHandlers(lab.world);
    const { "traffic.verify": look } = handlers;
    await lab.rollBack({
      to: "r2",
      handlers: {
        ...handlers,
        "traffic.verify": (context) => {
          looked.push(context.plan.release);
          return look(context);
        },
      },
    });
    expect(looked).toEqual(["r6"]);
    const [r5, r6] = (await lab.records()).slice(-2);
    expect(r5).toMatchObject({ state: "put-back" });
    expect(r5?.steps.get("traffic.verify.restored")?.result).toMatchObject({ verdict: "unknown" });
    expect(r6).toMatchObject({ state: "live", plan: { rollsBack: { to: "r2" } } });
  });

  it("sends the traffic of an unfinished release straight to where it is to go, and never by the versions before", async () => {
    for (const rolling of [false, true]) {
      const lab = await arrange("live", "live", "live");
      await (rolling
        ? lab.rollBack({ to: "r2", waiting: ["traffic.verify"] })
        : lab.deploy({ waiting: ["traffic.judge.10"] }));
      const decision = await decide(lab, "r1");
      expect(decision).toMatchObject({ way: "put-back", goesOn: true, straight: [{ version: "2" }, { version: "2" }] });
      const before = lab.world.changes.length;
      await lab.rollBack({ to: "r1" });
      const moves = lab.world.changes.slice(before).filter((change) => change.startsWith("alias "));
      expect(
        moves.every((change) => change.includes(" 2 {}")),
        moves.join(", "),
      ).toBe(true);
      const [ended, r6] = (await lab.records()).slice(-2);
      expect(ended?.steps.get("traffic.restore")?.summary).toContain("straight to those of r1");
      expect([ended?.state, r6?.state, r6?.plan.rollsBack?.to]).toEqual(["put-back", "live", "r1"]);
    }
  });

  it("begins nothing where what is asked for is refused after the unfinished release", async () => {
    const lab = await arrange("live", "live", "waits");
    const records = (await lab.records()).map((record) =>
      record.id === "r1" ? { ...record, steps: new Map() } : record,
    );
    expect(decideRollback({ environment: "prod", records, to: "r1", flags: "" })).toMatchObject({
      ...{ way: "refused", refusal: { what: "The traffic of prod cannot go to r1" } },
    });
  });

  it("has nothing to do where the traffic is", async () => {
    const lab = await arrange("live", "live");
    expect(await decide(lab, "r3")).toMatchObject({ way: "nothing", because: "r3 has all of the traffic already" });
    await lab.rollBack({ to: "r1" });
    expect(await decide(lab, "r1")).toMatchObject({ way: "nothing", record: { id: "r4" } });
  });

  it("leaves a live first release where it is, and says that nothing was released", async () => {
    expect(await decide(await arrange())).toMatchObject({ way: "refused", refusal: { kind: "usage" } });
    expect(await decide(new ReleaseLab())).toMatchObject({
      way: "refused",
      refusal: { what: "There is nothing to put back: nothing was released to prod yet" },
    });
  });

  it("makes a release of a rollback of anything else than code, also of the live release's own data", async () => {
    const lab = await arrange("live");
    expect(await decide(lab, "r1", ["infrastructure"])).toMatchObject({
      way: "release",
      plan: { rollsBack: { parts: ["infrastructure"] } },
    });
    expect(await decide(lab, "r2", ["data"])).toMatchObject({ way: "release", from: { id: "r2" }, to: { id: "r2" } });
  });

  it("names functions that the release to go to did not have", async () => {
    const lab = await arrange("live", "live");
    const records = (await lab.records()).map((record) =>
      record.id === "r1" ? { ...record, functions: record.functions.slice(0, 1) } : record,
    );
    expect(decideRollback({ environment: "prod", records, to: "r1", flags: "" })).toMatchObject({
      way: "release",
      stays: ["authorizer"],
    });
  });

  it("refuses a release whose code the ledger does not have", async () => {
    const lab = await arrange("live", "live");
    const records = (await lab.records()).map((record) =>
      record.id === "r1" ? { ...record, steps: new Map() } : record,
    );
    expect(decideRollback({ environment: "prod", records, to: "r1", flags: "" })).toMatchObject({
      way: "refused",
      refusal: { why: "the ledger does not say which code api-handler and authorizer had in it" },
    });
  });
});

describe("decideRollback of the infrastructure", () => {
  const infrastructure = ["infrastructure"] as const;

  it("goes to the release before, and the code that runs stays", async () => {
    const lab = await arrange("live");
    const decision = await decide(lab, undefined, infrastructure);
    expect(decision).toMatchObject({
      ...{ way: "release", from: { id: "r2" }, to: { id: "r1" } },
      plan: {
        rollsBack: {
          parts: infrastructure,
          functions: [
            { from: "3", version: "3" },
            { from: "3", version: "3" },
          ],
        },
      },
    });
    if (decision.way !== "release") throw new Error("it is one");
    const [r1, r2] = await lab.records();
    expect(decision.plan.source).toEqual(r1?.plan.source);
    expect(decision.plan.rollsBack?.functions.map(({ artifactSha256 }) => artifactSha256)).toEqual(
      r2?.functions.map(({ artifactSha256 }) => artifactSha256),
    );
  });

  it("goes to what has the traffic, where what was applied last was put back or failed", async () => {
    const put = await arrange("live");
    await put.rollback();
    for (const lab of [put, await arrange("failed")]) {
      expect(await decide(lab, undefined, infrastructure)).toMatchObject({
        ...{ way: "release", from: { id: "r1" }, to: { id: "r1" }, plan: { release: "r3" } },
      });
    }
  });

  it("names the code of the same release afterwards, and the infrastructure as what takes it back", async () => {
    const lab = await arrange("live");
    await lab.rollBack({ parts: infrastructure });
    expect((await lab.newest()).state).toBe("live");
    expect(await decide(lab)).toMatchObject({
      way: "refused",
      refusal: {
        what: expect.stringContaining("r3 of prod has brought the infrastructure of r1 back, and left the code of r2"),
        next: "slipway rollback prod --to r1 --local sends the traffic to the code before; slipway rollback prod infrastructure --to r2 --local takes it back",
      },
    });
    expect(lab.told.at(-1)?.next).toContain("slipway rollback prod infrastructure --to r2 takes it back");
  });

  it("puts an unfinished release back first, and goes on", async () => {
    expect(await decide(await arrange("waits"), undefined, infrastructure)).toMatchObject({
      ...{ way: "put-back", record: { id: "r2" }, goesOn: true },
    });
  });

  it("refuses what the ledger has no code for", async () => {
    const lab = await arrange("live");
    const [r1, r2] = await lab.records();
    if (r1 === undefined || r2 === undefined) throw new Error("there are two");
    const without = { ...r2, functions: r2.functions.slice(1) };
    const question = { environment: "prod", records: [r1, without], flags: "", parts: infrastructure };
    expect(decideRollback(question)).toMatchObject({
      ...{ way: "refused", refusal: { why: "it has api-handler, of which r2 has no code" } },
    });
  });
});

describe("decideRollback of code and infrastructure together", () => {
  const both = ["code", "infrastructure"] as const;
  const infrastructure = ["infrastructure"] as const;
  const kinds = (decision: ReturnType<typeof decideRollback>) =>
    decision.way === "release" ? decision.plan.steps.map(({ kind }) => kind) : [decision.way];

  it("makes one release to the one before, whose first step is the traffic", async () => {
    const decision = await decide(await arrange("live"), undefined, both);
    expect(decision).toMatchObject({ way: "release", from: { id: "r2" }, to: { id: "r1" }, stays: [] });
    expect(kinds(decision).slice(0, 3)).toEqual([
      ...["traffic.return", "infrastructure.plan", "infrastructure.approve"],
    ]);
    expect(decision).toMatchObject({
      plan: { rollsBack: { parts: both, functions: [{ from: "3", version: "2" }, {}] } },
    });
  });

  it("goes on to the infrastructure of what has the traffic, after the code went back by itself: never further", async () => {
    const put = await arrange("live", "live");
    await put.rollBack();
    expect(await decide(put, undefined, both)).toMatchObject({ way: "release", from: { id: "r2" }, to: { id: "r2" } });
    const released = await arrange("live", "live");
    await released.rollBack({ to: "r1" });
    expect(await decide(released, undefined, both)).toMatchObject({ from: { id: "r4" }, to: { id: "r1" } });
  });

  it("has nothing to do the second time, and names both parts as the way to take it back", async () => {
    const lab = await arrange("live");
    await lab.rollBack({ parts: both });
    const back = "slipway rollback prod code infrastructure --to r2 --local";
    expect(await decide(lab, undefined, both)).toMatchObject({
      ...{ way: "nothing", because: expect.stringContaining(`${back} takes that back`) },
    });
    expect(await decide(lab)).toMatchObject({
      ...{ way: "refused", refusal: { next: expect.stringContaining(`${back} undoes it`) } },
    });
    expect(await decide(lab, "r2", both)).toMatchObject({ way: "release", from: { id: "r3" }, to: { id: "r2" } });
  });

  it("has nothing to do where the infrastructure has come to where the code was put back to", async () => {
    const lab = await arrange("live");
    await lab.rollBack();
    await lab.rollBack({ parts: infrastructure });
    expect(await decide(lab, undefined, both)).toMatchObject({ way: "nothing" });
  });

  it("goes on with one that waits for approval, for whoever asks for both or a part of it", async () => {
    const lab = await arrange("live");
    await lab.rollBack({ parts: both, waiting: ["infrastructure.approve"] });
    for (const [to, parts] of [
      [undefined, both],
      ["r1", both],
      ["r1", undefined],
      ["r1", infrastructure],
    ] as const) {
      expect(await decide(lab, to, parts)).toMatchObject({ way: "go-on", record: { id: "r3" } });
    }
    expect(await decide(lab)).toMatchObject({
      ...{ way: "refused" },
      refusal: { next: expect.stringContaining("slipway rollback prod code infrastructure --to r1 --local goes on") },
    });
  });

  it("never puts a rollback of the code back because the infrastructure is asked for, too", async () => {
    const lab = await arrange("live", "live");
    await lab.rollBack({ to: "r1", waiting: ["traffic.verify"] });
    for (const parts of [both, infrastructure]) {
      expect(await decide(lab, undefined, parts)).toMatchObject({ way: "refused", refusal: { kind: "usage" } });
    }
    expect(await decide(lab, "r1", both)).toMatchObject({ way: "put-back", goesOn: true });
  });

  it("refuses a release whose files nobody has any more, and only for the infrastructure", async () => {
    const lab = await arrange("live", "live");
    const dirty = (await lab.records()).map((record) =>
      record.id === "r1"
        ? { ...record, plan: { ...record.plan, source: { ...record.plan.source, dirty: true } } }
        : record,
    );
    const question = { environment: "prod", records: dirty, to: "r1", flags: "" };
    expect(decideRollback({ ...question, parts: both })).toMatchObject({
      ...{ way: "refused", refusal: { why: expect.stringContaining("changes that are not committed") } },
    });
    expect(decideRollback(question)).toMatchObject({ way: "release" });
  });
});
