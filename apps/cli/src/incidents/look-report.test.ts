import { type IncidentConfig, incidentConfigSchema } from "@slipway/contracts";
import type { IncidentLook, IncidentRecord } from "@slipway/release-engine";
import { expect, test } from "vitest";
import { lookReport } from "./look-report.ts";

const config: IncidentConfig = incidentConfigSchema.parse({});
const place = { environment: "prod", target: { label: "local AWS", flags: " --local" }, config };
const resolved = { id: "i3", state: "resolved", severity: 2 } as IncidentRecord;
const write = { record: resolved, entry: { body: { type: "incident.resolved" } } } as IncidentLook["written"][number];
const quiet: IncidentLook = {
  measurements: { at: 0 } as IncidentLook["measurements"],
  ...{ groups: [], unknown: [], incidents: [resolved], written: [write], outcome: "quiet" },
};

test("a look that finds an incident to be over names the command for its post-mortem", () => {
  expect(lookReport(quiet, place)).toMatchObject({
    changes: [{ incident: "i3", what: "resolved" }],
    next: "slipway incident postmortem prod i3 --local",
  });
});

test("one that finds all quiet as before names none", () => {
  expect(lookReport({ ...quiet, written: [] }, place).next).toBeNull();
});
