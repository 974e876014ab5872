import type { CapacityModes, CostComparison, CostReport, ResourceCost } from "@slipway/contracts";
import { wrapText } from "./wrap-text.ts";

const NARROWEST = 60;
const WIDEST = 120;
const AMOUNT_WIDTH = 10;
const LEAST_SHOWN_USD = 0.005;
const INDENT = " ".repeat(AMOUNT_WIDTH + 2);

interface RenderOptions {
  /** Width of the terminal. */
  readonly columns: number;
  /** Whether each line is shown with its formula, price, source and date. */
  readonly explain: boolean;
}

/** The report for people. */
export function renderCosts(report: CostReport, { columns, explain }: RenderOptions): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  const lines = [
    ...renderHead(report, width),
    "",
    ...renderResources(report, width, explain),
    ...renderTotal(report, width),
    ...section(
      "Reads and writes: on-demand or provisioned",
      report.capacityModes.flatMap((modes) => renderModes(modes, width, explain)),
    ),
    ...section("Nobody used", renderIdle(report, width)),
    ...section("It would cost less with", renderRecommendations(report, width)),
    ...renderComparison(report.comparison, width),
    ...section("Notes", renderNotes(report, width)),
    ...section(
      "INCOMPLETE: these could not be found out",
      report.gaps.flatMap((gap) => wrapText(gap, width, "  ")),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function renderHead(report: CostReport, width: number): string[] {
  const { window, prices } = report;
  const oldest = prices.oldest === null || prices.oldest === prices.date ? "" : `, the oldest of ${prices.oldest}`;
  return [
    ...wrapText(`What ${report.environment} costs in a month, ${report.region}: ${report.label}`, width, ""),
    ...wrapText(`Use of ${days(window.days)}: ${minute(window.from)} to ${minute(window.to)} UTC`, width, ""),
    ...wrapText(`Prices: ${prices.origin} of ${prices.date}${oldest}; ${prices.from}`, width, ""),
  ];
}

function renderResources({ resources }: CostReport, width: number, explain: boolean): string[] {
  return [
    `${"USD".padStart(AMOUNT_WIDTH)}  resource`,
    ...resources.flatMap((resource) => {
      const [first = "", ...rest] = wrapText(`${titleOf(resource)}${remarks(resource)}`, width, INDENT);
      return [
        `${amount(resource.usdPerMonth).padStart(AMOUNT_WIDTH)}  ${first.slice(INDENT.length)}`,
        ...rest,
        ...(explain ? explained(resource, width) : []),
      ];
    }),
  ];
}

/** `lambda_function api-handler-prod`. */
function titleOf({ type, name }: ResourceCost): string {
  return name.startsWith(type) ? name : `${type.replace(/^aws_/, "")} ${name}`;
}

function remarks({ lines, idle, tooLittleData, observedDays, notes }: ResourceCost): string {
  const unknown = lines.filter(({ usdPerMonth }) => usdPerMonth === null).map(({ item }) => item);
  const words = [
    ...(unknown.length === 0 ? [] : [`unknown: ${unknown.join(", ")}`]),
    ...(idle === true ? ["idle"] : []),
    ...(tooLittleData ? [`too little data: ${days(observedDays)}`] : []),
    ...notes,
  ];
  return words.length === 0 ? "" : ` (${words.join("; ")})`;
}

function explained({ address, lines }: ResourceCost, width: number): string[] {
  const indent = `${INDENT}  `;
  return [
    ...(address === null ? [] : wrapText(address, width, indent)),
    ...lines.flatMap(({ item, usdPerMonth, formula, unknown, price }) =>
      usdPerMonth === null
        ? wrapText(`${item}: unknown: ${unknown ?? ""}`, width, indent)
        : [
            ...wrapText(`${item}: ${amount(usdPerMonth)} = ${formula ?? ""}`, width, indent),
            ...(price === null ? [] : wrapText(`${price.source} (${price.date})`, width, `${indent}  `)),
          ],
    ),
  ];
}

function renderTotal(report: CostReport, width: number): string[] {
  const { totalUsdPerMonth, unknownLines, freeTier } = report;
  const tier = freeTier ? ", free tier taken off" : "";
  const unknown =
    unknownLines === 0 ? "" : `, at least: without ${counted(unknownLines, "line")} of which the cost is not known`;
  const [first = "", ...rest] = wrapText(`in all, per month${unknown}${tier}`, width, INDENT);
  return [
    "-".repeat(AMOUNT_WIDTH),
    `${amount(totalUsdPerMonth).padStart(AMOUNT_WIDTH)}  ${first.slice(INDENT.length)}`,
    ...rest,
  ];
}

function renderModes(modes: CapacityModes, width: number, explain: boolean): string[] {
  const { table, current, onDemand, provisionedForPeak, autoScaledAtBest, targetUtilisation, says } = modes;
  const rows = [
    { mode: onDemand, text: `on-demand${current === "on-demand" ? " (now)" : ""}` },
    {
      mode: provisionedForPeak,
      text: `provisioned for the peak, ${Math.round(targetUtilisation * 100)} % of it used`,
    },
    { mode: autoScaledAtBest, text: "provisioned, scaled with perfect foresight" },
  ];
  return [
    ...wrapText(
      `${table}: ${says}.${modes.tooLittleData ? " Too little data to decide by." : ""} Peaks are those of ${modes.periodSeconds / 60} min.`,
      width,
      "  ",
    ),
    ...(current === "provisioned"
      ? [`${amount(modes.currentUsdPerMonth).padStart(AMOUNT_WIDTH)}  provisioned (now)`]
      : []),
    ...rows.flatMap(({ mode, text }) => [
      `${amount(mode.usdPerMonth).padStart(AMOUNT_WIDTH)}  ${text}`,
      ...(explain ? wrapText(mode.formula, width, `${INDENT}  `) : []),
    ]),
    `${amount(modes.differenceUsdPerMonth).padStart(AMOUNT_WIDTH)}  between on-demand and the peak`,
  ];
}

function renderIdle({ resources }: CostReport, width: number): string[] {
  return resources
    .filter(({ idle, tooLittleData }) => idle === true && !tooLittleData)
    .flatMap((resource) => {
      const text = `${titleOf(resource)}: ${resource.idleBecause ?? "not used"}`;
      const [first = "", ...rest] = wrapText(text, width, INDENT);
      return [`${amount(resource.usdPerMonth).padStart(AMOUNT_WIDTH)}  ${first.slice(INDENT.length)}`, ...rest];
    });
}

function renderRecommendations({ recommendations }: CostReport, width: number): string[] {
  return recommendations.flatMap(({ resource, what, savingUsdPerMonth, formula, next }) => {
    const saving = savingUsdPerMonth === null ? "unknown" : `-${amount(savingUsdPerMonth)}`;
    const [first = "", ...rest] = wrapText(`${resource}: ${what}`, width, INDENT);
    return [
      `${saving.padStart(AMOUNT_WIDTH)}  ${first.slice(INDENT.length)}`,
      ...rest,
      ...wrapText(formula, width, `${INDENT}  `),
      ...wrapText(`Next: ${next}`, width, `${INDENT}  `),
    ];
  });
}

function renderComparison(comparison: CostComparison | null, width: number): string[] {
  if (comparison === null) {
    return [];
  }
  const { file, generatedAt, beforeUsdPerMonth, afterUsdPerMonth, differenceUsdPerMonth, resources, notes } =
    comparison;
  return section(`Since ${minute(generatedAt)} UTC`, [
    `${signed(differenceUsdPerMonth).padStart(AMOUNT_WIDTH)}  in all: ${amount(beforeUsdPerMonth)} then, ${amount(afterUsdPerMonth)} now`,
    ...resources
      .filter(isVisible)
      .flatMap(({ resource, beforeUsdPerMonth: before, afterUsdPerMonth: after, differenceUsdPerMonth: by }) => {
        const what = before === null ? " (new)" : after === null ? " (gone)" : "";
        const [first = "", ...rest] = wrapText(`${resource}${what}`, width, INDENT);
        return [`${signed(by).padStart(AMOUNT_WIDTH)}  ${first.slice(INDENT.length)}`, ...rest];
      }),
    ...notes.flatMap((note) => wrapText(note, width, "  ")),
    ...wrapText(file, width, "  "),
  ]);
}

function renderNotes({ notes, free, unpriced }: CostReport, width: number): string[] {
  const types = Object.entries(unpriced).map(([type, count]) => `${type} (${count})`);
  const count = Object.values(free).reduce((sum, each) => sum + each, 0);
  return [
    ...(types.length === 0 ? [] : [`There are no prices here for ${types.join(", ")}: unknown, and not in the sum.`]),
    ...(count === 0 ? [] : [`${counted(count, "other resource")} of the state without a charge of their own.`]),
    ...notes,
  ].flatMap((note) => wrapText(note, width, "  "));
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

/** Cents; what is less than a cent, and not nothing, is said to be. */
function amount(usd: number): string {
  return usd !== 0 && Math.abs(usd) < 0.01
    ? "< 0.01"
    : usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** What comes or goes is news at any price; another change must show in cents. */
function isVisible(difference: CostComparison["resources"][number]): boolean {
  const { beforeUsdPerMonth, afterUsdPerMonth, differenceUsdPerMonth } = difference;
  return beforeUsdPerMonth === null || afterUsdPerMonth === null || Math.abs(differenceUsdPerMonth) >= LEAST_SHOWN_USD;
}

function signed(usd: number): string {
  const cents = Math.round(usd * 100) / 100;
  return `${cents > 0 ? "+" : ""}${cents === 0 ? "0.00" : amount(cents)}`;
}

function days(count: number): string {
  const rounded = Math.round(count * 10) / 10;
  return rounded < 2 ? `${Math.round(count * 240) / 10} h` : `${rounded} days`;
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
