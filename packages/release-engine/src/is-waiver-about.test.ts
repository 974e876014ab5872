import { expect, it } from "vitest";
import { isWaiverAbout } from "./is-waiver-about.ts";

const RATE = "validation.short.error-rate";
const UNPROVEN = "release.unproven-function";

it.each<[waiver: string, subject: string | undefined, check: string, of: string | undefined, is: boolean]>([
  ["checklist.iam", undefined, "checklist.iam", "prod", true],
  ["checklist.iam", "prod", "checklist.iam", "prod", true],
  ["checklist.iam", "test", "checklist.iam", "prod", false],
  ["checklist.iam", "prod", "checklist.iam", undefined, false],
  ["checklist.iam", undefined, "checklist.ia", undefined, false],
  ["validation.error-rate", undefined, RATE, "orders", true],
  [RATE, undefined, RATE, undefined, true],
  ["validation.extended.error-rate", undefined, RATE, undefined, false],
  [RATE, undefined, "validation.error-rate", undefined, false],
  [UNPROVEN, "orders", UNPROVEN, "orders", true],
  [UNPROVEN, undefined, UNPROVEN, "orders", false],
])("a waiver of %s (%s) is about %s (%s): %s", (check, subject, found, of, is) => {
  expect(isWaiverAbout({ check, ...(subject && { subject }) }, { check: found, ...(of && { subject: of }) })).toBe(is);
});
