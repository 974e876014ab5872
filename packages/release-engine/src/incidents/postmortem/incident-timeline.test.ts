import { describe, expect, it } from "vitest";
import { incidentTimeline } from "./incident-timeline.ts";
import { wholeStory } from "./test/incident-story.ts";

describe("incidentTimeline", () => {
  it("tells what happened, in order, from numbers, alarms, releases and people", () => {
    const story = wholeStory();
    const at = (minute: number) => Date.parse(story.at(minute));
    const alarm = { alarm: "shop-errors", kind: "state", summary: "Alarm updated" } as const;
    const lines = incidentTimeline({
      ...{ record: story.record(), entries: story.entries, from: at(2), to: at(60) },
      alarms: [
        { ...alarm, at: at(6.5), from: "OK", to: "ALARM", detail: "12 > 5" },
        { ...alarm, at: at(1), from: "ALARM", to: "OK" },
        { ...alarm, at: at(6.6), kind: "action" },
      ],
    });
    const told = lines.map(({ at: time, source, by, text }) => `${time.slice(14, 19)} ${source} ${by ?? "-"}: ${text}`);
    expect(told).toMatchInlineSnapshot(`
      [
        "03:00 release Jane: r2 begins: commit aaaaaaa",
        "03:00 release Jane: r2 traffic.promote done: all of the traffic goes to it",
        "03:00 release Jane: r2 ends live: it answers",
        "05:00 metrics -: It begins to hurt, as far as the numbers tell.",
        "06:30 alarm -: shop-errors: OK to ALARM: 12 > 5",
        "07:00 incident slipway: Opened by rule as severity 2: 5xx at shop/prod. 12 % of requests fail",
        "07:00 incident slipway: Seen: 12 % of answers of shop/prod were 5xx, at most 1 % allowed",
        "08:00 person Jane: Acknowledged: somebody is at it.",
        "08:00 incident Jane: Jane is commander.",
        "09:00 incident slipway: Seen: 30 % of answers of shop/prod took longer than 1000 ms",
        "10:00 incident slipway: Investigated: r2 is suspected (93 %): r2 went live 2 min before",
        "10:00 incident slipway: Proposed: slipway rollback prod, because r2 went live 2 min before",
        "10:00 incident slipway: Without costs (too late)",
        "11:00 incident slipway: a1 begun without a person: slipway rollback prod, because r2 went live 2 min before",
        "11:00 release Jane: r2 is put back: Jane wants it back",
        "11:00 release Jane: r2 traffic.restore done: the traffic is where it was",
        "12:00 release Jane: r2 ends put-back: Jane wants it back",
        "13:00 incident slipway: a1 done: r2 was put back",
        "13:00 incident slipway: Not seen any more: errors api shop/prod, latency api shop/prod",
        "14:00 incident slipway: Told topic: incident-opened",
        "15:00 metrics -: The numbers are good again from here on.",
        "15:00 person Jane: Told stakeholders: It is being looked into.",
        "20:00 incident slipway: Resolved: 0 of 400 failed in 5 minutes",
      ]
    `);
  });

  it("leaves out other incidents, and what comes after", () => {
    const story = wholeStory();
    story.open(30, { incident: "i2", title: "another" });
    story.deploy(31);
    const lines = incidentTimeline({
      ...{ record: story.record(), entries: story.entries, alarms: [] },
      ...{ from: Date.parse(story.at(0)), to: Date.parse(story.at(25)) },
    });
    expect(lines.filter(({ text }) => /another|r3/.test(text))).toEqual([]);
  });
});
