import type { IncidentItem } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { incidentChecklist } from "./incident-checklist.ts";
import { IncidentStory, wholeStory } from "./test/incident-story.ts";

function linesOf(story: IncidentStory): ReadonlyMap<IncidentItem, string> {
  const place = { environment: "prod", flags: " --local" };
  const lines = incidentChecklist(story.record(), story.entries, place);
  return new Map(lines.map(({ item, state, found }) => [item, `${state}: ${found}`]));
}

const noteFor = (item: IncidentItem) => `slipway incident note prod i1 "..." --about ${item} --local`;

describe("incidentChecklist", () => {
  it("has the guide's lines, with what the ledger has seen, and how to note the rest", () => {
    const lines = linesOf(wholeStory());
    expect([...lines.keys()]).toHaveLength(10);
    expect(lines.get("classified")).toBe(
      "done: severity 2 by rule: 12 % of requests fail (opened by slipway, 2026-11-28T12:07:00.000Z)",
    );
    expect(lines.get("stakeholders")).toMatch(
      /^done: 1 sent, 1 of people's updates; the last: incident-opened to topic/,
    );
    expect(lines.get("root-cause")).toBe(
      `to-do: r2 is suspected (93 %): r2 went live 2 min before. When it is known: ${noteFor("root-cause")}`,
    );
    expect(lines.get("fix")).toMatch(/^done: slipway rollback prod: r2 was put back/);
    expect(lines.get("deployed")).toMatch(/^done: r2 at 2026-11-28T12:13/);
    expect(lines.get("verified")).toBe("done: 0 of 400 failed in 5 minutes");
    for (const item of ["documented", "post-mortem", "preventive", "documentation"] as const) {
      expect(lines.get(item)).toBe(`to-do: ${noteFor(item)}`);
    }
  });

  it("takes people's word, the newest of each line, and action items for preventive measures", () => {
    const story = wholeStory();
    const incident = "i1";
    for (const text of ["a bad join", "a missing index"]) {
      story.tell(25, { type: "incident.noted", incident, about: "root-cause", text }, "Joe");
    }
    story.tell(26, { type: "incident.noted", incident, about: "action-item", text: "test with an index" }, "Joe");
    const lines = linesOf(story);
    expect(lines.get("root-cause")).toMatch(/^done: a missing index \(Joe, 2026/);
    expect(lines.get("preventive")).toMatch(/^done: 1 action items, the last: test with an index \(Joe/);
  });

  it("says that nothing is done where nothing is", () => {
    const story = new IncidentStory();
    story.open(7);
    const lines = linesOf(story);
    const toDo = ["stakeholders", "root-cause", "fix", "deployed", "documented"] as const;
    for (const item of toDo) {
      expect(lines.get(item)).toBe(`to-do: ${noteFor(item)}`);
    }
    expect(lines.get("verified")).toBe("to-do: it is open: slipway incident resolve prod i1 --local asks the numbers");
  });

  it("counts no notification that was not sent, and no release of which nobody has said that it is the fix", () => {
    const story = new IncidentStory();
    story.open(7);
    story.tell(8, {
      ...{ type: "notification.sent", moment: "incident-opened", incident: "i1", channel: "topic", outcome: "failed" },
    });
    story.deploy(9);
    const lines = linesOf(story);
    expect(lines.get("stakeholders")).toMatch(/^to-do/);
    expect(lines.get("deployed")).toMatch(/^to-do: r1 went live at 2026.* If it is the fix: slipway incident note/);
  });

  it("tells a failed action, an override, and numbers that are not good from what is done", () => {
    const story = new IncidentStory();
    story.open(7);
    const action = { incident: "i1", action: "a1" };
    story.tell(8, {
      ...{ type: "incident.action-started", ...action, kind: "unlock", command: "slipway unlock prod" },
      ...{ because: "its holder is dead", automatic: true },
    });
    expect(linesOf(story).get("fix")).toMatch(/^to-do: slipway unlock prod: running/);
    story.tell(9, { type: "incident.action-ended", ...action, outcome: "failed", found: "it is held" });
    expect(linesOf(story).get("fix")).toMatch(/^bad: slipway unlock prod: it is held/);
    const verdict = { status: "failed", reason: "12 of 100 fail", numbers: {} } as const;
    story.resolve(20, { verdict, override: "those are a load test" });
    expect(linesOf(story).get("verified")).toBe(
      "done: slipway says so: those are a load test. The numbers: 12 of 100 fail",
    );
  });
});
