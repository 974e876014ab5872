import type { CapacityModes, CostRecommendation, PriceTable, ResourceCost } from "@slipway/contracts";
import { charge } from "./charge.ts";
import { coverageOf, monthlyUse } from "./monthly-use.ts";
import { BYTES_PER_GB, gbSeconds, priceText, quantityText, roundUsd } from "./numbers.ts";
import { type FunctionUsage, type LogGroupUsage, numberOf, type ResourceUsage, type TimeWindow } from "./usage.ts";

/** Less than a cent a month is not worth anybody's time. */
const LEAST_SAVING_USD = 0.01;
/** Days of logs that are enough where nobody has said otherwise. */
const ENOUGH_LOG_DAYS = 30;
/** A function keeps this much more than the most that it was seen to use. */
const MEMORY_RESERVE = 1.3;
const LEAST_MEMORY_MB = 128;
const MEMORY_STEP_MB = 64;

interface Judged {
  readonly usage: ResourceUsage;
  readonly cost: ResourceCost;
}

/**
 * What would cost less, and how much less. What rests on use is only said where the whole window was observed: a table that was
 * made an hour ago is not idle.
 */
export function recommend(
  judged: readonly Judged[],
  modes: readonly CapacityModes[],
  prices: PriceTable,
  window: TimeWindow,
): CostRecommendation[] {
  return [
    ...judged.flatMap(({ usage, cost }) => [
      ...ofIdle(usage, cost),
      ...(usage.kind === "function" ? ofFunction(usage, cost, prices, window) : []),
      ...(usage.kind === "log-group" ? ofRetention(usage, prices, window) : []),
    ]),
    ...modes.flatMap(ofMode),
  ]
    .filter(({ savingUsdPerMonth }) => savingUsdPerMonth === null || savingUsdPerMonth >= LEAST_SAVING_USD)
    .sort((left, right) => (right.savingUsdPerMonth ?? 0) - (left.savingUsdPerMonth ?? 0));
}

/** Kinds that are deleted or emptied when nobody uses them; a bucket or a topic waits for its use at no cost of its own. */
const IDLE_NEXT: Partial<Record<ResourceUsage["kind"], string>> = {
  function: "remove the provisioned concurrency, or the function",
  table: "export what is worth keeping, then remove the table from the configuration",
  "log-group": "give it a retention, or remove it once nobody needs its events",
  key: "schedule its deletion, once nothing that it has encrypted is needed any more",
  alarm: "correct its metric and dimensions, or remove it: it can never fire",
};

function ofIdle(usage: ResourceUsage, { idle, idleBecause, usdPerMonth, tooLittleData, lines }: ResourceCost) {
  const next = IDLE_NEXT[usage.kind];
  if (idle !== true || tooLittleData || next === undefined) {
    return [];
  }
  const costly = lines.filter((line) => (line.usdPerMonth ?? 0) > 0);
  const formula = costly.map(({ item, formula }) => `${item}: ${formula}`).join(" + ");
  return [
    { resource: usage.name, what: `idle: ${idleBecause}`, savingUsdPerMonth: usdPerMonth, formula, next },
  ] satisfies CostRecommendation[];
}

function ofFunction(
  usage: FunctionUsage,
  { tooLittleData }: ResourceCost,
  prices: PriceTable,
  window: TimeWindow,
): CostRecommendation[] {
  const ms = numberOf(usage.durationMs);
  if (ms === undefined || ms === 0 || tooLittleData) {
    return [];
  }
  const coverage = coverageOf(window, usage.createdAt);
  const monthly = (memoryMb: number) => monthlyUse(gbSeconds(ms, memoryMb), "GB-second", coverage).quantity;
  const now = charge(prices, `lambda.duration.${usage.architecture}`, monthly(usage.memoryMb));
  if (now === undefined) {
    return [];
  }
  const found: CostRecommendation[] = [];
  const onArm = charge(prices, "lambda.duration.arm64", monthly(usage.memoryMb));
  if (usage.architecture === "x86_64" && onArm !== undefined) {
    found.push({
      resource: usage.name,
      what: "run it on arm64",
      savingUsdPerMonth: roundUsd(now.usd - onArm.usd),
      formula: `${now.formula} = ${priceText(now.usd)} less ${onArm.formula} = ${priceText(onArm.usd)}; at the same duration`,
      next: 'set its architectures to ["arm64"], and compare the durations in a canary before it takes all traffic',
    });
  }
  const most = numberOf(usage.maxMemoryUsedMb);
  const enough = most === undefined ? usage.memoryMb : enoughMemory(most);
  const smaller = charge(prices, `lambda.duration.${usage.architecture}`, monthly(enough));
  if (most !== undefined && enough < usage.memoryMb && smaller !== undefined) {
    found.push({
      resource: usage.name,
      what: `${enough} MB of memory instead of ${usage.memoryMb} MB: at most ${most} MB were used`,
      savingUsdPerMonth: roundUsd(now.usd - smaller.usd),
      formula: `${now.formula} = ${priceText(now.usd)} less ${smaller.formula} = ${priceText(smaller.usd)}; at the same duration`,
      next: "try it in a canary: less memory is also less CPU, and a longer duration eats the saving",
    });
  }
  return found;
}

/** The least that leaves a reserve above what was used, in steps of 64 MB. */
function enoughMemory(mostUsedMb: number): number {
  return Math.max(LEAST_MEMORY_MB, Math.ceil((mostUsedMb * MEMORY_RESERVE) / MEMORY_STEP_MB) * MEMORY_STEP_MB);
}

function ofRetention(usage: LogGroupUsage, prices: PriceTable, window: TimeWindow): CostRecommendation[] {
  const stored = numberOf(usage.storedBytes);
  if (usage.retentionDays !== undefined || stored === undefined || stored === 0) {
    return [];
  }
  const what = `a retention: it keeps everything for ever, ${quantityText(stored)} bytes so far`;
  const next =
    usage.address === undefined
      ? `aws logs put-retention-policy --log-group-name '${usage.name}' --retention-in-days ${ENOUGH_LOG_DAYS}`
      : `set retention_in_days = ${ENOUGH_LOG_DAYS} on ${usage.address}`;
  const ingested = numberOf(usage.ingestedBytes);
  const price = prices.prices["logs.storage"];
  if (ingested === undefined || price === undefined) {
    const formula = "not known, because what is ingested is not known; it grows by what is ingested each month";
    return [{ resource: usage.name, what, savingUsdPerMonth: null, formula, next }];
  }
  const { hours } = coverageOf(window, usage.createdAt);
  const kept = (ingested / hours) * 24 * ENOUGH_LOG_DAYS;
  const saved = charge(prices, "logs.storage", Math.max(0, stored - kept) / BYTES_PER_GB);
  return [
    {
      resource: usage.name,
      what,
      savingUsdPerMonth: saved?.usd ?? null,
      formula: `${quantityText(stored)} bytes less ${quantityText(kept)} of the last ${ENOUGH_LOG_DAYS} days, / 1,024^3; ${saved?.formula ?? "no price"}`,
      next,
    },
  ];
}

function ofMode(modes: CapacityModes): CostRecommendation[] {
  const { table, current, currentUsdPerMonth, onDemand, provisionedForPeak, cheaper, tooLittleData } = modes;
  const [better, name] =
    onDemand.usdPerMonth <= provisionedForPeak.usdPerMonth
      ? [onDemand, "on-demand capacity" as const]
      : [provisionedForPeak, "provisioned capacity for the peak" as const];
  const isSame = (current === "on-demand") === (better === onDemand);
  if (tooLittleData || (isSame && current === "on-demand") || (cheaper === "depends" && better !== onDemand)) {
    return [];
  }
  return [
    {
      resource: table,
      what: isSame
        ? "less provisioned capacity: what is paid for is more than its peak needs"
        : `${name}: ${modes.says}`,
      savingUsdPerMonth: roundUsd(currentUsdPerMonth - better.usdPerMonth),
      formula: `${priceText(currentUsdPerMonth)} now less ${priceText(better.usdPerMonth)}: ${better.formula}`,
      next:
        better === onDemand
          ? 'set billing_mode = "PAY_PER_REQUEST"; it can be changed back once a day'
          : `set the capacity that the formula shows (target utilisation ${modes.targetUtilisation * 100} %) with auto scaling around it`,
    },
  ];
}
