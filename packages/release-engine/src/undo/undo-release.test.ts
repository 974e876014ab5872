import type { UndoRequest } from "@slipway/contracts";
import { planUndo } from "@slipway/release-plan";
import { expect, it } from "vitest";
import { releases } from "../ledger/releases.ts";
import { guarded } from "../release/guarded.ts";
import { runRelease } from "../release/run-release.ts";
import { nextReleaseId, releaseWithTraffic } from "../release/standing-releases.ts";
import { startRelease } from "../release/start-release.ts";
import type { StepHandlers } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { fakeHandlers } from "../test/fake-handlers.ts";
import { Killed, ReleaseLab } from "../test/release-lab.ts";
import { good, theirs, UndoLab } from "./test/undo-lab.ts";
import { undoHandlers } from "./undo-handlers.ts";

const OPTIONS = { items: 20, corrupted: 8, changed: 2 };

interface Scene {
  readonly lab: ReleaseLab;
  readonly undo: UndoLab;
  readonly request: UndoRequest;
}

let released: Promise<ReleaseLab> | undefined;

async function release(): Promise<ReleaseLab> {
  const lab = new ReleaseLab(["api-handler"]);
  await lab.deploy();
  return lab;
}

/** A live release, bad writes in its table, and somebody who has confirmed what is to be taken back. */
async function arrange(): Promise<Scene> {
  released ??= release();
  const lab = (await released).copy();
  const undo = new UndoLab(OPTIONS, lab.clock);
  return { lab, undo, request: await undo.request() };
}

function handlersOf({ lab, undo }: Scene, assertHeld: () => void): StepHandlers {
  return {
    ...fakeHandlers(lab.world),
    ...undoHandlers({
      ...{ clock: lab.clock, systemClock: lab.machineClock, flags: "" },
      exports: guarded(undo.table, assertHeld, ["start"]),
      table: () => guarded(undo.table, assertHeld, ["swap"]),
    }),
  };
}

/** `slipway rollback prod data --undo`, after it was confirmed. */
function begin(scene: Scene, request = scene.request) {
  const { lab } = scene;
  return lab.process(async (held) => {
    const records = releases(await held.read());
    const { id = "", plan } = releaseWithTraffic(records) ?? {};
    if (plan === undefined) throw new Error("nothing is live");
    const facts = {
      environment: "prod",
      release: nextReleaseId(records),
      current: id,
      source: plan.source,
      undo: request,
    };
    await startRelease(lab.ports, { held, plan: planUndo(facts), authors: ["Jane"] });
    const handlers = handlersOf(scene, () => held.assertHeld());
    return runRelease(lab.ports, { held, release: facts.release, handlers, waitFor: "none" });
  });
}

function resume(scene: Scene) {
  return scene.lab.resume({ handlers: handlersOf(scene, () => {}) });
}

async function expectUndone({ lab, undo }: Scene): Promise<void> {
  for (const [index, id] of undo.ids().entries()) {
    expect(undo.table.items.get(id), id).toEqual(index < OPTIONS.changed ? theirs(id) : good(id));
  }
  expect(undo.table.items.size).toBe(OPTIONS.items);
  expect([...undo.table.writes.values()].every((times) => times === 1)).toBe(true);
  const [live, done, ...others] = await lab.records();
  expect([live?.state, done?.state, others.length]).toEqual(["live", "done", 0]);
  expect(done?.steps.get("data.write-back")?.result).toMatchObject({ items: 8, restored: 6, conflicts: 2 });
}

it("is a release that ends done, changes no traffic, and is not what the next rollback is about", async () => {
  const scene = await arrange();
  const outcome = await begin(scene);
  expect(outcome).toMatchObject({ state: "done", pending: [] });
  await expectUndone(scene);
  const { plan } = await scene.lab.newest();
  expect(plan).toMatchObject({ previous: "r1", rollsBack: { from: "r1", to: "r1", parts: ["data"] } });
  expect(await scene.lab.story()).toEqual([
    ...(await scene.lab.story()).filter((line) => line.startsWith("r1 ")),
    "r2 release.started",
    "r2 step.started data.export",
    "r2 step.finished data.export done",
    "r2 step.started data.select",
    "r2 step.finished data.select done",
    "r2 step.started data.write-back",
    "r2 step.finished data.write-back done",
    "r2 release.ended done (all of its steps are done)",
  ]);
  // No item, and no key of one.
  expect(JSON.stringify(await scene.lab.ledger.read())).not.toMatch(/thing 0|"0\d\d\d"/);
});

it("goes on after a kill at any write of the ledger or of the table, and comes to the same end", async () => {
  for (let kill = 1; ; kill += 1) {
    const scene = await arrange();
    const { lab, undo } = scene;
    let changes = 0;
    const step = async (isChange: boolean, when: "before" | "after") => {
      if (changes < kill && isChange && when === "after") changes += 1;
      if (changes >= kill) throw new Killed();
    };
    lab.table.step = (call, when) => step(call === "write", when);
    undo.table.step = (call, when) => step(call === "swap" || call === "start", when);
    const error: unknown = await begin(scene).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    lab.letLive();
    undo.table.step = async () => {};
    if (error === undefined && changes < kill) {
      await expectUndone(scene);
      expect(kill).toBeGreaterThan(14);
      return;
    }
    expect(error).toBeInstanceOf(Killed);
    const { id, state } = await lab.newest();
    const hasBegun = id === "r2";
    if (!hasBegun) await begin(scene);
    else if (state !== "done") await resume(scene);
    await expectUndone(scene);
  }
});

it.each([
  ["throttle", "before", "throttled"],
  ["500", "before", "failed"],
  ["reset", "before", "unreachable"],
  ["lost answer", "after", "unreachable"],
] as const)(
  "ends well, or is paused and can be gone on with, when any call fails once: %s",
  async (_name, when, kind) => {
    for (let fault = 1; ; fault += 1) {
      const scene = await arrange();
      let calls = 0;
      scene.undo.table.step = async (_call, at) => {
        calls += at === "before" ? 1 : 0;
        if (calls === fault && at === when) {
          throw new ReleaseError({
            kind,
            what: "The call failed",
            why: "planted",
            next: "type the same command again",
          });
        }
      };
      const thrown: unknown = await begin(scene).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (thrown !== undefined) {
        expect(thrown, `call ${fault}`).toMatchObject({ kind });
        expect((await scene.lab.newest()).state).toBe("paused");
        await resume(scene);
      }
      await expectUndone(scene);
      if (calls < fault) {
        expect(fault).toBeGreaterThan(15);
        return;
      }
    }
  },
);

it("writes nothing more once the lease is lost", async () => {
  const scene = await arrange();
  scene.undo.table.step = async (call, at) => {
    if (call === "read" && at === "after" && scene.undo.table.writes.size === 3) {
      // It stood still for longer than its lease.
      scene.lab.machineClock.advance(600_000);
    }
  };
  await expect(begin(scene)).rejects.toMatchObject({ kind: "fenced" });
  expect(scene.undo.table.writes.size).toBeLessThanOrEqual(4);
  scene.undo.table.step = async () => {};
  await resume(scene);
  await expectUndone(scene);
});

it("is taken back by another one, also when it was broken off in the middle and given up", async () => {
  const scene = await arrange();
  const { lab, undo, request } = scene;
  const before = new Map(undo.table.items);
  undo.table.step = async (call, at) => {
    if (call === "swap" && at === "after" && undo.table.writes.size === 3) {
      throw new ReleaseError({ kind: "failed", what: "x", why: "planted", next: "y" });
    }
  };
  await expect(begin(scene)).rejects.toMatchObject({ kind: "failed" });
  undo.table.step = async () => {};
  await lab.rollback({ handlers: handlersOf(scene, () => {}) });
  expect(["failed", "put-back"]).toContain((await lab.newest()).state);
  expect(undo.table.writes.size).toBeGreaterThanOrEqual(3);

  expect((await begin(scene, { ...request, undoes: "r2" })).state).toBe("done");
  expect(new Map([...undo.table.items].sort())).toEqual(new Map([...before].sort()));
});
