import * as z from "zod";
import { PRICE_IDS } from "./price-table.ts";
import { strictObject } from "./strict-object.ts";

const time = z.iso.datetime();
/** US dollars. */
const usd = z.number();
/** Null is unknown, never nothing. */
const maybeUsd = usd.nullable();

const usedPriceSchema = strictObject({
  id: z.enum(PRICE_IDS).describe("What the price is for: `lambda.requests`."),
  usd: z
    .number()
    .nonnegative()
    .describe("US dollars for as many units as `per` says; of a large quantity the rest may have a lower price."),
  unit: z.string().describe("The unit that AWS sells it in: `request`, `GB-month`; a GB is 2^30 bytes."),
  per: z.number().positive().describe("For how many units the price is."),
  source: z.string().describe("URL of AWS that publishes it."),
  date: z.iso.date().describe("The day for which it is known."),
});

const costLineSchema = strictObject({
  item: z.string().describe("What is paid for: `requests`, `storage`."),
  usdPerMonth: maybeUsd.describe("US dollars per month; null where that is not known, which is not nothing."),
  formula: z
    .string()
    .nullable()
    .describe("How the number was reckoned, from what was observed to the dollars; null where it is not known."),
  unknown: z.string().nullable().describe("Why it is not known; null where it is."),
  quantity: z
    .number()
    .nullable()
    .describe("Billed units of a month, before any free tier; null where that is not known."),
  price: usedPriceSchema.nullable().describe("The price that it was reckoned with; null where the cost is not known."),
});

const resourceCostSchema = strictObject({
  address: z
    .string()
    .nullable()
    .describe("Address in the environment's Terraform state; null of what AWS made beside it, such as a log group."),
  type: z.string().describe("Terraform's type: `aws_lambda_function`."),
  name: z.string().describe("As AWS calls it."),
  usdPerMonth: usd.describe("US dollars per month: the sum of the lines that are known."),
  known: z.boolean().describe("Whether every line is known."),
  observedDays: z.number().nonnegative().describe("Days of the window in which it was there."),
  tooLittleData: z
    .boolean()
    .describe(
      "It is paid for by its use, and was not there for the whole window: a month is reckoned from less than was asked for.",
    ),
  idle: z.boolean().nullable().describe("Whether nothing used it in the window; null where that is not known."),
  idleBecause: z.string().nullable().describe("By what that is known; null where it is not idle, or nobody knows."),
  notes: z
    .array(z.string())
    .describe("What to know about it, such as that it is in the state and AWS does not have it."),
  lines: z.array(costLineSchema).describe("What is paid for, one by one; empty where it costs nothing."),
});

const modeCostSchema = strictObject({
  usdPerMonth: usd.describe("US dollars per month for reads and writes."),
  formula: z.string().describe("How that was reckoned."),
});

const capacityModesSchema = strictObject({
  table: z.string().describe("As AWS calls it."),
  current: z.enum(["on-demand", "provisioned"]).describe("The capacity mode that it has."),
  currentUsdPerMonth: usd.describe("US dollars per month that are paid today for reads and writes."),
  onDemand: modeCostSchema.describe("What it reads and writes, paid for on demand."),
  provisionedForPeak: modeCostSchema.describe("Capacity that the highest period of the window fits into, all month."),
  autoScaledAtBest: modeCostSchema.describe(
    "Capacity that follows each hour's highest period with perfect foresight: the least that auto scaling can cost.",
  ),
  targetUtilisation: z
    .number()
    .positive()
    .max(1)
    .describe("The share of provisioned capacity that is meant to be used, 0 to 1: the rest is a reserve."),
  periodSeconds: z.int().positive().describe("Length of a measured period, in seconds: a shorter peak is not seen."),
  cheaper: z
    .enum(["on-demand", "provisioned", "depends"])
    .describe("`depends`: on how closely auto scaling follows the load."),
  differenceUsdPerMonth: usd.describe(
    "US dollars per month by which the cheaper of on-demand and provisioned for the peak is cheaper.",
  ),
  says: z.string().describe("That in words."),
  tooLittleData: z.boolean().describe("Whether it was not there for the whole window."),
});

const recommendationSchema = strictObject({
  resource: z.string().describe("The resource, as AWS calls it."),
  what: z.string().describe("What would cost less, and why."),
  savingUsdPerMonth: maybeUsd.describe("US dollars per month that it would save; null where that is not known."),
  formula: z.string().describe("How that was reckoned, or why it is not known."),
  next: z.string().describe("What to do or type."),
});

const differenceSchema = strictObject({
  resource: z.string().describe("Address or name."),
  type: z.string().describe("Terraform's type: `aws_lambda_function`."),
  beforeUsdPerMonth: maybeUsd.describe("US dollars per month in the earlier report; null where it did not have it."),
  afterUsdPerMonth: maybeUsd.describe("US dollars per month in this one; null where it does not have it."),
  differenceUsdPerMonth: usd.describe("US dollars per month that it costs more now; below 0 where it costs less."),
});

const comparisonSchema = strictObject({
  file: z.string().describe("File of the report that this one is compared with."),
  generatedAt: time.describe("ISO time of that report."),
  beforeUsdPerMonth: usd.describe("Its total, in US dollars per month."),
  afterUsdPerMonth: usd.describe("The total of this one, in US dollars per month."),
  differenceUsdPerMonth: usd.describe("US dollars per month that it is more now; below 0 where it is less."),
  resources: z
    .array(differenceSchema)
    .describe("Resources whose cost differs, the largest difference first; those that came or went have a null side."),
  notes: z.array(z.string()).describe("What makes the two not quite comparable: other prices, another window."),
});

/** What an environment costs in a month, reckoned from observed use: the JSON document of `slipway costs`. */
export const costReportSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  label: z
    .enum(["observed on AWS", "rehearsed on local AWS", "observed on another AWS"])
    .describe("Numbers of local AWS are never called AWS's."),
  environment: z.string().describe("As in slipway.config.ts."),
  region: z.string().describe("The AWS Region that it is in."),
  generatedAt: time.describe("ISO time at which it was reckoned, on the clock of the AWS that was observed."),
  window: strictObject({
    from: time.describe("ISO time at which it begins: a whole hour."),
    to: time.describe("ISO time at which it ends: that of the report."),
    days: z.number().positive().describe("Its length in days, with a fraction."),
  }).describe("The time whose use was observed."),
  hoursPerMonth: z.literal(730).describe("What is taken as a month: a twelfth of 365 days."),
  prices: strictObject({
    origin: z
      .enum(["table of Slipway", "file", "AWS Price List"])
      .describe("Slipway's own table, one that was named, or what AWS publishes now."),
    region: z.string().describe("The AWS Region that they are of."),
    date: z.iso.date().describe("The day of the table, or on which AWS published the list."),
    oldest: z.iso.date().nullable().describe("The oldest date among the prices that were used; null where none was."),
    from: z.string().describe("File or URL."),
  }).describe("Where the prices are from."),
  freeTier: z.boolean().describe("Whether what AWS gives to every account for ever was taken off."),
  totalUsdPerMonth: usd.describe("US dollars per month: the sum of all lines that are known."),
  unknownLines: z.int().nonnegative().describe("How many lines are not known, and so not in the total."),
  resources: z.array(resourceCostSchema).describe("Dearest first."),
  free: z
    .record(z.string(), z.int().positive())
    .describe("Types in the state that AWS makes no charge for, with their counts."),
  unpriced: z
    .record(z.string(), z.int().positive())
    .describe("Types in the state that this report has no prices for, with their counts."),
  capacityModes: z
    .array(capacityModesSchema)
    .describe(
      "What the reads and writes of each table cost in either capacity mode; only those whose consumption and prices are known.",
    ),
  recommendations: z
    .array(recommendationSchema)
    .describe("What would cost less, the largest saving first; those of an unknown saving last."),
  comparison: comparisonSchema
    .nullable()
    .describe("What has changed since an earlier report; null where there is none to compare with."),
  notes: z.array(z.string()).describe("What the numbers rest on, and what is not in them."),
  gaps: z.array(z.string()).describe("Calls that failed: with any, the report is incomplete."),
  complete: z.boolean().describe("Whether no call failed."),
});

export type CostReport = z.output<typeof costReportSchema>;
export type ResourceCost = z.output<typeof resourceCostSchema>;
export type CostLine = z.output<typeof costLineSchema>;
export type CapacityModes = z.output<typeof capacityModesSchema>;
export type CostRecommendation = z.output<typeof recommendationSchema>;
export type CostComparison = z.output<typeof comparisonSchema>;
