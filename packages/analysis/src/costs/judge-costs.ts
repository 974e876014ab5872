import type { CostLine, CostReport, PriceTable, ResourceCost } from "@slipway/contracts";
import { compareCapacityModes } from "./compare-capacity-modes.ts";
import { idlenessOf } from "./idleness-of.ts";
import { linesOf } from "./lines-of.ts";
import { coverageOf } from "./monthly-use.ts";
import { HOURS_PER_MONTH, roundUsd } from "./numbers.ts";
import { Reckoning } from "./reckoning.ts";
import { recommend } from "./recommend.ts";
import type { ObservedUsage, ResourceUsage, TimeWindow } from "./usage.ts";

const DAY_MS = 86_400_000;

/** What is paid for by its existence alone: how long it has been there says nothing about a month. */
const NOT_METERED: ReadonlySet<ResourceUsage["kind"]> = new Set([
  "key",
  "alarm",
  "dashboard",
  "custom-metrics",
  "missing",
  "unreadable",
]);

/** What a report says about itself. */
export interface CostQuestion {
  readonly label: CostReport["label"];
  readonly environment: string;
  readonly region: string;
  /** Now, in milliseconds since 1970. */
  readonly now: number;
  readonly prices: PriceTable;
  readonly origin: CostReport["prices"]["origin"];
  /** File or URL of the prices. */
  readonly from: string;
  /** Whether what AWS gives away to everybody is taken off. */
  readonly freeTier: boolean;
}

/** Reckons what an environment costs in a month from what was seen of it. */
export function judgeCosts(usage: ObservedUsage, question: CostQuestion): CostReport {
  const { prices, freeTier, now } = question;
  const { window, gaps } = usage;
  const reckoning = new Reckoning(prices, freeTier);
  const judged = usage.resources.map((each) => ({ usage: each, cost: costOf(each, reckoning, window) }));
  const costs = judged.map(({ cost }) => cost);
  const lines = costs.flatMap((cost) => cost.lines);
  const capacityModes = usage.resources.flatMap((each) =>
    each.kind === "table" ? (compareCapacityModes(each, prices, window) ?? []) : [],
  );
  const dates = lines.flatMap(({ price }) => (price === null ? [] : [price.date]));
  return {
    version: 1,
    label: question.label,
    environment: question.environment,
    region: question.region,
    generatedAt: new Date(now).toISOString(),
    window: {
      from: new Date(window.from).toISOString(),
      to: new Date(window.to).toISOString(),
      days: (window.to - window.from) / DAY_MS,
    },
    hoursPerMonth: HOURS_PER_MONTH,
    prices: {
      origin: question.origin,
      region: prices.region,
      date: prices.date,
      oldest: dates.sort()[0] ?? null,
      from: question.from,
    },
    freeTier,
    totalUsdPerMonth: sumOf(costs.map(({ usdPerMonth }) => usdPerMonth)),
    unknownLines: lines.filter(({ usdPerMonth }) => usdPerMonth === null).length,
    resources: costs.sort(
      (left, right) => right.usdPerMonth - left.usdPerMonth || compareText(nameOf(left), nameOf(right)),
    ),
    free: usage.free,
    unpriced: usage.unpriced,
    capacityModes,
    recommendations: recommend(judged, capacityModes, prices, window),
    comparison: null,
    notes: notesOf(usage, lines, question),
    gaps: [...gaps],
    complete: gaps.length === 0,
  };
}

function costOf(usage: ResourceUsage, reckoning: Reckoning, window: TimeWindow): ResourceCost {
  const coverage = coverageOf(window, usage.createdAt);
  const lines = linesOf(usage, reckoning, coverage);
  const { idle, because } = idlenessOf(usage, coverage);
  return {
    address: usage.address ?? null,
    type: usage.type,
    name: usage.name,
    usdPerMonth: sumOf(lines.map(({ usdPerMonth }) => usdPerMonth ?? 0)),
    known: lines.every(({ usdPerMonth }) => usdPerMonth !== null),
    observedDays: Math.round((coverage.hours / 24) * 1000) / 1000,
    tooLittleData: coverage.tooLittleData && !NOT_METERED.has(usage.kind),
    idle,
    idleBecause: because,
    notes: usage.kind === "missing" ? ["it is in the state, and AWS does not have it: it costs nothing"] : [],
    lines,
  };
}

function sumOf(amounts: readonly number[]): number {
  return roundUsd(amounts.reduce((sum, each) => sum + each, 0));
}

function nameOf({ address, name }: ResourceCost): string {
  return address ?? name;
}

/** By code unit, so that the order is the same on every machine. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What the numbers of a report rest on. */
function notesOf({ notes }: ObservedUsage, lines: readonly CostLine[], { prices, freeTier }: CostQuestion): string[] {
  const used = new Set(lines.flatMap(({ price }) => price?.id ?? []));
  const lessCertain = [...used].filter((id) => prices.prices[id]?.note !== undefined).sort();
  return [
    ...notes,
    `A month has ${HOURS_PER_MONTH} hours. Use is stretched from what was observed; what is stored or kept is taken at its present size.`,
    "Not in this report: data transfer, taxes, support, discounts and savings plans.",
    freeTier
      ? "The free tier is the account's, and is given here to this environment alone."
      : "The free tier is left out (--free-tier takes it off, as if the account had nothing else).",
    ...(lessCertain.length === 0
      ? []
      : [`Less certain prices, see their notes in the table; --price-list asks AWS: ${lessCertain.join(", ")}.`]),
  ];
}
