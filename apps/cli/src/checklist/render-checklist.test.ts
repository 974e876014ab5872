import type { Evidence } from "@slipway/contracts";
import { checklistChecks } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { renderChecklist } from "./render-checklist.ts";

const now = Date.UTC(2026, 10, 28, 12);
const evidence = (name: string, status: Evidence["status"], changes: Partial<Evidence> = {}): Evidence => ({
  ...{ check: `checklist.${name}`, title: `About ${name}`, status, found: "as it is", at: "2026-11-28T11:48:00.000Z" },
  ...changes,
});
const render = (all: Evidence[], columns = 80) =>
  renderChecklist({ environment: "prod", target: "AWS", evidence: all, now }, checklistChecks, columns);

describe("renderChecklist", () => {
  it("has the guide's headings in their order, and below each what needs somebody last", () => {
    const text = render([
      evidence("tests", "fail", { next: "npm test" }),
      evidence("coverage", "pass", { reused: true }),
      evidence("audit", "unknown"),
      evidence("secrets", "pass"),
    ]);

    expect(text).toBe(`Code Quality: 1 of 3 passed
---------------------------
pass     About coverage
         as it is (reused from 12 min ago)
UNKNOWN  About audit
         as it is
FAIL     About tests
         as it is
         Next: npm test

Security: 1 of 1 passed
-----------------------
pass     About secrets
         as it is

prod on AWS is NOT ready: 1 of 4 lines failed, 1 unknown.
`);
  });

  it("says who answers for what is waived", () => {
    const waiver = { by: "Jane", reason: "drill on Monday", expires: "2026-12-01" };
    const text = render([evidence("recovery-tested", "waived", { waiver })]);

    expect(text).toContain("Waived by Jane, until 2026-12-01: drill on Monday");
    expect(text).toContain("prod on AWS is ready: 0 of 1 lines passed, 1 waived.");
  });

  it("says how many lines a release decides itself", () => {
    const open = [
      evidence("plan-reviewed", "unknown", { decidedIn: "infrastructure.approve" }),
      evidence("tests", "unknown"),
    ];

    expect(render(open, 200)).toContain(
      "Nobody knows whether prod on AWS is ready: of 2 lines 2 unknown (a release decides 1 of them itself).",
    );
  });

  it.each([
    ["2026-11-28T11:59:30.000Z", "less than a minute"],
    ["2026-11-28T10:01:00.000Z", "119 min"],
    ["2026-11-28T03:00:00.000Z", "9 h"],
  ])("tells the age of what was seen at %s", (at, age) => {
    expect(render([evidence("tests", "pass", { reused: true, at })])).toContain(`(reused from ${age} ago)`);
  });
});
