import { beforeEach, describe, expect, it } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { fakeHandlers } from "../test/fake-handlers.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import { runRelease } from "./run-release.ts";
import { startRelease } from "./start-release.ts";
import type { StepHandlers } from "./step-handler.ts";

let lab: ReleaseLab;

beforeEach(() => {
  lab = new ReleaseLab(["api-handler"]);
});

const alias = () => lab.world.function("api-handler").alias;
const weights = (percent: number, version: string) => ({ [version]: percent / 100 });

/** The handlers, of which one does something else. */
const handlersWith = (changed: Partial<StepHandlers>) => ({ ...fakeHandlers(lab.world), ...changed });

const throttled = new ReleaseError({ kind: "throttled", what: "Too many calls", why: "slow down", next: "wait" });

describe("a release", () => {
  it("is written down from its beginning to its last checkpoint", async () => {
    const outcome = await lab.deploy({ waitFor: "all" });

    expect(outcome).toMatchObject({ state: "live", pending: [] });
    const steps = outcome.record.plan.steps.map(({ id }) => id);
    const pair = (id: string) => [`r1 step.started ${id}`, `r1 step.finished ${id} done`];
    const story = (await lab.story()).filter((line) => !line.includes("judged"));
    expect(story).toEqual([
      "r1 release.started",
      ...steps.filter((id) => !id.startsWith("checkpoint")).flatMap(pair),
      "r1 release.ended live (all of the traffic goes to it, and it answers)",
      ...steps.filter((id) => id.startsWith("checkpoint")).flatMap(pair),
    ]);
    expect(outcome.record.functions).toMatchObject([{ name: "api-handler", version: "2", previousVersion: "1" }]);
    expect(alias()).toEqual({ version: 2, weights: {} });
  });

  it("returns before the checkpoints that nobody waits for, and says when they are due", async () => {
    const first = await lab.deploy({ waitFor: "immediate" });
    expect(first.pending.map(({ step }) => step.id)).toEqual(["checkpoint.short", "checkpoint.extended"]);
    const [short] = first.pending;
    const liveAt = Date.parse(first.record.liveAt ?? "");
    expect(short?.dueAt).toBe(liveAt + 3_600_000);
    expect(lab.clock.now()).toBe(liveAt + 300_000);

    expect((await lab.resume()).pending).toHaveLength(2);
    lab.clock.advance(3_600_000);
    expect((await lab.resume()).pending.map(({ step }) => step.id)).toEqual(["checkpoint.extended"]);
    expect((await lab.story()).filter((line) => line.includes("release.resumed"))).toEqual([]);
  });

  it("tells people of its beginning and its end", async () => {
    await lab.deploy();
    expect(lab.told.map(({ moment, release }) => `${moment} ${release}`)).toEqual([
      "release-started r1",
      "release-succeeded r1",
    ]);
    expect(lab.told.at(-1)?.text).toContain("api-handler: version 1 -> 2");
  });

  it("shifts, judges and promotes the second one, and supersedes the first", async () => {
    await lab.deploy();
    const second = await lab.deploy();
    expect(lab.world.changes.filter((change) => change.startsWith("alias"))).toEqual([
      "alias api-handler 2 {}",
      `alias api-handler 2 ${JSON.stringify(weights(10, "3"))}`,
      "alias api-handler 3 {}",
    ]);
    expect(second.record.plan.previous).toBe("r1");
    const [first] = await lab.records();
    expect(first).toMatchObject({ state: "superseded", reason: "r2 has taken its place" });
  });
});

describe("what is judged bad", () => {
  beforeEach(async () => {
    await lab.deploy();
    lab.told.length = 0;
  });

  it("just ends before any traffic moved", async () => {
    const outcome = await lab.deploy({ bad: ["code.prove.api-handler"] });
    expect(outcome).toMatchObject({ state: "failed", reason: expect.stringContaining("9 of 10 failed, and 1 may") });
    expect(alias()).toEqual({ version: 2, weights: {} });
    expect(lab.told.map(({ moment }) => moment)).toEqual(["release-started", "release-failed"]);
  });

  it.each(["traffic.judge.10", "smoke", "checkpoint.immediate"])("is put back at once at %s", async (id) => {
    const outcome = await lab.deploy({ bad: [id], waitFor: "immediate" });
    expect(outcome).toMatchObject({ state: "put-back", reason: expect.stringContaining(`${id} is bad`) });
    expect(alias()).toEqual({ version: 2, weights: {} });
    const story = await lab.story();
    const at = story.indexOf(`r2 step.finished ${id} failed`);
    expect(story.slice(at + 1, at + 4)).toEqual([
      "r2 step.started traffic.restore",
      "r2 step.finished traffic.restore done",
      expect.stringContaining("r2 release.ended put-back"),
    ]);
    expect(lab.told.at(-1)?.moment).toBe("release-put-back");
    expect((await lab.records())[0]?.state).toBe("live");
  });

  it("is followed by no checkpoint of the release before, whose windows have its errors", async () => {
    await lab.deploy({ bad: ["traffic.judge.10"] });
    lab.clock.advance(86_400_000);
    const first = await lab.process(async (held) => {
      return await runRelease(lab.ports, { held, release: "r1", handlers: fakeHandlers(lab.world), waitFor: "all" });
    });
    expect(first).toMatchObject({ state: "live", pending: [], record: { overtakenBy: "r2" } });
    expect((await lab.story()).filter((line) => line.startsWith("r1 step.started checkpoint"))).toEqual([]);
  });
});

describe("a second release", () => {
  it("is not begun with a plan that was made before another one", async () => {
    const plan = lab.plan(await lab.records());
    await lab.deploy();
    const late = lab.process((held) => startRelease(lab.ports, { held, plan, authors: [] }));
    await expect(late).rejects.toMatchObject({
      kind: "conflict",
      why: "it goes from nothing to r1; now it would be from r1 to r2",
    });
  });

  it("keeps the one before as it is while it is unfinished: that is where it goes back to", async () => {
    await lab.deploy();
    await lab.deploy({ waiting: ["infrastructure.approve"] });
    lab.clock.advance(86_400_000);
    const watched = lab.process((held) =>
      runRelease(lab.ports, { held, release: "r1", handlers: fakeHandlers(lab.world), waitFor: "none" }),
    );
    await expect(watched).rejects.toMatchObject({ kind: "busy", why: "r2 is paused" });
  });
});

describe("a step that pauses", () => {
  it("pauses the release, tells people what is needed, and is taken again", async () => {
    const paused = await lab.deploy({ waiting: ["infrastructure.approve"] });
    expect(paused).toMatchObject({ state: "paused", reason: "nobody has said yes", next: "say yes" });
    expect(lab.told.at(-1)).toMatchObject({ moment: "approval-needed", next: "say yes" });
    await expect(lab.deploy()).rejects.toMatchObject({
      kind: "busy",
      why: "r1 is paused: nobody has said yes (say yes)",
      next: "slipway resume prod goes on with it, slipway rollback prod puts it back",
    });

    expect(await lab.resume()).toMatchObject({ state: "live" });
    const story = await lab.story();
    expect(story).toContain("r1 release.resumed");
    expect(story.filter((line) => line === "r1 step.started infrastructure.plan")).toHaveLength(1);
    expect((await lab.newest()).steps.get("infrastructure.approve")?.attempts).toBe(2);
  });

  it("names commands as they are typed on this target", async () => {
    lab = new ReleaseLab(["api-handler"], " --local");
    const denied = new ReleaseError({ kind: "denied", what: "Not allowed", why: "no right", next: "get the right" });
    await expect(lab.deploy({ handlers: handlersWith({ checklist: () => Promise.reject(denied) }) })).rejects.toBe(
      denied,
    );
    expect((await lab.newest()).next).toBe("get the right; then slipway resume prod --local");
    await expect(lab.deploy()).rejects.toMatchObject({
      next: expect.stringContaining("slipway rollback prod --local"),
    });
    await lab.resume();
    expect(lab.told.at(-1)?.next).toContain("slipway watch prod --local");
  });

  it("lets the later checkpoints come when an earlier one waits for a person", async () => {
    const outcome = await lab.deploy({ waiting: ["checkpoint.immediate"], waitFor: "all" });
    expect(outcome.state).toBe("live");
    expect(outcome.pending).toMatchObject([{ step: { id: "checkpoint.immediate" }, setAside: true }]);
    expect((await lab.story()).at(-1)).toBe("r1 step.finished checkpoint.extended done");
    expect((await lab.resume()).pending).toEqual([]);
  });
});

describe("a step that throws", () => {
  it("pauses the release with the reason, and the error is the caller's", async () => {
    const denied = new ReleaseError({ kind: "denied", what: "Not allowed", why: "no right", next: "get the right" });
    const handlers = handlersWith({ "code.upload": () => Promise.reject(denied) });
    await expect(lab.deploy({ handlers })).rejects.toBe(denied);
    expect(await lab.newest()).toMatchObject({
      state: "paused",
      reason: "Not allowed: no right",
      next: "get the right; then slipway resume prod",
    });
    expect(await lab.resume()).toMatchObject({ state: "live" });
  });

  it("pauses it for a bug of ours, too", async () => {
    const handlers = handlersWith({ "code.upload": () => Promise.reject(new TypeError("x is undefined")) });
    await expect(lab.deploy({ handlers })).rejects.toThrow(TypeError);
    expect(await lab.newest()).toMatchObject({ state: "paused", reason: "an unexpected error: x is undefined" });
  });

  it("is tried again where AWS was too busy", async () => {
    let calls = 0;
    const real = fakeHandlers(lab.world)["code.upload"];
    const upload: StepHandlers["code.upload"] = (context) => {
      calls += 1;
      return calls < 3 ? Promise.reject(throttled) : real(context);
    };
    expect(await lab.deploy({ handlers: handlersWith({ "code.upload": upload }) })).toMatchObject({ state: "live" });
    expect((await lab.newest()).steps.get("code.upload.api-handler")?.attempts).toBe(3);
  });

  it("leaves a result that no later version could read to nobody", async () => {
    const handlers = handlersWith({
      "code.upload": async () => ({ outcome: "done", summary: "", result: { bucket: 7 } as never }),
    });
    await expect(lab.deploy({ handlers })).rejects.toThrow(/leaves a result that is none of code.upload/);
    expect((await lab.newest()).steps.get("code.upload.api-handler")?.state).toBe("started");
  });

  it("says loudly when the traffic could not be put back, and goes on with that first", async () => {
    await lab.deploy();
    const handlers = {
      ...fakeHandlers(lab.world, { bad: ["traffic.judge.10"] }),
      "traffic.restore": () => Promise.reject(throttled),
    };
    await expect(lab.deploy({ handlers })).rejects.toThrow(/PUTTING BACK r2 OF prod DID NOT SUCCEED/);
    expect(alias()).toEqual({ version: 2, weights: weights(10, "3") });
    expect(await lab.newest()).toMatchObject({ state: "paused", reason: expect.stringContaining("PUTTING BACK") });
    expect((await lab.newest()).steps.get("traffic.restore")?.attempts).toBe(6);

    expect(await lab.resume()).toMatchObject({ state: "put-back" });
    expect(alias()).toEqual({ version: 2, weights: {} });
  });

  it("does not take a handler's word that traffic cannot be put back for an end", async () => {
    await lab.deploy();
    const handlers: StepHandlers = {
      ...fakeHandlers(lab.world, { bad: ["smoke"] }),
      "traffic.restore": async () => ({ outcome: "failed", summary: "somebody moved it", next: "ask them" }),
    };
    await expect(lab.deploy({ handlers })).rejects.toThrow(/PUTTING BACK r2.*\n.*somebody moved it/);
    await expect(lab.deploy()).rejects.toMatchObject({ kind: "busy" });
    expect(await lab.rollback()).toMatchObject({ state: "put-back" });
  });
});

describe("a stop that is asked for", () => {
  it("finishes the step that is under way, and is resumed after it", async () => {
    const asked = new AbortController();
    const real = fakeHandlers(lab.world);
    const handlers = handlersWith({
      "code.publish": (context) => {
        asked.abort();
        return real["code.publish"](context);
      },
    });
    const outcome = await lab.deploy({ handlers, signal: asked.signal });
    expect(outcome).toMatchObject({ state: "interrupted", next: "slipway resume prod" });
    expect((await lab.story()).slice(-2)).toEqual([
      "r1 step.finished code.publish.api-handler done",
      "r1 release.paused code.prove.api-handler (interrupted)",
    ]);
    expect(await lab.resume()).toMatchObject({ state: "live" });
  });

  it("is no failure where a handler leaves off because of it", async () => {
    const asked = new AbortController();
    const interrupted = new ReleaseError({ kind: "interrupted", what: "Stopped", why: "asked to", next: "again" });
    const handlers = handlersWith({
      "traffic.promote": async ({ signal }) => {
        asked.abort();
        expect(signal.aborted).toBe(true);
        throw interrupted;
      },
    });
    expect(await lab.deploy({ handlers, signal: asked.signal })).toMatchObject({ state: "interrupted" });
    expect(await lab.newest()).toMatchObject({ state: "paused", reason: "interrupted" });
  });

  it("leaves no traffic half put back", async () => {
    await lab.deploy();
    const asked = new AbortController();
    const bad = fakeHandlers(lab.world, { bad: ["traffic.judge.10"] });
    const handlers: StepHandlers = {
      ...bad,
      "traffic.judge": (context) => {
        asked.abort();
        return bad["traffic.judge"](context);
      },
    };
    expect(await lab.deploy({ handlers, signal: asked.signal })).toMatchObject({ state: "put-back" });
    expect(alias()).toEqual({ version: 2, weights: {} });
  });

  it("ends a wait for a checkpoint, and the release stays live", async () => {
    const asked = new AbortController();
    lab.clock.sleep = async () => asked.abort();
    const outcome = await lab.deploy({ waitFor: "all", signal: asked.signal });
    expect(outcome).toMatchObject({ state: "interrupted", next: "slipway watch prod", record: { state: "live" } });
    expect((await lab.story()).at(-1)).toContain("release.ended live");
  });
});

describe("a lost lease", () => {
  it("stops the release at once, and nothing is written or changed any more", async () => {
    const real = fakeHandlers(lab.world);
    let stolen: Promise<unknown> | undefined;
    const handlers = handlersWith({
      "code.upload": async (context) => {
        stolen = lab.process(async () => {});
        await stolen;
        return await real["code.upload"](context);
      },
    });
    const before = [...lab.world.changes];
    await expect(lab.deploy({ handlers })).rejects.toMatchObject({ kind: "fenced" });
    expect((await lab.story()).at(-1)).toBe("r1 step.started code.upload.api-handler");
    // Its own clock says that it holds the lease: what it had begun is done, and nothing after it.
    expect(lab.world.changes.length - before.length).toBeLessThanOrEqual(2);
    expect(await lab.resume()).toMatchObject({ state: "live" });
  });

  it("changes nothing after it was asleep past its lease", async () => {
    const real = fakeHandlers(lab.world);
    const handlers = handlersWith({
      "code.upload": async (context) => {
        lab.machineClock.advance(61_000);
        return await real["code.upload"](context);
      },
    });
    await expect(lab.deploy({ handlers })).rejects.toMatchObject({ kind: "fenced" });
    expect(lab.world.bucket.size).toBe(0);
    expect((await lab.newest()).state).toBe("running");
  });

  it("says that it was asleep, and not what it stumbled over because of it", async () => {
    const handlers = handlersWith({
      "infrastructure.plan": async () => {
        lab.machineClock.advance(61_000);
        throw new ReleaseError({ kind: "failed", what: "The plan file is gone", why: "ENOENT", next: "plan again" });
      },
    });
    await expect(lab.deploy({ handlers })).rejects.toMatchObject({
      kind: "fenced",
      why: expect.stringContaining("asleep"),
    });
    expect((await lab.newest()).state).toBe("running");
  });
});
