import type { AcceptedFinding, InfrastructureFinding } from "@slipway/contracts";
import { expect, test } from "vitest";
import { acceptFindings } from "./accept-findings.ts";

const found: InfrastructureFinding = {
  id: "iam.wildcard-resource",
  severity: "medium",
  status: "fail",
  root: "environments/prod",
  address: 'module.roles["prod"].aws_iam_role_policy.this["plan"]',
  statement: "FindByName",
  reason: "It is wide.",
  next: "narrow it",
};
const accepted: AcceptedFinding = {
  finding: found.id,
  address: 'module.roles["*"].*',
  statement: "FindByName",
  reason: "no other way",
};
const accept = (acceptance: AcceptedFinding, findings = [found], isComplete = true) =>
  acceptFindings(findings, { accepted: [acceptance], today: "2026-11-23", isComplete });

test("what is accepted is waived, with the reason", () => {
  expect(accept(accepted)).toEqual([{ ...found, status: "waived", accepted: { reason: "no other way" } }]);
  expect(accept({ ...accepted, root: "environments/*", expires: "2026-11-23" })).toMatchObject([
    { status: "waived", accepted: { expires: "2026-11-23" } },
  ]);
  expect(accept(accepted, [{ ...found, status: "unknown" }])).toMatchObject([{ status: "waived" }]);
});

test.each<[string, Partial<AcceptedFinding>]>([
  ["another finding", { finding: "iam.wildcard-action" }],
  ["another address", { address: "module.other.*" }],
  ["another statement", { statement: "Other" }],
  ["another root", { root: "bootstrap" }],
])("%s is not covered, and the acceptance is one too many", (_what, other) => {
  expect(accept({ ...accepted, ...other })).toMatchObject([
    { status: "fail" },
    { id: "policy.unused-acceptance", status: "fail" },
  ]);
});

test("an acceptance that has expired counts no more, and says so", () => {
  const [finding, ...others] = accept({ ...accepted, expires: "2026-11-22" });

  expect(finding).toMatchObject({
    status: "fail",
    reason: "It is wide. It was accepted until 2026-11-22: no other way",
  });
  expect(others).toEqual([]);
});

test("while not everything was looked at, no acceptance is left over", () => {
  expect(accept(accepted, [], false)).toEqual([]);
});
