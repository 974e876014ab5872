import * as z from "zod";
import { PRICE_IDS } from "./price-table.ts";
import { strictObject } from "./strict-object.ts";

const time = z.iso.datetime();
const usd = z.number();
/** Null is unknown, never nothing. */
const maybeUsd = usd.nullable();

const usedPriceSchema = strictObject({
  id: z.enum(PRICE_IDS),
  usd: z.number().nonnegative(),
  unit: z.string(),
  per: z.number().positive(),
  source: z.string(),
  date: z.iso.date(),
});

const costLineSchema = strictObject({
  /** What is paid for: `requests`, `storage`. */
  item: z.string(),
  usdPerMonth: maybeUsd,
  /** How the number was reckoned, from what was observed to the dollars. */
  formula: z.string().nullable(),
  /** Why it is not known. */
  unknown: z.string().nullable(),
  /** Billed units of a month, before any free tier. */
  quantity: z.number().nullable(),
  price: usedPriceSchema.nullable(),
});

const resourceCostSchema = strictObject({
  /** Address in the environment's Terraform state; null of what AWS made beside it, such as a log group. */
  address: z.string().nullable(),
  /** Terraform's type: `aws_lambda_function`. */
  type: z.string(),
  name: z.string(),
  /** Sum of the lines that are known. */
  usdPerMonth: usd,
  /** Whether every line is known. */
  known: z.boolean(),
  /** Days of the window in which it was there. */
  observedDays: z.number().nonnegative(),
  /** It is paid for by its use, and was not there for the whole window: a month is reckoned from less than was asked for. */
  tooLittleData: z.boolean(),
  /** Whether nothing used it in the window; null where that is not known. */
  idle: z.boolean().nullable(),
  idleBecause: z.string().nullable(),
  notes: z.array(z.string()),
  lines: z.array(costLineSchema),
});

const modeCostSchema = strictObject({ usdPerMonth: usd, formula: z.string() });

const capacityModesSchema = strictObject({
  table: z.string(),
  current: z.enum(["on-demand", "provisioned"]),
  /** What is paid today for reads and writes. */
  currentUsdPerMonth: usd,
  onDemand: modeCostSchema,
  /** Capacity that the highest period of the window fits into, all month. */
  provisionedForPeak: modeCostSchema,
  /** Capacity that follows each hour's highest period with perfect foresight: the least that auto scaling can cost. */
  autoScaledAtBest: modeCostSchema,
  targetUtilisation: z.number().positive().max(1),
  periodSeconds: z.int().positive(),
  cheaper: z.enum(["on-demand", "provisioned", "depends"]),
  /** By how much the cheaper of on-demand and provisioned for the peak is cheaper. */
  differenceUsdPerMonth: usd,
  says: z.string(),
  tooLittleData: z.boolean(),
});

const recommendationSchema = strictObject({
  resource: z.string(),
  what: z.string(),
  savingUsdPerMonth: maybeUsd,
  formula: z.string(),
  /** What to do or type. */
  next: z.string(),
});

const differenceSchema = strictObject({
  /** Address or name. */
  resource: z.string(),
  type: z.string(),
  beforeUsdPerMonth: maybeUsd,
  afterUsdPerMonth: maybeUsd,
  differenceUsdPerMonth: usd,
});

const comparisonSchema = strictObject({
  /** File of the report that this one is compared with. */
  file: z.string(),
  generatedAt: time,
  beforeUsdPerMonth: usd,
  afterUsdPerMonth: usd,
  differenceUsdPerMonth: usd,
  /** Resources whose cost differs, the largest difference first; those that came or went have a null side. */
  resources: z.array(differenceSchema),
  /** What makes the two not quite comparable: other prices, another window. */
  notes: z.array(z.string()),
});

/** What an environment costs in a month, reckoned from observed use: the JSON document of `slipway costs`. */
export const costReportSchema = strictObject({
  version: z.literal(1),
  /** Numbers of local AWS are never called AWS's. */
  label: z.enum(["observed on AWS", "rehearsed on local AWS", "observed on another AWS"]),
  environment: z.string(),
  region: z.string(),
  generatedAt: time,
  window: strictObject({ from: time, to: time, days: z.number().positive() }),
  hoursPerMonth: z.literal(730),
  prices: strictObject({
    origin: z.enum(["table of Slipway", "file", "AWS Price List"]),
    region: z.string(),
    date: z.iso.date(),
    /** The oldest date among the prices that were used. */
    oldest: z.iso.date().nullable(),
    /** File or URL. */
    from: z.string(),
  }),
  freeTier: z.boolean(),
  totalUsdPerMonth: usd,
  /** How many lines are not known, and so not in the total. */
  unknownLines: z.int().nonnegative(),
  /** Dearest first. */
  resources: z.array(resourceCostSchema),
  /** Types in the state that AWS makes no charge for, with their counts. */
  free: z.record(z.string(), z.int().positive()),
  /** Types in the state that this report has no prices for, with their counts. */
  unpriced: z.record(z.string(), z.int().positive()),
  capacityModes: z.array(capacityModesSchema),
  recommendations: z.array(recommendationSchema),
  comparison: comparisonSchema.nullable(),
  notes: z.array(z.string()),
  /** Calls that failed: with any, the report is incomplete. */
  gaps: z.array(z.string()),
  complete: z.boolean(),
});

export type CostReport = z.output<typeof costReportSchema>;
export type ResourceCost = z.output<typeof resourceCostSchema>;
export type CostLine = z.output<typeof costLineSchema>;
export type CapacityModes = z.output<typeof capacityModesSchema>;
export type CostRecommendation = z.output<typeof recommendationSchema>;
export type CostComparison = z.output<typeof comparisonSchema>;
