import { type IncidentSeries, incidentItems, type Postmortem } from "@slipway/contracts";

const at = (time: string) => `2026-11-28T${time}.000Z`;
const JANE = "Jane Doe <jane@example.com>";

/** By the minute from 22:25 until 23:20: failures from 22:40 until 23:04, nobody there at 22:30. */
function series(): IncidentSeries {
  const from = Date.parse(at("22:25:00"));
  const points = Array.from({ length: 55 }, (_, minute) => {
    const moment = from + minute * 60_000;
    const isHurt = minute >= 15 && minute < 40;
    const requests = minute === 5 ? 0 : 240 + ((minute * 37) % 60);
    return {
      at: new Date(moment).toISOString(),
      requests,
      failed: isHurt ? Math.floor(requests / 8) : 0,
      latencyP99Ms: requests === 0 ? null : isHurt ? 1_400 + ((minute * 91) % 300) : 180 + ((minute * 53) % 90),
    };
  });
  return {
    ...{ from: at("22:25:00"), to: at("23:20:00"), periodSeconds: 60 },
    points: points.filter(({ requests }) => requests > 0),
  };
}

const CHECKLIST: Readonly<Record<string, string>> = {
  classified: "severity 2 by rule: 12.4 % of requests fail (opened by watcher, 2026-11-28T22:43:00.000Z)",
  fix: `slipway rollback prod --to r11: version 11 has all of the traffic (${JANE}, 2026-11-28T23:04:20.000Z)`,
  deployed: "r13 at 2026-11-28T23:04:20.000Z: version 11 has all of the traffic",
  verified: "0 of 1,100 requests failed in 5 min",
};

/** A post-mortem that has something of everything. */
export function ordersPostmortem(): Postmortem {
  return {
    ...{ version: 1, environment: "prod", target: "AWS", incident: "i3", madeAt: "2026-11-29T09:00:00.000Z" },
    ...{ title: "Orders fail with 5xx", severity: 2, state: "resolved", openedBy: "watcher", reopened: 1 },
    reasons: ["12.4 % of requests fail, more than 5 %", "for 3 min"],
    roles: { commander: JANE },
    times: {
      ...{ startedAt: at("22:40:00"), detectedAt: at("22:43:00"), acknowledgedAt: at("22:59:30") },
      ...{ mitigatedAt: at("23:04:10"), resolvedAt: at("23:05:00"), closedAt: null },
    },
    impact: {
      ...{ from: at("22:40:00"), to: at("23:05:00"), requests: 7_331, failed: 912, slow: 340 },
      ...{ refused: null, callers: 211, badMinutes: 25 },
    },
    budget: {
      ...{ availabilityPercent: 99.9, days: 30, from: "2026-10-29T23:05:00.000Z", to: at("23:05:00") },
      ...{ requests: 9_120_000, failed: 2_280, allowed: 9_120, incidentPercent: 10, usedPercent: 25 },
    },
    slowMs: 1_000,
    series: series(),
    marks: [
      { at: at("22:36:30"), kind: "release", label: "r12" },
      { at: at("22:43:00"), kind: "detected", label: "i3 detected" },
      { at: at("23:04:10"), kind: "mitigated", label: "i3 mitigated" },
      { at: at("23:05:00"), kind: "resolved", label: "i3 resolved" },
    ],
    gaps: ["the access log cannot be asked: logs:StartQuery is not allowed: AccessDenied"],
    signals: [
      {
        ...{ what: "12.4 % of 1,204 answers of items-api-prod/prod had 5xx, and 5 % makes it high" },
        ...{ since: at("22:40:00"), clearedAt: at("23:05:00") },
      },
    ],
    timeline: [
      { at: at("22:36:30"), source: "release", by: JANE, text: "r12 traffic.promote done: orders: version 12" },
      { at: at("22:40:00"), source: "metrics", text: "It begins to hurt, as far as the numbers tell." },
      { at: at("22:42:20"), source: "alarm", text: "orders-errors: OK to ALARM: 12 > 5" },
      { at: at("22:43:00"), source: "incident", by: "watcher", text: "Opened by rule as severity 2" },
      { at: at("22:59:30"), source: "person", by: JANE, text: "Acknowledged: somebody is at it." },
      { at: "2026-11-29T00:30:00.000Z", source: "person", by: JANE, text: "Root cause: a missing index" },
    ],
    changes: [
      {
        ...{ release: "r12", likelihood: 0.93, part: "code", changedAt: at("22:36:30"), by: JANE },
        reasons: ["it went live 4 min before it began, and only its version fails"],
        commit: "ab12cd3".padEnd(40, "0"),
        commits: [{ commit: "ab12cd3".padEnd(40, "0"), subject: "Join orders with *items* | fast", author: JANE }],
        moreCommits: 3,
      },
      {
        ...{ release: "r11", likelihood: 0.04, part: "infrastructure", changedAt: at("21:00:00") },
        ...{ reasons: ["nothing failed for 100 min after it"], commits: [], moreCommits: 0 },
        withoutCommits: "it was released without a commit",
      },
    ],
    otherReleases: [
      {
        ...{ release: "r10", liveAt: at("09:00:00"), by: JANE, what: "a release" },
        commit: "cd34ef5".padEnd(40, "0"),
      },
    ],
    actions: [
      {
        ...{ kind: "rollback-code", command: "slipway rollback prod --to r11", because: "r12 is to blame" },
        ...{ automatic: false, by: JANE, startedAt: at("23:04:00"), endedAt: at("23:04:20"), state: "done" },
        ...{ found: "orders: version 11 has all of the traffic", release: "r13" },
      },
    ],
    resolution: { reason: "0 of 1,100 requests failed in 5 min", by: JANE },
    rootCause: { at: "2026-11-29T00:30:00.000Z", by: JANE, text: "a missing index" },
    actionItems: [{ at: "2026-11-29T00:31:00.000Z", by: JANE, text: "Let CI plan the query" }],
    checklist: incidentItems.map((item) => {
      const found = CHECKLIST[item];
      return {
        ...{ item, title: `The line ${item}` },
        ...(found === undefined
          ? { state: "to-do", found: `slipway incident note prod i3 "..." --about ${item}` }
          : { state: "done", found }),
      };
    }),
    questions: ["why did it happen?", "what went well, and what was luck?"],
  };
}
