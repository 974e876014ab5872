import type { Evidence } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { renderEvidence } from "./render-evidence.ts";

const evidence: Evidence = {
  check: "deployment.table-active",
  title: "The table is active",
  status: "pass",
  found: "items-prod is ACTIVE",
  at: "2026-11-23T12:00:00.000Z",
};
const render = (changes: Partial<Evidence>, columns = 80) => renderEvidence([{ ...evidence, ...changes }], columns);

describe("renderEvidence", () => {
  it("shows each check with what was found, and what to do where it is no pass", () => {
    const failed = { ...evidence, status: "fail", found: "it is gone", next: "make it again" } as const;
    expect(
      renderEvidence([evidence, failed, { ...evidence, status: "unknown" }, { ...evidence, status: "waived" }], 80),
    ).toBe(`pass     The table is active
         items-prod is ACTIVE
FAIL     The table is active
         it is gone
         Next: make it again
UNKNOWN  The table is active
         items-prod is ACTIVE
waived   The table is active
         items-prod is ACTIVE
`);
  });

  it("names the subject, once", () => {
    expect(render({ subject: "items-prod" })).toMatch(/^pass {5}The table is active: items-prod\n/);
    expect(render({ subject: "items", title: "items is active" })).toMatch(/^pass {5}items is active\n/);
  });

  it("keeps to the width, the lines of an answer apart, and what is to be copied whole", () => {
    const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/items-prod/backup/${"0".repeat(30)}`;
    const text = render({
      subject: "lambda_function api-handler-with-a-long-name-prod",
      title: "The function is active, and its last update has succeeded",
      found: `the newest backup is 3 h old, and it is this one, which has a long name: ${arn}\nsecond line`,
      next: "aws dynamodb describe-backup --region us-east-1 --backup-arn x --query BackupDescription.BackupDetails",
    });
    const lines = text.trimEnd().split("\n");

    expect(lines.filter((line) => line.length > 80 && !line.includes(arn))).toEqual([]);
    expect(lines).toContain(`         ${arn}`);
    expect(lines).toContain("         second line");
    expect(lines.slice(1).every((line) => line.startsWith("         "))).toBe(true);
  });

  it("breaks a command as a shell reads it", () => {
    const command = "aws lambda get-function-configuration --function-name api-handler-prod --output json";
    const [, , ...lines] = render({ status: "fail", next: command }).trimEnd().split("\n");

    expect(lines[0]).toMatch(/^ {9}Next: aws .* \\$/);
    expect(
      lines
        .join("\n")
        .replace("Next: ", "")
        .replace(/ \\\n\s+/g, " ")
        .trim(),
    ).toBe(command);
  });
});
