import { createRedactor, type MonitoredResources, ReleaseError, systemClock } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { openInvestigation, resourcesOf } from "./open-investigation.ts";
import type { LookSubject } from "./open-look.ts";

const resourcesWith = (alarm: string): MonitoredResources => ({
  ...{ functions: [], stages: [], tables: [], queues: [], logGroups: [], dashboards: [], queries: [], alarms: [alarm] },
});

it("asks for what there is when it is asked, and not for what there was when it was opened", async () => {
  const down = async (): Promise<never> => {
    throw new ReleaseError({ kind: "unreachable", what: "Nothing answers", why: "it is a test", next: "go on" });
  };
  const described: string[] = [];
  const ports = {
    metrics: { read: down, list: down },
    logs: { query: down, savedQueries: down, events: down, follow: down },
    alarms: {
      async describe(names: readonly string[]) {
        described.push(...names);
        return [];
      },
      history: down,
    },
  };
  const prod = {
    ...{ validation: { responseTime: { limitMs: 1_000 } }, release: { canary: { metrics: [] } } },
    ...{ functions: [], api: { urlOutput: "url" } },
  };
  const looking = { subject: { resources: resourcesWith("of-yesterday") } };
  const { investigate } = openInvestigation({
    opened: {
      ledger: { read: async () => [] },
      repository: "/",
      config: { environments: { prod } },
      target: { flags: "" },
      clock: systemClock,
      redactor: createRedactor(),
    },
    ports,
    resources: () => resourcesOf(looking.subject as LookSubject),
    environment: "prod",
    io: { env: {}, signal: new AbortController().signal },
  } as unknown as Parameters<typeof openInvestigation>[0]);
  looking.subject = { resources: resourcesWith("of-today") };
  await investigate({ since: systemClock.now() - 60_000 });
  expect(described).toEqual(["of-today"]);
});
