import { incidentStatisticsSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { incidentStatistics } from "./incident-statistics.ts";
import { IncidentStory, wholeStory } from "./test/incident-story.ts";

describe("incidentStatistics", () => {
  it("counts incidents and how long they took, by severity", () => {
    const story = wholeStory();
    for (const [index, minutes] of [1, 2, 6].entries()) {
      const incident = `i${index + 2}`;
      const begin = 100 + index * 100;
      story.open(begin, { incident, severity: 3, startedAt: story.at(begin - minutes), openedBy: "person" });
      story.tell(begin + 10 * minutes, { type: "incident.acknowledged", incident });
    }
    story.resolve(400, { incident: "i4", resolvedAt: story.at(395) });
    story.tell(401, { type: "incident.reopened", incident: "i4", signals: [], reason: "again" });
    const now = Date.parse(story.at(2 * 24 * 60));
    const statistics = incidentStatistics(story.entries, { environment: "prod", now });
    expect(incidentStatisticsSchema.parse(statistics)).toEqual(statistics);
    expect(statistics).toMatchObject({ from: story.at(0), per30Days: 60 });
    expect(statistics.all).toEqual({
      ...{ incidents: 4, unresolved: 3, reopened: 1, openedByRule: 1 },
      times: {
        detect: { count: 4, medianSeconds: 120, p90Seconds: 360 },
        acknowledge: { count: 4, medianSeconds: 900, p90Seconds: 3_600 },
        mitigate: { count: 1, medianSeconds: 360, p90Seconds: 360 },
        resolve: { count: 1, medianSeconds: 600, p90Seconds: 600 },
      },
    });
    expect(statistics.bySeverity.map(({ severity, incidents }) => [severity, incidents])).toEqual([
      ...[
        [1, 0],
        [2, 1],
        [3, 3],
        [4, 0],
      ],
    ]);
    expect(statistics.bySeverity[2]?.times.detect).toEqual({ count: 3, medianSeconds: 120, p90Seconds: 360 });
    expect(statistics.bySeverity[0]?.times.detect).toBeNull();
  });

  it("takes those that were opened since a time", () => {
    const story = wholeStory();
    story.open(100, { incident: "i2" });
    const since = Date.parse(story.at(50));
    const now = Date.parse(story.at(200));
    const statistics = incidentStatistics(story.entries, { environment: "prod", since, now });
    expect(statistics).toMatchObject({ all: { incidents: 1 }, from: story.at(50), per30Days: null });
  });

  it("has nothing to say of an empty ledger", () => {
    const statistics = incidentStatistics([], { environment: "prod", now: 1_000 });
    expect(statistics.all).toMatchObject({ incidents: 0, times: { detect: null, resolve: null } });
    expect(incidentStatisticsSchema.parse(statistics)).toEqual(statistics);
  });

  it("takes no time for what was over before it was written down", () => {
    const story = new IncidentStory();
    story.open(10, { startedAt: story.at(9) });
    story.resolve(11, { resolvedAt: story.at(8) });
    const { all } = incidentStatistics(story.entries, { environment: "prod", now: Date.parse(story.at(20)) });
    expect(all.times.resolve).toEqual({ count: 1, medianSeconds: 0, p90Seconds: 0 });
  });
});
