import type { Evidence, Waiver } from "@slipway/contracts";
import { expect, it } from "vitest";
import { nameIgnoredWaivers, sortWaivers } from "./own-waivers.ts";

const ADA = { name: "Ada Author <ada@example.com>" };
const PUT_BACK = new Set(["validation.immediate.error-rate", "validation.short.error-rate"]);
const waiver = (check: string, by = "A. Author <Ada+work@example.com>"): Waiver => ({
  ...{ check, by, reason: "known", expires: "2026-12-31" },
});
const sort = (...waivers: Waiver[]) => sortWaivers(waivers, { authors: [ADA] }, PUT_BACK);

it.each([
  "checklist.code-review",
  "checklist.signed-commits",
  "checklist.plan-reviewed",
  "validation.error-rate",
  "validation.short.error-rate",
])("an author's waiver of %s does not count, somebody else's does", (check) => {
  const others = waiver(check, "Olga <olga@example.com>");

  expect(sort(waiver(check), others)).toEqual({
    counting: [others],
    ignored: [
      {
        waiver: waiver(check),
        why: "Ada Author <ada@example.com> wrote or committed some of what is released: somebody else has to answer for it",
      },
    ],
  });
});

it.each(["checklist.recovery-tested", "checklist.tests", "validation.costs", "deployment.table-encrypted"])(
  "of %s it counts: that keeps no watch over authors",
  (check) => {
    expect(sort(waiver(check)).ignored).toEqual([]);
  },
);

it.each(["jane", "whoever typed this", "Jane Doe"])("that of %s, which may be anybody's, does not count", (name) => {
  expect(sort(waiver("checklist.code-review", name)).ignored[0]?.why).toMatch(/^a name without an address/);
  expect(sort(waiver("checklist.tests", name)).ignored).toEqual([]);
});

it("nobody's counts where nobody knows the authors", () => {
  const others = waiver("checklist.code-review", "Olga <olga@example.com>");

  expect(sortWaivers([others], { unknown: "shallow" }, PUT_BACK).ignored).toEqual([
    { waiver: others, why: "nobody knows whether it is an author's (shallow)" },
  ]);
});

it("findings that stay open say so, and no others", () => {
  const { ignored } = sort(waiver("validation.error-rate"), waiver("checklist.code-review"));
  const of = (check: string, status: Evidence["status"], subject?: string): Evidence => ({
    ...{ check, title: check, status, found: "0 of 2", at: "2026-11-28T12:00:00.000Z" },
    ...(subject === undefined ? {} : { subject }),
  });
  const words = (evidence: Evidence) => nameIgnoredWaivers([evidence], ignored)[0]?.found;

  expect(words(of("checklist.code-review", "fail"))).toMatch(
    /^0 of 2\nThe waiver of A\. Author <Ada\+work@example\.com> \(known\) does not count: Ada Author/,
  );
  expect(words(of("validation.short.error-rate", "unknown"))).toContain("does not count");
  expect(words(of("checklist.code-review", "pass"))).toBe("0 of 2");
  expect(words(of("checklist.tests", "fail"))).toBe("0 of 2");
  const [first] = ignored;
  const narrow = first && [{ ...first, waiver: { ...first.waiver, subject: "orders" } }];
  expect(nameIgnoredWaivers([of("validation.short.error-rate", "fail", "stock")], narrow ?? [])[0]?.found).toBe(
    "0 of 2",
  );
});
