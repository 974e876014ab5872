import { describe, expect, it } from "vitest";
import { incidentTimes } from "./incident-times.ts";
import { IncidentStory, wholeStory } from "./test/incident-story.ts";

const timesOf = async (story: IncidentStory) => incidentTimes(await story.record(), await story.entries());

describe("incidentTimes", () => {
  it("has all turns of an incident that went through them", async () => {
    const story = await wholeStory();
    expect(await timesOf(story)).toEqual({
      ...{ startedAt: story.at(5), detectedAt: story.at(7), acknowledgedAt: story.at(8) },
      // When the traffic had moved, not when the action was written down as done.
      mitigatedAt: story.at(11),
      ...{ resolvedAt: story.at(15), closedAt: null },
    });
  });

  it("does not know what has not happened", async () => {
    const story = new IncidentStory();
    await story.open(7);
    expect(await timesOf(story)).toMatchObject({ acknowledgedAt: null, mitigatedAt: null, resolvedAt: null });
  });

  it("takes a rollback that somebody ran without an action", async () => {
    const story = new IncidentStory();
    await story.lab.deploy();
    await story.lab.deploy();
    await story.open(10);
    story.go(12);
    await story.lab.rollBack({ to: "r1" });
    expect((await timesOf(story)).mitigatedAt).toBe(story.at(12));
  });

  it("takes no rollback from before, none that came after it was resolved, and nothing that does not help", async () => {
    const story = new IncidentStory();
    await story.lab.deploy();
    await story.lab.deploy();
    await story.lab.rollBack({ to: "r1" });
    await story.open(10);
    const action = { incident: "i1", action: "a1" };
    await story.tell(11, {
      ...{ type: "incident.action-started", ...action, kind: "wait", command: "slipway incident show prod i1" },
      ...{ because: "it passes", automatic: false },
    });
    await story.tell(12, { type: "incident.action-ended", ...action, outcome: "done", found: "waited" });
    await story.resolve(20);
    story.go(30);
    await story.lab.deploy();
    await story.lab.rollback();
    expect((await timesOf(story)).mitigatedAt).toBeNull();
  });

  it("is not resolved while it is reopened, and its last cure counts", async () => {
    const story = await wholeStory();
    await story.tell(30, { type: "incident.reopened", incident: "i1", signals: [], reason: "again" });
    await story.lab.deploy();
    story.go(40);
    await story.lab.rollback();
    expect(await timesOf(story)).toMatchObject({ resolvedAt: null, mitigatedAt: story.at(40) });
  });
});
