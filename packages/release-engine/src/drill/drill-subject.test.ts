import type { SourceRevision } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import { FakeChecklist } from "../checklist/test/fake-checklist.ts";
import { releases } from "../ledger/releases.ts";
import { drillSubject } from "./drill-subject.ts";

const OTHER: SourceRevision = { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false };
/** As the fake's releases have it. */
const LIVE: SourceRevision = { commit: "c".repeat(40), tree: "d".repeat(40), dirty: false };

function subject(world: FakeChecklist, current: SourceRevision = OTHER) {
  return drillSubject("prod", world.config, releases(world.entries), current);
}

describe("what a drill is about", () => {
  test("is going back to what is live; the release before it where that is checked out", () => {
    const world = new FakeChecklist();
    expect(subject(world)).toMatchObject({ isFirst: true });
    expect(subject(world).earlier).toBeUndefined();
    world.release("r1", "3");
    expect(subject(world, LIVE)).not.toHaveProperty("isFirst");
    expect(subject(world).earlier).toEqual({ release: "r1", source: LIVE });
    expect(subject(world, LIVE).earlier).toBeUndefined();
  });

  test("is not a release that was put back", () => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    world.release("r2", "4", [], "e".repeat(40));
    world.write({ type: "release.ended", outcome: "put-back", reason: "bad", functions: [] }, "r2");

    expect(subject(world).earlier?.release).toBe("r1");
  });

  test("is the same for the same files, whether they are committed or not, and another for others", () => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    const { inputs } = subject(world);

    expect(inputs).toMatch(/^[0-9a-f]{64}$/);
    expect(subject(world, { ...OTHER, commit: "9".repeat(40), dirty: true }).inputs).toBe(inputs);
    expect(subject(world, { ...OTHER, tree: "9".repeat(40) }).inputs).not.toBe(inputs);
    world.config.release.leaseSeconds += 1;
    expect(subject(world).inputs).not.toBe(inputs);
    world.config.release.leaseSeconds -= 1;
    world.release("r2", "4");
    expect(subject(world).inputs).not.toBe(inputs);
    expect(subject(world, { commit: null, tree: null, dirty: false }).inputs).toBeUndefined();
  });
});
