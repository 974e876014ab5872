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
  item: z.string().describe("What is paid for: `requests`, `storage`."),
  usdPerMonth: maybeUsd,
  formula: z.string().nullable().describe("How the number was reckoned, from what was observed to the dollars."),
  unknown: z.string().nullable().describe("Why it is not known."),
  quantity: z.number().nullable().describe("Billed units of a month, before any free tier."),
  price: usedPriceSchema.nullable(),
});

const resourceCostSchema = strictObject({
  address: z
    .string()
    .nullable()
    .describe("Address in the environment's Terraform state; null of what AWS made beside it, such as a log group."),
  type: z.string().describe("Terraform's type: `aws_lambda_function`."),
  name: z.string(),
  usdPerMonth: usd.describe("Sum of the lines that are known."),
  known: z.boolean().describe("Whether every line is known."),
  observedDays: z.number().nonnegative().describe("Days of the window in which it was there."),
  tooLittleData: z
    .boolean()
    .describe(
      "It is paid for by its use, and was not there for the whole window: a month is reckoned from less than was asked for.",
    ),
  idle: z.boolean().nullable().describe("Whether nothing used it in the window; null where that is not known."),
  idleBecause: z.string().nullable(),
  notes: z.array(z.string()),
  lines: z.array(costLineSchema),
});

const modeCostSchema = strictObject({ usdPerMonth: usd, formula: z.string() });

const capacityModesSchema = strictObject({
  table: z.string(),
  current: z.enum(["on-demand", "provisioned"]),
  currentUsdPerMonth: usd.describe("What is paid today for reads and writes."),
  onDemand: modeCostSchema,
  provisionedForPeak: modeCostSchema.describe("Capacity that the highest period of the window fits into, all month."),
  autoScaledAtBest: modeCostSchema.describe(
    "Capacity that follows each hour's highest period with perfect foresight: the least that auto scaling can cost.",
  ),
  targetUtilisation: z.number().positive().max(1),
  periodSeconds: z.int().positive(),
  cheaper: z.enum(["on-demand", "provisioned", "depends"]),
  differenceUsdPerMonth: usd.describe("By how much the cheaper of on-demand and provisioned for the peak is cheaper."),
  says: z.string(),
  tooLittleData: z.boolean(),
});

const recommendationSchema = strictObject({
  resource: z.string(),
  what: z.string(),
  savingUsdPerMonth: maybeUsd,
  formula: z.string(),
  next: z.string().describe("What to do or type."),
});

const differenceSchema = strictObject({
  resource: z.string().describe("Address or name."),
  type: z.string(),
  beforeUsdPerMonth: maybeUsd,
  afterUsdPerMonth: maybeUsd,
  differenceUsdPerMonth: usd,
});

const comparisonSchema = strictObject({
  file: z.string().describe("File of the report that this one is compared with."),
  generatedAt: time,
  beforeUsdPerMonth: usd,
  afterUsdPerMonth: usd,
  differenceUsdPerMonth: usd,
  resources: z
    .array(differenceSchema)
    .describe("Resources whose cost differs, the largest difference first; those that came or went have a null side."),
  notes: z.array(z.string()).describe("What makes the two not quite comparable: other prices, another window."),
});

/** What an environment costs in a month, reckoned from observed use: the JSON document of `slipway costs`. */
export const costReportSchema = strictObject({
  version: z.literal(1),
  label: z
    .enum(["observed on AWS", "rehearsed on local AWS", "observed on another AWS"])
    .describe("Numbers of local AWS are never called AWS's."),
  environment: z.string(),
  region: z.string(),
  generatedAt: time,
  window: strictObject({ from: time, to: time, days: z.number().positive() }),
  hoursPerMonth: z.literal(730),
  prices: strictObject({
    origin: z.enum(["table of Slipway", "file", "AWS Price List"]),
    region: z.string(),
    date: z.iso.date(),
    oldest: z.iso.date().nullable().describe("The oldest date among the prices that were used."),
    from: z.string().describe("File or URL."),
  }),
  freeTier: z.boolean(),
  totalUsdPerMonth: usd,
  unknownLines: z.int().nonnegative().describe("How many lines are not known, and so not in the total."),
  resources: z.array(resourceCostSchema).describe("Dearest first."),
  free: z
    .record(z.string(), z.int().positive())
    .describe("Types in the state that AWS makes no charge for, with their counts."),
  unpriced: z
    .record(z.string(), z.int().positive())
    .describe("Types in the state that this report has no prices for, with their counts."),
  capacityModes: z.array(capacityModesSchema),
  recommendations: z.array(recommendationSchema),
  comparison: comparisonSchema.nullable(),
  notes: z.array(z.string()),
  gaps: z.array(z.string()).describe("Calls that failed: with any, the report is incomplete."),
  complete: z.boolean(),
});

export type CostReport = z.output<typeof costReportSchema>;
export type ResourceCost = z.output<typeof resourceCostSchema>;
export type CostLine = z.output<typeof costLineSchema>;
export type CapacityModes = z.output<typeof capacityModesSchema>;
export type CostRecommendation = z.output<typeof recommendationSchema>;
export type CostComparison = z.output<typeof comparisonSchema>;
