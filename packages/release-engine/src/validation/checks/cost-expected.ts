import { judgeExpectedRange } from "@slipway/analysis";
import { type CheckFinding, counted, findingOf, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** A month at the window's rate costs what was expected. */
export const costExpected: ValidationCheck = {
  window: "extended",
  name: "cost-expected",
  title: "Cost is within expected range",
  judge(context): readonly CheckFinding[] {
    const { measurements, config, flags } = context;
    const cost = unmeasured(measurements.cost ?? { unknown: "it was not reckoned" });
    if ("findings" in cost) {
      return cost.findings;
    }
    const { usdPerMonth, days, unknownLines, gaps } = cost.value;
    const command = `slipway costs ${measurements.environment} --days 1 --explain${flags}`;
    const basis = `reckoned from ${lengthText(days)}${unknownLines === 0 ? "" : `, without ${counted(unknownLines, "line")} that ${unknownLines === 1 ? "is" : "are"} not known`}`;
    if (config.monthlyCostUsd === undefined) {
      return [
        {
          status: "unknown",
          found: `$${usdPerMonth.toFixed(2)} a month, ${basis}; nothing says what is expected`,
          next: "add validation: { monthlyCostUsd: { most: 100 } } to the environment in slipway.config.ts",
          forPeople: true,
        },
      ];
    }
    const { least, most } = config.monthlyCostUsd;
    const verdict = judgeExpectedRange(usdPerMonth, {
      lowest: least,
      highest: most,
      name: "cost per month",
      unit: "USD",
    });
    const { subject: _, found, ...finding } = findingOf(context, verdict, "", command);
    // What was not seen can only make it dearer.
    const isOpen = gaps.length > 0 && !(usdPerMonth > most);
    return [
      {
        ...finding,
        ...(isOpen ? { status: "unknown", next: command } : {}),
        found: `${found}; ${basis}${gaps.length === 0 ? "" : `; not seen: ${gaps.slice(0, 2).join("; ")}${gaps.length > 2 ? ` and ${gaps.length - 2} more` : ""}`}`,
      },
    ];
  },
};

function lengthText(days: number): string {
  if (days < 1) {
    return `${(days * 24).toFixed(1)} h`;
  }
  return days === 1 ? "1 day" : `${days} days`;
}
