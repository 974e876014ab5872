import { join } from "node:path";
import { incidentConfigSchema, incidentListSchema, incidentReportSchema } from "@slipway/contracts";
import { incidents } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { incidentReport } from "./incident-report.ts";
import { incidentSummary } from "./incident-summary.ts";
import { renderIncident } from "./render-incident.ts";
import { renderIncidents } from "./render-incidents.ts";
import { shopLedger } from "./test/shop-incident.ts";

const config = incidentConfigSchema.parse({});
const now = Date.parse("2026-11-28T23:10:00.000Z");
const target = { label: "AWS", flags: "" };
const golden = (name: string) => join(import.meta.dirname, "test/golden", `${name}.txt`);

const reportOf = (which: "under way" | "over", at = now) => {
  const entries = shopLedger(which);
  const [record] = incidents(entries);
  if (record === undefined) throw new Error("there is one");
  return incidentReport(record, entries, { environment: "prod", target, config, now: at });
};

const listOf = (at: number) => {
  const incident = incidents(shopLedger("under way", true)).toReversed();
  const rows = incident.map((record) => incidentSummary(record, config, at));
  return incidentListSchema.parse({
    ...{ version: 1, environment: "prod", target: "AWS", now: new Date(at).toISOString() },
    ...{ incidents: rows, isCut: true },
  });
};

const widest = (text: string) => Math.max(...text.split("\n").map(({ length }) => length));

describe.each([80, 120])("at %i columns", (columns) => {
  it.each([
    ["under way", "UTC"],
    ["over", "Europe/Berlin"],
  ] as const)("slipway incident show is what people have read before: %s, in %s", async (which, zone) => {
    const text = renderIncident(reportOf(which, now + (which === "over" ? 7_200_000 : 0)), zone, columns);
    expect(widest(text)).toBeLessThanOrEqual(columns);
    await expect(text).toMatchFileSnapshot(golden(`show-${which.replace(" ", "-")}-${columns}`));
  });

  it("slipway incident list is what people have read before", async () => {
    const text = renderIncidents(listOf(now), " --local", columns);
    expect(widest(text)).toBeLessThanOrEqual(columns);
    await expect(text).toMatchFileSnapshot(golden(`list-${columns}`));
  });
});

describe("slipway incident show", () => {
  it("prints a document that is as its schema says", () => {
    for (const which of ["under way", "over"] as const) {
      const report = reportOf(which);
      expect(incidentReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    }
  });

  it("says what had gone live before it began, and names the next command", () => {
    expect(reportOf("under way")).toMatchObject({
      lastRelease: { release: "r12", liveAt: "2026-11-28T22:36:30.000Z" },
      next: "slipway incident mitigate prod i3 --rollback",
    });
    expect(reportOf("over").next).toBe("slipway incident postmortem prod i3");
  });

  it("shows no terminal what it would obey", () => {
    const report = { ...reportOf("under way"), title: "\u001b[2Jgone\u202e" };
    expect(renderIncident(report, "UTC", 80)).toContain("\\x1b[2Jgone\\u202e");
  });
});

describe("slipway incident list", () => {
  it("says that there were none", () => {
    expect(renderIncidents({ ...listOf(now), incidents: [] }, "", 80)).toBe("prod on AWS has had no incidents.\n");
  });
});
