import { type Evidence, type ValidationReport, validationReportSchema } from "@slipway/contracts";
import { expect, test } from "vitest";
import { mustSlipway, slipway } from "../support/slipway.ts";
import type { Production } from "./npm-start.ts";

/** What must wait for a day of traffic, and the one thing that is wrong with an API that nobody has said whose tokens it takes. */
const EXPECTED = [
  expect.stringMatching(
    /^validation\.extended\.no-security-issues fail .*(\n(exposure\.unauthenticated-api .*|and \d+ more))+$/,
  ),
  "validation.extended.performance-stable unknown",
  "validation.extended.window-complete unknown",
];

/** Validates the real environment under its roles: with every alarm, log, metric and limit that its Terraform code makes. */
export function testValidation(production: Production): void {
  test("validate production for the guide's windows, by what its traffic left", async () => {
    const port = String(production.localAws.port);
    // The tests before have let the API fail on purpose: that was before this release.
    const { clock } = await production.localAws.control<{ clock: string }>("GET", "clock");
    await mustSlipway(["local", "traffic", "prod", "--over", "6m", "--requests", "180", "--port", port]);

    const immediate = await validate("immediate", port, "--no-plan");
    expect(notPassed(immediate)).toEqual(["deployment.no-drift unknown"]);

    const extended = await validate("extended", port, "--released-at", clock, "--sign-off", "Jane Doe");
    expect(notPassed(extended)).toEqual(EXPECTED);
    const alarms = extended.evidence.filter(({ check }) => check.endsWith("alarms-functioning"));
    expect(alarms.length).toBeGreaterThanOrEqual(10);
    expect(alarms.every(({ found }) => /put into ALARM/.test(found))).toBe(true);
  });
}

async function validate(window: string, port: string, ...words: readonly string[]): Promise<ValidationReport> {
  const where = ["--window", window, "--port", port, "--output", "json"];
  const { stdout, stderr } = await slipway(["validate", "prod", ...where, ...words]);
  expect(stdout, stderr).not.toBe("");
  return validationReportSchema.parse(JSON.parse(stdout));
}

/** The checks that did not pass, with why where they failed. */
function notPassed({ evidence }: ValidationReport): string[] {
  const texts = evidence
    .filter(({ status }: Evidence) => status !== "pass")
    .map(
      ({ check, status, subject, found }) => `${check} ${status}${status === "fail" ? ` ${subject}: ${found}` : ""}`,
    );
  return [...new Set(texts)].sort();
}
