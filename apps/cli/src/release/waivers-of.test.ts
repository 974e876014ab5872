import { describe, expect, it } from "vitest";
import { waiversOf } from "./waivers-of.ts";

const NOW = Date.parse("2026-11-28T23:30:00Z");
const JANE = "Jane Doe <jane@example.com>";

describe("waiversOf", () => {
  it("has who, why and until when", () => {
    const options = {
      waive: ["checklist.tests", "checklist.audit"],
      reason: " the registry is down ",
      waiveUntil: "2026-12-05",
    };
    expect(waiversOf(options, JANE, NOW, ["orders", "gate"])).toEqual([
      { check: "checklist.tests", by: JANE, reason: "the registry is down", expires: "2026-12-05" },
      { check: "checklist.audit", by: JANE, reason: "the registry is down", expires: "2026-12-05" },
    ]);
  });

  it("lets it hold until the end of tomorrow, unless it is said", () => {
    expect(waiversOf({ waive: ["checklist.tests"], reason: "x" }, JANE, NOW, [])).toMatchObject([
      { expires: "2026-11-29" },
    ]);
  });

  it("is about one subject only where that is typed after a colon", () => {
    const waive = ["release.unproven-function:gate", "checklist.iam:a:b"];
    expect(waiversOf({ waive, reason: "x" }, JANE, NOW, ["gate"])).toMatchObject([
      { check: "release.unproven-function", subject: "gate" },
      { check: "checklist.iam", subject: "a:b" },
    ]);
  });

  it.each<[object, string]>([
    [{ waive: ["checklist.tests"] }, "--waive checklist.tests: nobody says why. Add --reason TEXT."],
    [{ waive: ["checklist.tests"], reason: "  " }, "nobody says why"],
    [{ reason: "x" }, "--reason: is for --waive CHECK."],
    [{ waiveUntil: "2026-12-01" }, "--waive-until: is for --waive CHECK."],
    [{ waive: ["tests"], reason: "x" }, "expected the id of a check"],
    [{ waive: ["checklist.tests"], reason: "x", waiveUntil: "soon" }, "expected a day such as"],
    [
      { waive: ["checklist.tests"], reason: "x", waiveUntil: "2026-11-27" },
      "--waive-until: 2026-11-27 is over; it is 2026-11-28 (UTC).",
    ],
    [
      { waive: ["checklist.tests"], reason: "x", waiveUntil: "2027-11-29" },
      "--waive-until: 2027-11-29 is more than a year ahead; 2027-11-28 is the latest.",
    ],
    [
      { waive: ["checklist.test"], reason: "x" },
      "--waive: there is no check 'checklist.test'. Nearest to it is checklist.tests.",
    ],
    [{ waive: ["checklist.iam:"], reason: "x" }, "--waive: subject: "],
    ...["release.unproven-function", "release.unproven-function:stock"].map((each): [object, string] => [
      { waive: [each], reason: "x" },
      "type release.unproven-function:FUNCTION, with one of orders, gate.",
    ]),
  ])("refuses %j", (options, message) => {
    expect(() => waiversOf(options, JANE, NOW, ["orders", "gate"])).toThrow(message);
  });
});
