import { describe, expect, test } from "vitest";
import { ReleaseError } from "../release-error.ts";
import type { ChecklistCheck, ChecklistFinding } from "./checklist-check.ts";
import { runChecklist } from "./run-checklist.ts";
import { FakeChecklist, NOW } from "./test/fake-checklist.ts";

const MINUTE_MS = 60_000;

interface Probe extends ChecklistCheck {
  judged: number;
}

function probe(changes: Partial<ChecklistCheck> = {}, findings?: () => Promise<ChecklistFinding[]>): Probe {
  const made: Probe = {
    ...{
      name: "probe",
      section: "Code Quality",
      title: "It is so",
      pace: "quick",
      lifetimeMs: 60 * MINUTE_MS,
      judged: 0,
    },
    inputs: async (facts) => [(await facts.revision()).tree],
    async judge() {
      made.judged += 1;
      return findings === undefined ? [{ status: "pass", found: "it is" }] : findings();
    },
    ...changes,
  };
  return made;
}

describe("evidence that is there already", () => {
  test("is used again while it is fresh and the files are the same, and says so", async () => {
    const world = new FakeChecklist();
    const check = probe();
    const [first] = await world.run([check]);
    world.now += 59 * MINUTE_MS;

    const [second] = await world.run([check]);

    expect(check.judged).toBe(1);
    expect(first).toMatchObject({ status: "pass", expires: new Date(NOW + 60 * MINUTE_MS).toISOString() });
    expect(second).toEqual({ ...first, reused: true });
  });

  test("is not when it is too old, the files are others, its settings are others, or it is not wanted", async () => {
    const world = new FakeChecklist();
    const check = probe();
    await world.run([check]);

    await world.run([check], { fresh: true });
    expect(check.judged).toBe(2);
    world.revision = { ...world.revision, tree: "f".repeat(40) };
    await world.run([check]);
    expect(check.judged).toBe(3);
    world.config.release.checklist.reviewers = 3;
    await world.run([check]);
    expect(check.judged).toBe(4);
    world.now += 60 * MINUTE_MS;
    await world.run([check]);
    expect(check.judged).toBe(5);
  });

  test("is kept only of what passed", async () => {
    const world = new FakeChecklist();
    const failing = probe({}, async () => [
      { subject: "a", status: "pass", found: "good" },
      { subject: "b", status: "fail", found: "bad" },
    ]);
    await world.run([failing]);
    await world.run([failing]);

    expect(failing.judged).toBe(2);
    expect(world.stored.size).toBe(0);
  });

  test("cannot be told where nobody knows what it depends on", async () => {
    const world = new FakeChecklist();
    const check = probe({
      inputs: () => Promise.reject(new ReleaseError({ kind: "denied", what: "No", why: "denied", next: "ask" })),
    });
    await world.run([check]);
    const [again] = await world.run([check]);

    expect(check.judged).toBe(2);
    expect(again).not.toHaveProperty("inputs");
  });

  test("is not made of files that change meanwhile", async () => {
    const world = new FakeChecklist();
    const check = probe({ pace: "slow" }, async () => {
      world.revision = { ...world.revision, tree: "f".repeat(40) };
      return [{ status: "pass", found: "34 passed" }];
    });

    const [evidence] = await world.run([check]);

    expect(evidence).toMatchObject({ status: "unknown", found: expect.stringContaining("changed while it ran") });
    expect(world.stored.size).toBe(0);
  });
});

describe("what cannot be looked at", () => {
  test("is unknown, with what to do, and the other lines are looked at all the same", async () => {
    const world = new FakeChecklist();
    const broken = probe({ name: "broken" }, () =>
      Promise.reject(new ReleaseError({ kind: "unreachable", what: "It is away", why: "no answer", next: "call it" })),
    );

    const evidence = await world.run([broken, probe()]);

    expect(evidence).toMatchObject([
      { check: "checklist.broken", status: "unknown", found: "It is away: no answer", next: "call it" },
      { check: "checklist.probe", status: "pass" },
    ]);
  });

  test("is a bug of ours where it was not expected", async () => {
    const broken = probe({}, () => Promise.reject(new TypeError("x is not a function")));

    await expect(new FakeChecklist().run([broken])).rejects.toThrow(TypeError);
  });

  test("is unknown when the time is over, and so is what was not begun", async () => {
    const world = new FakeChecklist();
    const slow = probe({ name: "slow", pace: "slow" }, async () => {
      world.systemClock.elapse();
      await Promise.resolve();
      throw new ReleaseError({ kind: "interrupted", what: "Stopped", why: "asked to", next: "again" });
    });
    const next = probe({ name: "next", pace: "slow" });

    const evidence = await world.run([slow, next]);

    expect(evidence.map(({ status }) => status)).toEqual(["unknown", "unknown"]);
    expect(evidence[0]?.found).toContain("not done within the 60 minutes");
    expect(next.judged).toBe(0);
  });

  test("asked to stop, it stops, and begins nothing more", async () => {
    const world = new FakeChecklist();
    const stop = new AbortController();
    const next = probe({ name: "next", pace: "slow" });
    const first = probe({ name: "first", pace: "slow" }, async () => {
      stop.abort();
      throw new ReleaseError({ kind: "interrupted", what: "Stopped", why: "asked to", next: "again" });
    });

    await expect(world.run([first, next], { signal: stop.signal })).rejects.toMatchObject({ kind: "interrupted" });
    expect(next.judged).toBe(0);
  });
});

describe("the order", () => {
  test("is quick lines four at a time, then slow ones each by itself; the evidence is in the order of the list", async () => {
    const world = new FakeChecklist();
    let running = 0;
    const most = { quick: 0, slow: 0 };
    const begun: string[] = [];
    const line = (name: string, pace: "quick" | "slow") =>
      probe({ name, pace }, async () => {
        running += 1;
        most[pace] = Math.max(most[pace], running);
        begun.push(name);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return [{ status: "pass", found: "good" }];
      });
    const names = ["s1", "q1", "q2", "s2", "q3", "q4", "q5"];

    const evidence = await world.run(names.map((name) => line(name, name.startsWith("s") ? "slow" : "quick")));

    expect(most).toEqual({ quick: 4, slow: 1 });
    expect(begun.slice(-2)).toEqual(["s1", "s2"]);
    expect(evidence.map(({ check }) => check)).toEqual(names.map((name) => `checklist.${name}`));
  });

  test("a quick checklist leaves slow lines out, unless there is evidence of them", async () => {
    const world = new FakeChecklist();
    const known = probe({ name: "known", pace: "slow" });
    const other = probe({ name: "other", pace: "slow", decidedIn: "infrastructure.plan" });
    await world.run([known]);

    const evidence = await world.run([known, other], { quick: true });

    expect(evidence).toMatchObject([
      { status: "pass", reused: true },
      { status: "unknown", found: "not run in a quick checklist", decidedIn: "infrastructure.plan" },
    ]);
    expect(other.judged).toBe(0);
  });

  test("a checklist inside of a check of another one runs no commands again", async () => {
    const slow = probe({ pace: "slow" });

    const [evidence] = await new FakeChecklist().run([slow], { nested: true });

    expect(evidence).toMatchObject({ status: "unknown", found: expect.stringContaining("inside of a check") });
    expect(slow.judged).toBe(0);
  });

  test("each line is shown as it is done", async () => {
    const world = new FakeChecklist();
    await world.run([probe(), probe({ name: "bad" }, async () => [{ status: "fail", found: "bad\nvery" }])]);

    expect(world.progress.ended).toEqual(["checklist.probe: done (it is)", "checklist.bad: failed (bad)"]);
  });
});

test("secrets that commands print are in no evidence, no file and no line", async () => {
  const world = new FakeChecklist();
  const token = `ghp_${"aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"}`;
  const check = probe({}, async () => [{ status: "pass", found: `pushed with ${token}` }]);

  const evidence = await world.run([check]);

  expect(JSON.stringify([evidence, [...world.stored.values()], world.progress.events])).not.toContain(token);
});

describe("waivers", () => {
  const waiver = { check: "checklist.probe", by: "Jane", reason: "the service is down", expires: "2026-11-28" };
  const failing = () => probe({}, async () => [{ status: "fail", found: "bad", next: "mend it" }]);

  test("let a line not pass, up to their last day, and say who answers for it", async () => {
    const [evidence] = await new FakeChecklist().run([failing()], { waivers: [waiver] });

    expect(evidence).toMatchObject({
      status: "waived",
      found: "bad",
      waiver: { by: "Jane", reason: "the service is down", expires: "2026-11-28" },
    });
  });

  test("count no more once they have expired, and are named", async () => {
    const [evidence] = await new FakeChecklist().run([failing()], { waivers: [{ ...waiver, expires: "2026-11-27" }] });

    expect(evidence).toMatchObject({
      status: "fail",
      found: expect.stringContaining("waived until 2026-11-27 by Jane"),
    });
  });

  test("are for their check and subject only, and nothing is waived that passes", async () => {
    const world = new FakeChecklist();
    const both = probe({}, async () => [
      { subject: "a", status: "unknown", found: "nobody knows" },
      { subject: "b", status: "unknown", found: "nobody knows" },
    ]);
    const waivers = [{ ...waiver, subject: "a" }];

    const evidence = await world.run([both, probe({ name: "other" }, failing().judge as never)], { waivers });
    const [passing] = await world.run([probe()], { waivers: [waiver] });

    expect(evidence.map(({ status }) => status)).toEqual(["waived", "unknown", "fail"]);
    expect(passing).not.toHaveProperty("waiver");
  });

  test("of a review do not count from who wrote what is released, and that is said", async () => {
    const world = new FakeChecklist();
    const review = probe({ name: "code-review" }, async () => [{ status: "fail", found: "nobody read it" }]);
    const by = (name: string) => [{ ...waiver, check: "checklist.code-review", by: name }];
    const look = async (name: string, changes: Partial<FakeChecklist["ports"]> = {}) =>
      (await runChecklist({ ...world.ports, ...changes }, { ...world.options([review]), waivers: by(name) }))[0];

    expect(await look("Ada at work <ada+work@example.com>")).toMatchObject({
      status: "fail",
      found: expect.stringMatching(
        /^nobody read it\nThe waiver of Ada at work .* does not count: Ada <ada@example.com> wrote/,
      ),
    });
    expect(await look("Olga <olga@example.com>")).toMatchObject({ status: "waived" });
    // What is not committed is of who types.
    const dirty = { ...world.ports.source, revision: async () => ({ ...world.revision, dirty: true }) };
    expect(await look("Olga <olga@example.com>", { source: dirty })).toMatchObject({ status: "fail" });
    const missing = new ReleaseError({
      kind: "not-found",
      what: "No commits",
      why: "shallow",
      next: "git fetch --unshallow",
    });
    const source = { ...world.ports.source, contributors: () => Promise.reject(missing) };
    expect(await look("Olga <olga@example.com>", { source })).toMatchObject({
      status: "fail",
      found: expect.stringContaining(
        "nobody knows whether it is an author's (No commits: shallow; git fetch --unshallow)",
      ),
    });
  });
});
