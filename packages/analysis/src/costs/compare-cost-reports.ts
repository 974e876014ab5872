import type { CostComparison, CostReport, ResourceCost } from "@slipway/contracts";
import { roundUsd, unitsText } from "./numbers.ts";

/** What people cannot see is no difference: a hundredth of a cent a month. */
const LEAST_DIFFERENCE_USD = 0.0001;

/** What has become dearer and cheaper since an earlier report of the same environment. */
export function compareCostReports(before: CostReport, after: CostReport, file: string): CostComparison {
  const keys = [...new Set([...before.resources, ...after.resources].map(keyOf))];
  const resources = keys.flatMap((key) => {
    const old = before.resources.find((each) => keyOf(each) === key);
    const now = after.resources.find((each) => keyOf(each) === key);
    const difference = roundUsd((now?.usdPerMonth ?? 0) - (old?.usdPerMonth ?? 0));
    const cameOrWent = old === undefined || now === undefined;
    return cameOrWent || Math.abs(difference) >= LEAST_DIFFERENCE_USD
      ? [
          {
            resource: now?.address ?? now?.name ?? old?.address ?? old?.name ?? "",
            type: now?.type ?? old?.type ?? "",
            beforeUsdPerMonth: old?.usdPerMonth ?? null,
            afterUsdPerMonth: now?.usdPerMonth ?? null,
            differenceUsdPerMonth: difference,
          },
        ]
      : [];
  });
  return {
    file,
    generatedAt: before.generatedAt,
    beforeUsdPerMonth: before.totalUsdPerMonth,
    afterUsdPerMonth: after.totalUsdPerMonth,
    differenceUsdPerMonth: roundUsd(after.totalUsdPerMonth - before.totalUsdPerMonth),
    resources: resources.sort(
      (left, right) => Math.abs(right.differenceUsdPerMonth) - Math.abs(left.differenceUsdPerMonth),
    ),
    notes: notesOn(before, after),
  };
}

function notesOn(before: CostReport, after: CostReport): string[] {
  const notes: string[] = [];
  if (before.label !== after.label) {
    notes.push(`the earlier numbers were ${before.label}, these ${after.label}`);
  }
  if (before.prices.date !== after.prices.date || before.prices.origin !== after.prices.origin) {
    notes.push(
      `other prices: ${before.prices.origin} of ${before.prices.date} then, ${after.prices.origin} of ${after.prices.date} now`,
    );
  }
  if (before.freeTier !== after.freeTier) {
    notes.push(
      `the free tier was ${before.freeTier ? "" : "not "}taken off then, and is ${after.freeTier ? "" : "not "}now`,
    );
  }
  const [daysThen, daysNow] = [Math.round(before.window.days), Math.round(after.window.days)];
  if (daysThen !== daysNow) {
    notes.push(`the earlier report looked at ${daysThen} days, this one at ${daysNow}`);
  }
  for (const [name, report] of [
    ["earlier", before],
    ["present", after],
  ] as const) {
    if (report.unknownLines > 0) {
      notes.push(`not known, and so not in the sums: ${unitsText(report.unknownLines, "line")} of the ${name} report`);
    }
  }
  return notes;
}

/** The address where there is one: a resource that was replaced under another name is the same to people. */
function keyOf({ address, type, name }: ResourceCost): string {
  return address ?? `${type} ${name}`;
}
