import { expect, it } from "vitest";
import type { IncidentAction } from "../incident-record.ts";
import { IncidentStory } from "../postmortem/test/incident-story.ts";
import { endInLedger } from "./end-in-ledger.ts";

const story = new IncidentStory();
story.deploy(0);
story.deploy(3);
story.putBack(10);
story.deploy(20);
story.rollBack(30, "r1");

const action = (minute: number, kind: IncidentAction["kind"] = "rollback-code"): IncidentAction => ({
  ...{ id: "a1", kind, command: "slipway rollback prod code", because: "r2 is to blame", automatic: false },
  ...{ by: "Jane", startedAt: story.at(minute), state: "running" },
});

it.each([
  [9, "r2"],
  [25, "r4"],
  [40, undefined],
])("finds for what was begun at minute %i the way back that has ended since: %s", (minute, release) => {
  const before = story.entries.filter(({ at }) => minute > 20 || Date.parse(at) < Date.parse(story.at(20)));
  expect(endInLedger(action(minute), before)?.release).toBe(release);
});

it("finds none for another part, or for what is no way back", () => {
  expect(endInLedger(action(9, "rollback-infrastructure"), story.entries)).toBeUndefined();
  expect(endInLedger(action(9, "unlock"), story.entries)).toBeUndefined();
});
