import type { Evidence, ValidationReport, ValidationWindow } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { renderValidation } from "./render-validation.ts";

const at = "2026-11-28T12:00:00.000Z";

function evidence(check: string, status: Evidence["status"], title: string): Evidence {
  const next = status === "pass" ? {} : { next: "slipway insights prod error-analysis --local --port 45985" };
  return {
    check,
    status,
    title,
    found: `3 of 988 requests were answered with 5xx; ${"and so on ".repeat(9)}`,
    at,
    ...next,
  };
}

const good = [
  evidence("deployment.table-active", "pass", "The table is active"),
  evidence("validation.short.window-complete", "pass", "The hour after the release has passed"),
  evidence("validation.immediate.function-responds", "pass", "Lambda function is responding to requests"),
  evidence("validation.immediate.no-error-spike", "pass", "No error spikes in CloudWatch logs"),
  evidence("validation.short.error-rate", "pass", "Error rate is below 1%"),
];

function report(
  all: readonly Evidence[],
  {
    window = "short",
    releasedAt = "2026-11-28T10:59:20.000Z",
  }: { window?: ValidationWindow; releasedAt?: string } = {},
): ValidationReport {
  const measurements = {
    ...{ period: { from: "2026-11-28T11:00:00.000Z", to: at }, windowMs: 3_600_000 },
    released: { value: { at: releasedAt, from: "version 7" } },
  } as unknown as ValidationReport["measurements"];
  const verdict = all.some(({ status }) => status === "fail") ? "fail" : "pass";
  return { version: 1, environment: "prod", target: "AWS", window, verdict, evidence: [...all], measurements };
}

/** Titles in the order in which they are read. */
const order = (text: string) =>
  text.split("\n").filter((line) => /^(pass|FAIL|UNKNOWN|[A-Z][a-z-]+ .*: \d+ of)/.test(line));

describe("renderValidation", () => {
  it("has the windows in the guide's order, and of what is deployed only what needs somebody", () => {
    expect(order(renderValidation(report(good), 80))).toEqual([
      "What is deployed: 1 of 1 passed",
      "Immediate validation (first 5 minutes): 2 of 2 passed",
      "pass     Lambda function is responding to requests",
      "pass     No error spikes in CloudWatch logs",
      "Short-term validation (first hour): 2 of 2 passed",
      "pass     The hour after the release has passed",
      "pass     Error rate is below 1%",
    ]);
  });

  it("puts what needs somebody last, in each window and in all", () => {
    const bad = good.map((each): Evidence => {
      const status = each.check.endsWith("responds")
        ? "fail"
        : each.check.endsWith("complete")
          ? "unknown"
          : each.status;
      return { ...each, status };
    });
    const text = renderValidation(report(bad), 80);
    expect(order(text).slice(1)).toEqual([
      "Immediate validation (first 5 minutes): 1 of 2 passed",
      "pass     No error spikes in CloudWatch logs",
      "FAIL     Lambda function is responding to requests",
      "Short-term validation (first hour): 1 of 2 passed",
      "pass     Error rate is below 1%",
      "UNKNOWN  The hour after the release has passed",
    ]);
    expect(text.trimEnd().split("\n").slice(-2).join(" ").replace(/\s+/g, " ")).toBe(
      "NOT well: 1 of 5 checks failed, 1 unknown, for the hour after the release of prod on AWS (judged: 2026-11-28T11:00Z to 2026-11-28T12:00Z).",
    );
  });

  it("does not say of the last hour that it was that after the release, where that was days ago", () => {
    const sentence = (releasedAt: string) =>
      renderValidation(report(good, { releasedAt }), 200).trimEnd().split("\n").at(-1) ?? "";
    const judged = "(judged: 2026-11-28T11:00Z to 2026-11-28T12:00Z)";
    expect(sentence("2026-11-28T10:59:20.000Z")).toBe(
      `All is well: 5 checks passed, for the hour after the release of prod on AWS ${judged}.`,
    );
    expect(sentence("2026-11-25T10:59:20.000Z")).toBe(
      `All is well: 5 checks passed, for the last hour of prod on AWS ${judged}.`,
    );
  });

  it.each([80, 120])("fits into %i columns", (columns) => {
    const lines = renderValidation(report(good.map((each) => ({ ...each, status: "fail" as const }))), columns).split(
      "\n",
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(columns - 15);
  });
});
