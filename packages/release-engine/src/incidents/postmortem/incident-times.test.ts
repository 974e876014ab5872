import { describe, expect, it } from "vitest";
import { incidentTimes } from "./incident-times.ts";
import { IncidentStory, wholeStory } from "./test/incident-story.ts";

const timesOf = (story: IncidentStory) => incidentTimes(story.record(), story.entries);

describe("incidentTimes", () => {
  it("has all turns of an incident that went through them", () => {
    const story = wholeStory();
    expect(timesOf(story)).toEqual({
      ...{ startedAt: story.at(5), detectedAt: story.at(7), acknowledgedAt: story.at(8) },
      // When the traffic had moved, not when the action was written down as done.
      mitigatedAt: story.at(11),
      ...{ resolvedAt: story.at(15), closedAt: null },
    });
  });

  it("does not know what has not happened", () => {
    const story = new IncidentStory();
    story.open(7);
    expect(timesOf(story)).toMatchObject({ acknowledgedAt: null, mitigatedAt: null, resolvedAt: null });
  });

  it("takes a rollback that somebody ran without an action", () => {
    const story = new IncidentStory();
    story.deploy(0);
    story.deploy(3);
    story.open(10);
    story.rollBack(12, "r1");
    expect(timesOf(story).mitigatedAt).toBe(story.at(12));
  });

  it("takes no rollback from before, none that came after it was resolved, and nothing that does not help", () => {
    const story = new IncidentStory();
    story.deploy(0);
    story.deploy(3);
    story.rollBack(5, "r1");
    story.open(10);
    const action = { incident: "i1", action: "a1" };
    story.tell(11, {
      ...{ type: "incident.action-started", ...action, kind: "wait", command: "slipway incident show prod i1" },
      ...{ because: "it passes", automatic: false },
    });
    story.tell(12, { type: "incident.action-ended", ...action, outcome: "done", found: "waited" });
    story.resolve(20);
    story.deploy(30);
    story.putBack(31);
    expect(timesOf(story).mitigatedAt).toBeNull();
  });

  it("is not resolved while it is reopened, and its last cure counts", () => {
    const story = wholeStory();
    story.tell(30, { type: "incident.reopened", incident: "i1", signals: [], reason: "again" });
    story.deploy(35);
    story.putBack(40);
    expect(timesOf(story)).toMatchObject({ resolvedAt: null, mitigatedAt: story.at(40) });
  });
});
