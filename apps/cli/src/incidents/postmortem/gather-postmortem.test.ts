import { incidentConfigSchema, type LedgerEntry, postmortemSchema, validationConfigSchema } from "@slipway/contracts";
import {
  createRedactor,
  incidents,
  type LogsReader,
  type MetricPoint,
  type MetricsReader,
  ReleaseError,
} from "@slipway/release-engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shopLedger } from "../test/shop-incident.ts";
import { gatherPostmortem, type PostmortemPorts, type PostmortemQuestion } from "./gather-postmortem.ts";
import { incidentCharts } from "./incident-charts.ts";
import { renderPostmortem } from "./render-postmortem.ts";

const MINUTE_MS = 60_000;
const at = (time: string) => Date.parse(`2026-11-28T${time}Z`);
const STAGE = {
  ...{ apiId: "a1", apiName: "items-api-prod", stage: "prod", accessLogGroup: "/aws/apigateway/a1" },
  accessLogFormat: JSON.stringify({ status: "$context.status", sourceIp: "$context.identity.sourceIp" }),
};

/** Requests and failures by the minute. */
type Minutes = ReadonlyMap<number, { readonly requests: number; readonly failed: number }>;

/** CloudWatch with these minutes; longer periods are their sums. Latency is a number that everybody knows. */
function metricsOf(minutes: Minutes): MetricsReader {
  return {
    async read(questions, { from, to }, periodSeconds) {
      const periodMs = periodSeconds * 1_000;
      return questions.map((question) => {
        const name = "metric" in question ? `${question.metric.name} ${question.statistic}` : "";
        const points = new Map<number, number>();
        for (const [minute, { requests, failed }] of minutes) {
          const start = Math.floor(minute / periodMs) * periodMs;
          const value = name === "Count Sum" ? requests : name === "5XXError Sum" ? failed : undefined;
          if (start + periodMs > from && start < to && requests > 0) {
            const known = points.get(start) ?? 0;
            points.set(start, value === undefined ? (name === "Latency p99" ? 250 : known) : known + value);
          }
        }
        return {
          id: question.id,
          label: name,
          points: [...points].map(([time, value]): MetricPoint => ({ at: time, value })),
        };
      });
    },
    list: () => Promise.reject(new Error("not asked here")),
  };
}

const logs: LogsReader = {
  events: () => Promise.reject(new Error("not asked here")) as never,
  follow: () => Promise.reject(new Error("not asked here")) as never,
  savedQueries: () => Promise.reject(new Error("not asked here")),
  query: async ({ query }) => ({
    fields: [],
    rows: query.includes("count_distinct")
      ? [{ callers: "211" }]
      : [
          { answer: "200", lines: "1000000" },
          { answer: "429", lines: "17" },
        ],
    statistics: { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 },
  }),
};

function portsOf(minutes: Minutes, more: Partial<PostmortemPorts> = {}): PostmortemPorts {
  return {
    ...{ metrics: metricsOf(minutes), logs, redactor: createRedactor() },
    alarms: {
      describe: () => Promise.reject(new Error("not asked here")),
      history: async (alarm) => [
        { ...{ alarm, at: at("22:42:20"), kind: "state", summary: "Alarm updated" }, from: "OK", to: "ALARM" },
      ],
    },
    commits: async (_, until) => [{ commit: until, subject: "Join orders with items", author: "Jane Doe" }],
    ...more,
  };
}

function question(entries: readonly LedgerEntry[] = shopLedger("over"), more: Partial<PostmortemQuestion> = {}) {
  const record = incidents(entries).find(({ id }) => id === "i3");
  if (record === undefined) {
    throw new Error("there is no i3");
  }
  return {
    ...{ environment: "prod", target: "AWS", flags: "", record, entries, now: at("23:40:00") },
    resources: { stages: [STAGE], alarms: ["orders-errors"] },
    config: { incidents: incidentConfigSchema.parse({}), validation: validationConfigSchema.parse({}) },
    ...more,
  } satisfies PostmortemQuestion;
}

const steady = (requests: number, failed: number): Minutes =>
  new Map(
    Array.from({ length: 120 }, (_, index) => {
      const minute = at("22:00:00") + index * MINUTE_MS;
      const isHurt = minute >= at("22:40:00") && minute < at("23:05:00");
      return [minute, { requests, failed: isHurt ? failed : 0 }];
    }),
  );

describe("gatherPostmortem", () => {
  it("has times, impact, budget, timeline, changes, actions and the checklist of an incident", async () => {
    const postmortem = await gatherPostmortem(portsOf(steady(100, 12)), question());
    expect(postmortemSchema.parse(postmortem)).toEqual(postmortem);
    expect(postmortem.impact).toMatchObject({
      requests: 2_500,
      failed: 300,
      refused: 17,
      callers: 211,
      badMinutes: 25,
    });
    expect(postmortem.budget).toMatchObject({ requests: 6_500, failed: 300 });
    expect(postmortem.times).toMatchObject({ mitigatedAt: "2026-11-28T23:04:20.000Z" });
    expect(postmortem.timeline.map(({ text }) => text)).toContain("orders-errors: OK to ALARM");
    expect(postmortem.marks.map(({ label }) => label)).toEqual(["r12", "i3 detected", "i3 mitigated", "i3 resolved"]);
    expect(postmortem.rootCause?.text).toBe("a missing index");
    expect(postmortem.changes[0]).toMatchObject({ release: "r12", withoutCommits: "nothing says what ran before it" });
    expect(postmortem.gaps).toEqual([]);
  });

  it("agrees with the metrics to the request, in words and in pictures", async () => {
    const counts = fc.array(fc.record({ good: fc.nat(400), failed: fc.nat(400) }), { minLength: 90, maxLength: 90 });
    await fc.assert(
      fc.asyncProperty(counts, async (list) => {
        const minutes: Minutes = new Map(
          list.map(({ good, failed }, index) => [
            at("22:10:00") + index * MINUTE_MS,
            { requests: good + failed, failed },
          ]),
        );
        const postmortem = await gatherPostmortem(portsOf(minutes), question());
        const within = [...minutes].filter(([minute]) => minute >= at("22:40:00") && minute < at("23:05:00"));
        const sum = (of: "requests" | "failed") => within.reduce((total, [, each]) => total + each[of], 0);
        expect(postmortem.impact).toMatchObject({ requests: sum("requests"), failed: sum("failed") });
        const drawn = postmortem.series?.points.filter(
          ({ at: time }) => Date.parse(time) >= at("22:40:00") && Date.parse(time) < at("23:05:00"),
        );
        expect(postmortem.series?.periodSeconds).toBe(60);
        expect(drawn?.reduce((total, each) => total + each.requests, 0)).toBe(sum("requests"));
        expect(drawn?.reduce((total, each) => total + each.failed, 0)).toBe(sum("failed"));
        const markdown = renderPostmortem(postmortem, { zone: "UTC", flags: "", charts: [] });
        expect(markdown).toContain(`| Requests | ${sum("requests").toLocaleString("en-US")} |`);
        const [requests] = incidentCharts(postmortem);
        for (const [minute, { failed }] of within.filter(([, each]) => each.failed > 0)) {
          const words = `${new Date(minute).toISOString().slice(0, 16)}Z: ${failed} answered with 5xx`;
          expect(requests?.svg).toContain(words);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("names what does not answer, and has the rest", async () => {
    const denied = (what: string) =>
      Promise.reject(new ReleaseError({ kind: "denied", what, why: "AccessDenied", next: "ask for the role" }));
    const ports = portsOf(steady(100, 12), {
      metrics: { ...metricsOf(new Map()), read: () => denied("GetMetricData is not allowed") },
      alarms: { describe: () => denied("no"), history: () => denied("DescribeAlarmHistory is not allowed") },
      commits: () => denied("the commit is not here"),
    });
    const postmortem = await gatherPostmortem(ports, question());
    // What was counted while it hurt is in the ledger.
    expect(postmortem).toMatchObject({ impact: { requests: 7_331, failed: 912 }, budget: null, series: null });
    expect(postmortem.gaps).toEqual([
      "alarms: DescribeAlarmHistory is not allowed: AccessDenied",
      "metrics of it now: its impact is as it was counted then, until 2026-11-28T23:10:00.000Z",
      "metrics: GetMetricData is not allowed: AccessDenied",
    ]);
    expect(postmortem.timeline.length).toBeGreaterThan(10);
  });

  it("has what the ledger has, where nobody knows which resources there are", async () => {
    const metrics = { ...metricsOf(new Map()), read: () => Promise.reject(new Error("nothing to ask about")) };
    const unknown = { resources: { stages: [], alarms: [] }, resourcesUnknown: "prod is not deployed on AWS" };
    const postmortem = await gatherPostmortem(portsOf(new Map(), { metrics }), question(shopLedger("over"), unknown));
    expect(postmortem).toMatchObject({ impact: { requests: 7_331 }, budget: null, series: null });
    expect(postmortem.gaps[0]).toBe("metrics and alarms: prod is not deployed on AWS");
    const { impact: _, ...withoutImpact } = question().record;
    const early = await gatherPostmortem(portsOf(new Map(), { metrics }), {
      ...question(shopLedger("over"), unknown),
      record: withoutImpact,
    });
    expect(early.impact).toBeNull();
  });

  it("asks of one that goes on what is known until now", async () => {
    const postmortem = await gatherPostmortem(
      portsOf(steady(100, 12)),
      question(shopLedger("under way"), { now: at("23:03:10") }),
    );
    expect(postmortem.times).toMatchObject({ mitigatedAt: null, resolvedAt: null });
    expect(postmortem.impact).toMatchObject({ requests: 2_400, to: "2026-11-28T23:04:00.000Z" });
    expect(postmortem.questions.join(" ")).toContain("nothing is recorded that helped");
  });
});

/** Ten kinds of secrets, none of which is one. */
const SECRETS: Readonly<Record<string, string>> = {
  accessKey: `AKIA${"IOSFODNN7EXAMPLE"}`,
  secretKey: `wJalrXUtnFEMI/K7MDENG/bPxRfiCY${"EXAMPLEKEY"}`,
  github: `ghp_${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}`,
  slack: `xoxb-${"123456789012-abcdefghijkl"}`,
  token: `eyJhbGciOiJIUzI1NiJ9.${"eyJzdWIiOiIxMjM0NTY3ODkwIn0"}.${"dozjgNryP4J3jVmNHl0w5N"}`,
  password: "hunter2-of-the-database",
  inUrl: "s3cr3t-in-url",
  webhook: `T000/B000/${"XXXXXXXXXXXXXXXXXXXXXXXX"}`,
  stripe: `sk_live_${"4eC39HqLyjWDarjtT1zdp7dc"}`,
  learned: "correct horse battery staple",
};

/** As people and programs write them. */
const PLANTED = [
  `${SECRETS.accessKey} and ${SECRETS.secretKey}`,
  `pushed with ${SECRETS.github}`,
  `bot ${SECRETS.slack}`,
  `Authorization: Bearer ${SECRETS.token}`,
  `password=${SECRETS.password}`,
  `postgres://shop:${SECRETS.inUrl}@db.example.com/orders`,
  `https://hooks.slack.com/services/${SECRETS.webhook}`,
  `charged with ${SECRETS.stripe}`,
  `it is ${SECRETS.learned}`,
].join("; ");

describe("nothing sensitive", () => {
  it("is in a post-mortem, wherever it was planted", async () => {
    const plant = <T>(value: T): T => {
      if (typeof value === "string") return (/[ %]/.test(value) ? `${value} ${PLANTED}` : value) as T;
      if (Array.isArray(value)) return value.map(plant) as T;
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plant(member)])) as T;
    };
    const entries = shopLedger("over").map((entry) => ({ ...entry, body: plant(entry.body) }));
    const redactor = createRedactor();
    redactor.learn(SECRETS.learned ?? "");
    const postmortem = await gatherPostmortem(
      portsOf(steady(100, 12), {
        redactor,
        alarms: {
          describe: () => Promise.reject(new Error("not asked here")),
          history: async (alarm) => [
            { alarm, at: at("22:42:20"), kind: "state", summary: "", to: "ALARM", detail: PLANTED },
          ],
        },
        commits: async (_, commit) => [{ commit, subject: PLANTED, author: PLANTED }],
        logs: {
          ...logs,
          query: () =>
            Promise.reject(new ReleaseError({ kind: "failed", what: PLANTED, why: PLANTED, next: "look again" })),
        },
      }),
      question(entries),
    );
    expect(postmortemSchema.parse(postmortem)).toEqual(postmortem);
    const charts = incidentCharts(postmortem);
    const written = [
      JSON.stringify(postmortem),
      renderPostmortem(postmortem, { zone: "Europe/Berlin", flags: "", charts: [] }),
      ...charts.map(({ svg }) => svg),
    ].join("\n");
    for (const [name, secret] of Object.entries(SECRETS)) {
      expect(written, name).not.toContain(secret);
      expect(written.replaceAll("\\", ""), name).not.toContain(secret);
    }
    // What was there beside the secrets still is.
    expect(postmortem.title).toContain("Orders fail with 5xx");
    expect(written).toContain("(redacted)");
  });
});
