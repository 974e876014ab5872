import { beforeEach, describe, expect, it } from "vitest";
import { fakeHandlers } from "../test/fake-handlers.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import { putBack } from "./put-back.ts";

let lab: ReleaseLab;

beforeEach(async () => {
  lab = new ReleaseLab();
  await lab.deploy();
});

const aliases = () => Object.values(lab.world.functions).map(({ alias }) => alias);

describe("putBack", () => {
  it("gives the traffic of a live release back to the versions before, from the ledger", async () => {
    await lab.deploy();
    expect(await lab.rollback()).toMatchObject({ state: "put-back", reason: "Jane wants it back" });
    expect(aliases()).toEqual([
      { version: 2, weights: {} },
      { version: 2, weights: {} },
    ]);
    expect((await lab.records()).map(({ id, state }) => `${id} ${state}`)).toEqual(["r1 live", "r2 put-back"]);
    expect((await lab.deploy()).record.plan.previous).toBe("r1");
  });

  it("puts a paused release back, in the middle of its canary", async () => {
    const handlers = fakeHandlers(lab.world);
    await lab.deploy({
      handlers: {
        ...handlers,
        "traffic.judge": async () => ({ outcome: "paused", summary: "too little", next: "ask" }),
      },
    });
    expect(await lab.rollback()).toMatchObject({ state: "put-back" });
    expect(aliases().map(({ version }) => version)).toEqual([2, 2]);
  });

  it("just ends a release whose traffic never moved", async () => {
    await lab.deploy({ waiting: ["infrastructure.approve"] });
    const changes = lab.world.changes.length;
    expect(await lab.rollback()).toMatchObject({ state: "put-back", reason: "Jane wants it back" });
    expect(lab.world.changes.length).toBe(changes);
    expect((await lab.story()).filter((line) => line.includes("traffic.restore"))).toEqual([]);
  });

  it("leaves a live first release where it is: before it nothing answered", async () => {
    const story = await lab.story();
    await expect(lab.rollback()).rejects.toMatchObject({
      kind: "usage",
      what: "r1 of prod is the first release and live: it cannot be put back",
      why: expect.stringContaining("placeholder"),
      next: "slipway deploy prod releases a fix; slipway destroy prod takes everything down",
    });
    expect(await lab.story()).toEqual(story);
    expect(aliases().map(({ version }) => version)).toEqual([2, 2]);
  });

  it("gives a live first release back to what was deployed by hand before it", async () => {
    lab = new ReleaseLab();
    lab.adopts = [{ function: "api-handler", functionName: "api-handler", alias: "live", version: "1" }];
    const { record } = await lab.deploy();
    expect(record).toMatchObject({ state: "live", plan: { previous: null } });
    expect(record.steps.get("traffic.judge.10")?.state).toBe("done");

    expect(await lab.rollback()).toMatchObject({ state: "put-back" });
    expect(aliases().map(({ version }) => version)).toEqual([1, 1]);
  });

  it("lets a first release go back that is not live yet, also with all of the traffic", async () => {
    lab = new ReleaseLab();
    await lab.deploy({ waiting: ["smoke"] });
    expect(aliases().map(({ version }) => version)).toEqual([2, 2]);
    expect(await lab.rollback()).toMatchObject({ state: "put-back" });
    expect(aliases().map(({ version }) => version)).toEqual([1, 1]);
    expect((await lab.deploy()).record.plan.previous).toBeNull();
  });

  it("does nothing the second time", async () => {
    await lab.deploy();
    await lab.rollback();
    const story = await lab.story();
    expect(await lab.rollback()).toMatchObject({ state: "put-back" });
    expect(await lab.story()).toEqual(story);
  });

  it("refuses a release that another one has taken the place of, and one beside an unfinished one", async () => {
    await lab.deploy();
    const putBackFirst = () =>
      lab.process((held) =>
        putBack(lab.ports, { held, release: "r1", handlers: fakeHandlers(lab.world), reason: "Jane wants it back" }),
      );
    await expect(putBackFirst()).rejects.toMatchObject({
      kind: "usage",
      next: expect.stringContaining("slipway deploy prod"),
    });
    await lab.rollback();
    await lab.deploy({ waiting: ["infrastructure.approve"] });
    await expect(putBackFirst()).rejects.toMatchObject({
      kind: "busy",
      what: expect.stringContaining("while r3 is not finished"),
    });
  });

  it("names a release that is not there", async () => {
    const work = lab.process((held) =>
      putBack(lab.ports, { held, release: "r9", handlers: fakeHandlers(lab.world), reason: "Jane wants it back" }),
    );
    await expect(work).rejects.toMatchObject({ kind: "not-found", next: "slipway history prod" });
  });
});
