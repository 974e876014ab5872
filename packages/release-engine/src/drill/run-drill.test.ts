import type { Evidence } from "@slipway/contracts";
import { RecordingProgress } from "@slipway/testing";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../redaction/create-redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { DrillFailure } from "./drill-failure.ts";
import type { DrillFinding, DrillPath } from "./drill-path.ts";
import { type ClosedStage, runDrill } from "./run-drill.ts";
import { FakeGround } from "./test/fake-ground.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const SECRET = "correct-horse-battery";

function path(name: string, rehearse: DrillPath["rehearse"], needs: DrillPath["needs"] = "nothing"): DrillPath {
  return { name, title: `It ${name}s`, needs, rehearse };
}

const passes = async (): Promise<DrillFinding> => ({ status: "pass", found: "it leads back" });

class World {
  readonly fake = new FakeGround();
  readonly redactor = createRedactor();
  readonly interrupt = new AbortController();
  now = NOW;
  earlier: { release: string } | undefined = { release: "r7" };

  run(paths: readonly DrillPath[], stage: Parameters<typeof runDrill>[1] = this.fake.stage()): Promise<Evidence[]> {
    const source = { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false };
    const clock = { now: () => this.now, sleep: () => Promise.resolve() };
    return runDrill({ clock, systemClock: clock, progress: new RecordingProgress(), redactor: this.redactor }, stage, {
      ...{ environment: "prod", paths, flags: "", lifetimeMs: 90 * 86_400_000, signal: this.interrupt.signal },
      subject: {
        ...(this.earlier && { earlier: { ...this.earlier, source } }),
        ...{ current: source, inputs: "c".repeat(64) },
      },
    });
  }
}

describe("a drill", () => {
  test("says of each path what came of it, what was typed, how long it took, and what it is about", async () => {
    const world = new World();
    world.fake.play("state list prod", () => ({ document: {} }));
    const evidence = await world.run([
      path("state", async ({ ground }) => {
        await ground.slipway(["state", "list", "prod"]);
        world.now += 7_000;
        return { status: "pass", found: "it is back" };
      }),
    ]);

    expect(evidence).toEqual([
      {
        ...{ check: "drill.state", title: "It states", status: "pass", found: "rehearsed on local AWS: it is back" },
        ...{ at: "2026-11-28T12:00:07.000Z", expires: "2027-02-26T12:00:07.000Z", inputs: "c".repeat(64) },
        ...{ command: "slipway state list prod --local", durationMs: 7_000 },
      },
    ]);
  });

  test("goes on after a path that does not lead back, each from the same ground", async () => {
    const world = new World();
    const breaks = path("break", () => Promise.reject(new DrillFailure("the traffic stayed where it was")));

    expect(await world.run([breaks, path("pass", passes)])).toMatchObject([
      {
        ...{ check: "drill.break", status: "fail", next: "slipway drill prod --only break --keep" },
        found: "rehearsed on local AWS: the traffic stayed where it was",
      },
      { check: "drill.pass", status: "pass" },
    ]);
    expect(world.fake.rewound).toBe(1);
  });

  test("does not know of a path whose rehearsal went wrong, and hides no bug", async () => {
    const world = new World();
    const unreachable = new ReleaseError({ kind: "unreachable", what: "No answer", why: "refused", next: "look" });
    const failing = path("fail", () => Promise.reject(unreachable));

    expect(await world.run([failing])).toMatchObject([
      { status: "unknown", found: "No answer: refused", next: "look" },
    ]);
    await expect(world.run([path("bug", () => Promise.reject(new TypeError("x")))])).rejects.toThrow(TypeError);
  });

  test("takes secrets out of what commands say", async () => {
    const world = new World();
    world.redactor.learn(SECRET);
    const telling = path("tell", () => Promise.reject(new DrillFailure(`it said ${SECRET}`)));

    expect(JSON.stringify(await world.run([telling]))).not.toContain(SECRET);
  });

  test("stops when it is asked to, with nothing that could be taken for a proof", async () => {
    const world = new World();
    const interrupted = path("stop", async () => {
      world.interrupt.abort();
      throw new Error("whatever a killed child makes of it");
    });

    await expect(world.run([interrupted, path("pass", passes)])).rejects.toMatchObject({ kind: "interrupted" });
  });
});

describe("without an earlier release", () => {
  const back = path("back", passes, "earlier-release");

  test("a path that leads to one is not known, and the others are rehearsed", async () => {
    const world = new World();
    world.earlier = undefined;
    const { earlier: _, ...ground } = world.fake.ground();

    expect(await world.run([back, path("state", passes)], world.fake.stage({ ground }))).toMatchObject([
      { status: "unknown", found: "prod has no earlier release that could be gone back to" },
      { status: "pass" },
    ]);
  });

  test("that could not be released again, the reason is said", async () => {
    const world = new World();
    const { earlier: _, ...ground } = world.fake.ground();
    const stage = world.fake.stage({ ground, withoutEarlier: "npm ci ended with 1" });

    expect(await world.run([back, path("state", passes)], stage)).toMatchObject([
      { status: "unknown", found: "r7 could not be released first: npm ci ended with 1" },
      { status: "pass" },
    ]);
  });
});

test("without what is checked out on the ground, nothing is known", async () => {
  const closed: ClosedStage = { closed: { found: "it could not be released", next: "slipway rehearse prod" } };
  const evidence = await new World().run([path("state", passes), path("back", passes, "earlier-release")], closed);

  expect(evidence.map(({ status, found }) => [status, found])).toEqual([
    ["unknown", "it could not be released"],
    ["unknown", "it could not be released"],
  ]);
});
