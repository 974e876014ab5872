import type { CapacityModes, PriceId, PriceTable } from "@slipway/contracts";
import { charge } from "./charge.ts";
import { coverageOf, monthlyUse } from "./monthly-use.ts";
import { HOURS_PER_MONTH, quantityText, roundUsd } from "./numbers.ts";
import { type CapacityPoint, numberOf, type TableUsage, type TimeWindow } from "./usage.ts";

/** The share of provisioned capacity that is meant to be used: the rest is for what comes between two measurements. */
const TARGET_UTILISATION = 0.7;
const HOUR_MS = 3_600_000;

/** A formula with its cost. */
interface Cost {
  readonly usd: number;
  readonly formula: string;
}

/**
 * What a table's reads and writes would cost on demand, and provisioned, from what it really consumed. Provisioned comes
 * twice: sized for the highest period, which is the dearest that it has to be, and following each hour's highest period
 * with perfect foresight, which is the cheapest that auto scaling can be. Only where on-demand lies outside of the two is
 * the answer certain.
 *
 * @returns undefined when the consumption or a price is not known
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CostOptimization_TableCapacityMode.html
 */
export function compareCapacityModes(
  table: TableUsage,
  prices: PriceTable,
  window: TimeWindow,
): CapacityModes | undefined {
  const { capacity, isStandardClass } = table;
  const coverage = coverageOf(window, table.createdAt);
  const reads = numberOf(table.readUnits);
  const writes = numberOf(table.writeUnits);
  if (capacity === undefined || !isStandardClass || reads === undefined || writes === undefined) {
    return undefined;
  }
  const { periodSeconds, series } = capacity;
  const hours = hoursIn(window, coverage.hours);
  const sides = [
    { id: "reads", used: reads, points: series.map((each) => each.reads) },
    { id: "writes", used: writes, points: series.map((each) => each.writes) },
  ] as const;

  const onDemand = add(
    sides.map(({ id, used }) => {
      const priceId: PriceId = `dynamodb.on-demand.${id}`;
      const { quantity, formula } = monthlyUse(used, prices.prices[priceId]?.unit ?? "", coverage);
      const cost = charge(prices, priceId, quantity);
      return cost === undefined ? undefined : { usd: cost.usd, formula: `${formula}; ${cost.formula}` };
    }),
  );
  const forPeak = add(
    sides.map(({ id, points }) => {
      const peaks = points.map((each) => peakOf(each, periodSeconds));
      const units = peaks.reduce((sum, peak) => sum + capacityFor(peak), 0);
      const cost = charge(prices, `dynamodb.provisioned.${id}`, units * HOURS_PER_MONTH);
      const sized = peaks.map((peak) => `${quantityText(peak)}/s / ${TARGET_UTILISATION}`).join(" + ");
      return cost && { usd: cost.usd, formula: `${id}: peak ${sized} = ${units} units; ${cost.formula}` };
    }),
  );
  const scaled = add(
    sides.map(({ id, points }) => {
      const unitHours = points.reduce((sum, each) => sum + scaledUnitHours(each, periodSeconds, hours), 0);
      const monthly = (unitHours / hours) * HOURS_PER_MONTH;
      const cost = charge(prices, `dynamodb.provisioned.${id}`, monthly);
      const observed = `${quantityText(unitHours)} unit-hours in ${hours} h x ${HOURS_PER_MONTH} h / ${hours} h`;
      return cost && { usd: cost.usd, formula: `${id}: ${observed}; ${cost.formula}` };
    }),
  );
  const standing = add(
    sides.map(({ id }) => charge(prices, `dynamodb.provisioned.${id}`, table.provisioned[id] * HOURS_PER_MONTH)),
  );
  if (onDemand === undefined || forPeak === undefined || scaled === undefined || standing === undefined) {
    return undefined;
  }
  const current = table.billing === "on-demand" ? onDemand : standing;
  const cheaper = onDemand.usd <= scaled.usd ? "on-demand" : forPeak.usd <= onDemand.usd ? "provisioned" : "depends";
  return {
    table: table.name,
    current: table.billing,
    currentUsdPerMonth: current.usd,
    onDemand: asMode(onDemand),
    provisionedForPeak: asMode(forPeak),
    autoScaledAtBest: asMode(scaled),
    targetUtilisation: TARGET_UTILISATION,
    periodSeconds,
    cheaper,
    differenceUsdPerMonth: roundUsd(Math.abs(onDemand.usd - forPeak.usd)),
    says: says[cheaper],
    tooLittleData: coverage.tooLittleData,
  };
}

const says = {
  "on-demand": "on-demand is cheaper than provisioned capacity, even if that scaled with perfect foresight",
  provisioned: "provisioned capacity is cheaper, even if it is sized for the highest peak all month",
  depends:
    "on-demand is cheaper than capacity for the peak; auto scaling may be cheaper, if it follows the load closely",
} as const;

/** Units a second in the highest period. A shorter peak within a period is not seen. */
function peakOf(points: readonly CapacityPoint[], periodSeconds: number): number {
  return points.reduce((peak, { sum }) => Math.max(peak, sum / periodSeconds), 0);
}

/** Whole units, at least the one that DynamoDB takes, such that a load uses the target share of them. */
function capacityFor(unitsPerSecond: number): number {
  // Less the rounding error of the division: 0.7 / 0.7 units must not become two.
  return Math.max(1, Math.ceil(unitsPerSecond / TARGET_UTILISATION - 1e-9));
}

/** Sum over the hours of the capacity that each hour's highest period needs; an hour without use needs one unit. */
function scaledUnitHours(points: readonly CapacityPoint[], periodSeconds: number, hours: number): number {
  const peaks = new Map<number, number>();
  for (const { at, sum } of points) {
    const hour = Math.floor(at / HOUR_MS);
    peaks.set(hour, Math.max(peaks.get(hour) ?? 0, sum / periodSeconds));
  }
  const used = [...peaks.values()].reduce((sum, peak) => sum + capacityFor(peak), 0);
  return used + Math.max(0, hours - peaks.size);
}

/** Clock hours that the observed time touches: capacity is billed by each. */
function hoursIn(window: TimeWindow, coveredHours: number): number {
  const from = window.to - coveredHours * HOUR_MS;
  return Math.max(1, Math.ceil(window.to / HOUR_MS) - Math.floor(from / HOUR_MS));
}

function add(costs: readonly (Cost | undefined)[]): Cost | undefined {
  const known = costs.filter((each) => each !== undefined);
  return known.length < costs.length
    ? undefined
    : {
        usd: roundUsd(known.reduce((sum, { usd }) => sum + usd, 0)),
        formula: known.map(({ formula }) => formula).join(" + "),
      };
}

function asMode({ usd, formula }: Cost): { usdPerMonth: number; formula: string } {
  return { usdPerMonth: usd, formula };
}
