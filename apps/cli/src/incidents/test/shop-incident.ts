import type { IncidentSignal, LedgerBody, LedgerEntry, ReleasePlan } from "@slipway/contracts";

export const SIGNAL: IncidentSignal = {
  ...{ id: "errors api items-api-prod/prod", kind: "errors", resource: { type: "api", name: "items-api-prod/prod" } },
  ...{ what: "12.4 % of 1,204 answers of items-api-prod/prod had 5xx, and 5 % makes it high", unit: "%" },
  ...{ since: "2026-11-28T22:40:00.000Z", value: 12.4, limit: 5 },
};

const SLOW: IncidentSignal = {
  ...{ id: "latency api items-api-prod/prod", kind: "latency", unit: "%", value: 31, limit: 25 },
  ...{ resource: { type: "api", name: "items-api-prod/prod" }, since: "2026-11-28T22:52:00.000Z" },
  what: "31 % of answers of items-api-prod/prod took longer than 1,000 ms, and 25 % makes it high",
};

const impact = {
  ...{ from: "2026-11-28T22:40:00.000Z", to: "2026-11-28T23:10:00.000Z", requests: 7_331, failed: 912, slow: 340 },
  ...{ refused: 0, callers: 211, badMinutes: 26 },
};

const plan = {
  ...{ version: 1, environment: "prod", release: "r12", previous: "r11", steps: [] },
  source: { commit: "ab12cd3".padEnd(40, "0"), tree: "e".repeat(40), dirty: false },
} as ReleasePlan;

const JANE = "Jane Doe <jane@example.com>";
const about = { incident: "i3" };
const at = (time: string) => `2026-11-28T${time}.000Z`;

/** What a ledger has of an evening on which a release breaks the orders; when, who, and what. */
const STORY: readonly (readonly [time: string, by: string, body: LedgerBody, release?: string])[] = [
  [at("22:20:00"), JANE, { type: "release.started", plan, authors: [JANE] }, "r12"],
  [
    at("22:36:30"),
    JANE,
    {
      ...{ type: "step.finished", step: "traffic.promote", kind: "traffic.promote", outcome: "done" },
      ...{ summary: "orders: version 12", durationMs: 900 },
    },
    "r12",
  ],
  [
    at("22:36:31"),
    JANE,
    { type: "release.ended", outcome: "live", reason: "all of the traffic goes to it", functions: [] },
    "r12",
  ],
  [
    at("22:43:00"),
    "watcher",
    {
      ...{ type: "incident.opened", ...about, title: "Orders fail with 5xx", severity: 2, openedBy: "rule" },
      ...{ reasons: ["12.4 % of requests fail, more than 5 %", "for 3 min"], startedAt: SIGNAL.since },
      signals: [SIGNAL],
    },
  ],
  [
    at("22:43:01"),
    "watcher",
    { type: "notification.sent", moment: "incident-opened", channel: "sns", outcome: "sent", ...about, entry: 4 },
  ],
  [
    at("22:58:00"),
    "watcher",
    {
      ...{ type: "incident.escalated", ...about, level: 1, dueAt: at("22:58:00") },
      reason: "nobody has acknowledged it; it was due just now, at 2026-11-28T22:58:00.000Z",
    },
  ],
  [at("22:59:30"), JANE, { type: "incident.acknowledged", ...about }],
  [at("22:59:40"), JANE, { type: "incident.role", ...about, role: "commander", person: JANE }],
  [at("23:01:00"), "watcher", { type: "incident.observed", ...about, signals: [SIGNAL, SLOW], impact }],
  [
    at("23:02:00"),
    JANE,
    {
      ...{ type: "incident.investigated", ...about, withoutSources: [] },
      suspects: [
        {
          ...{ release: "r12", likelihood: 0.93, part: "code", changedAt: at("22:36:30") },
          reasons: ["it went live 4 min before it began, and only its version fails"],
        },
      ],
      proposal: {
        ...{ kind: "rollback-code", command: "slipway incident mitigate prod i3 --rollback", safe: true },
        because: "r12 is to blame with 93 %, and r11 can have the traffic back at once",
      },
    },
  ],
  [at("23:02:30"), JANE, { type: "incident.noted", ...about, about: "note", text: "payments say it is not them" }],
];

/** How it ends. */
const END: typeof STORY = [
  [
    at("23:04:00"),
    JANE,
    {
      ...{ type: "incident.action-started", ...about, action: "a1", kind: "rollback-code", automatic: false },
      ...{ command: "slipway rollback prod --to r11", because: "r12 is to blame" },
    },
  ],
  [
    at("23:04:20"),
    JANE,
    {
      ...{ type: "incident.action-ended", ...about, action: "a1", outcome: "done", release: "r13" },
      found: "orders: version 11 has all of the traffic",
    },
  ],
  [at("23:05:00"), JANE, { type: "incident.noted", ...about, about: "update", text: "Orders work again." }],
  [
    at("23:12:00"),
    JANE,
    {
      ...{ type: "incident.resolved", ...about, resolvedAt: at("23:05:00"), impact },
      verdict: { status: "successful", reason: "0 of 1,100 requests failed in 5 min", numbers: { failed: 0 } },
    },
  ],
  [
    "2026-11-29T00:30:00.000Z",
    JANE,
    { type: "incident.noted", ...about, about: "root-cause", text: "a missing index" },
  ],
];

/** Two that were there before: one closed, one that nobody has answered to. */
const OTHERS: typeof STORY = [
  [
    "2026-11-20T08:00:00.000Z",
    JANE,
    {
      ...{ type: "incident.opened", incident: "i1", title: "The login page is blank for some browsers that are old" },
      ...{ severity: 3, openedBy: "person", reasons: ["3 % of users"], startedAt: "2026-11-20T07:45:00.000Z" },
      signals: [],
    },
  ],
  ["2026-11-20T08:10:00.000Z", JANE, { type: "incident.acknowledged", incident: "i1" }],
  [
    "2026-11-20T09:10:00.000Z",
    JANE,
    {
      ...{ type: "incident.resolved", incident: "i1", resolvedAt: "2026-11-20T09:00:00.000Z" },
      verdict: { status: "successful", reason: "0 of 50 probes failed", numbers: {} },
    },
  ],
  ["2026-11-21T09:10:00.000Z", JANE, { type: "incident.closed", incident: "i1", reason: "all is done" }],
  [
    "2026-11-28T22:41:00.000Z",
    "watcher",
    {
      ...{ type: "incident.opened", incident: "i2", title: "The dead-letter queue grows", severity: 4 },
      ...{ openedBy: "rule", reasons: ["12 messages"], startedAt: "2026-11-28T22:30:00.000Z", signals: [] },
    },
  ],
];

/** The ledger of that evening: in the middle of it, or at its end. */
export function shopLedger(which: "under way" | "over", withOthers = false): readonly LedgerEntry[] {
  const told = [...(withOthers ? OTHERS : []), ...STORY, ...(which === "over" ? END : [])];
  return told
    .toSorted(([left], [right]) => Date.parse(left) - Date.parse(right))
    .map(([moment, by, body, release], index) => ({
      ...{ version: 1, environment: "prod", sequence: index + 1, at: moment, by: { name: by }, token: null },
      ...{ release: release ?? null, body, previous: "0".repeat(64), hash: "0".repeat(64) },
    }));
}
