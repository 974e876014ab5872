import { expect, it } from "vitest";
import { warnOfWaivers } from "./warn-of-waivers.ts";

function warned(check: string, subject?: string): string {
  const waiver = { check, by: "Jane", reason: "known", expires: "2026-12-01", ...(subject && { subject }) };
  const fine = { ...waiver, check: "checklist.audit" };
  let text = "";
  const stderr = { write: (chunk: string) => (text += chunk) };
  const environment = { functions: [{ name: "orders" }], release: { waivers: [fine, waiver] } };
  warnOfWaivers(stderr, "prod", environment);
  return text;
}

it.each<[check: string, subject?: string]>([
  ["checklist.iam", "prod"],
  ["validation.user-feedback"],
  ["validation.extended.user-feedback"],
  ["deployment.table-encrypted"],
  ["release.unproven-function", "orders"],
])("says nothing of %s", (check, subject) => {
  expect(warned(check, subject)).toBe("");
});

it.each<[check: string, subject: string | undefined, warning: string]>([
  [
    "checklist.sined-commits",
    undefined,
    "check: there is no check checklist.sined-commits, nearest to it is checklist.signed-commits",
  ],
  [
    "validation.feedback",
    undefined,
    "check: there is no check validation.feedback, nearest to it is validation.user-feedback",
  ],
  ["release.unproven-function", undefined, "subject: expected one of the functions orders, got none"],
  ["release.unproven-function", "stock", 'subject: expected one of the functions orders, got "stock"'],
])("names %s of %s: it waives nothing", (check, subject, warning) => {
  expect(warned(check, subject)).toBe(`slipway: environments.prod.release.waivers[1].${warning}; it waives nothing.\n`);
});
