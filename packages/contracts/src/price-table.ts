import * as z from "zod";
import { describeProblems } from "./describe-problems.ts";
import { strictObject } from "./strict-object.ts";

/**
 * Everything that has a price here, with the unit that AWS sells it in. A GB is 2^30 bytes, a GB-month is a GB kept for 730
 * hours.
 */
export const PRICE_UNITS = {
  "lambda.requests": "request",
  "lambda.duration.x86_64": "GB-second",
  "lambda.duration.arm64": "GB-second",
  "lambda.provisioned.x86_64": "GB-second",
  "lambda.provisioned.arm64": "GB-second",
  "lambda.ephemeral-storage": "GB-second",
  "apigateway.rest.requests": "request",
  "dynamodb.on-demand.reads": "read request unit",
  "dynamodb.on-demand.writes": "write request unit",
  "dynamodb.provisioned.reads": "read capacity unit-hour",
  "dynamodb.provisioned.writes": "write capacity unit-hour",
  "dynamodb.storage": "GB-month",
  "dynamodb.pitr": "GB-month",
  "dynamodb.backup": "GB-month",
  "logs.ingestion": "GB",
  "logs.ingestion.infrequent-access": "GB",
  "logs.storage": "GB-month",
  "cloudwatch.alarm": "alarm metric-month",
  "cloudwatch.alarm.high-resolution": "alarm metric-month",
  "cloudwatch.alarm.composite": "alarm-month",
  "cloudwatch.dashboard": "dashboard-month",
  "cloudwatch.metric": "metric-month",
  "s3.storage.standard": "GB-month",
  "s3.requests.write": "request",
  "s3.requests.read": "request",
  "kms.key": "key-month",
  "kms.requests": "request",
  "sns.publishes": "request",
  "sqs.requests": "request",
  "sqs.requests.fifo": "request",
  "xray.traces": "trace",
} as const;

/** What a price is for: `lambda.requests`. */
export type PriceId = keyof typeof PRICE_UNITS;

export const PRICE_IDS = Object.keys(PRICE_UNITS) as PriceId[];

const source = z.url({ protocol: /^https$/, error: "expected the https URL that publishes it" });
const date = z.iso.date({ error: "expected the day for which it is known, as 2026-11-23" });
const usd = z.number().nonnegative();

const priceSchema = strictObject({
  /** US dollars for {@link Price.per} units. */
  usd,
  unit: z.string(),
  per: z.number().positive(),
  /** What a unit costs beyond so many units of a month, in rising order. */
  beyond: z.array(strictObject({ units: z.number().positive(), usd })).optional(),
  /** Where AWS publishes it. */
  source,
  /** The day for which it is known: that of the publication, or of the copy of it that was read. */
  date,
  /** What makes it less certain than others. */
  note: z.string().optional(),
});

const priceIdSchema = z.enum(PRICE_IDS);

const freeAllowanceSchema = strictObject({
  /** Prices that share the allowance, in the order in which it is used up. */
  covers: z.array(priceIdSchema).min(1),
  /** Units that cost nothing in each month, of the whole account. */
  units: z.number().positive(),
  source,
  date,
});

/** A dated table of a Region's prices. A price that is not in it is unknown, never 0. */
export const priceTableSchema = strictObject({
  version: z.literal(1),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "expected an AWS Region such as us-east-1" }),
  currency: z.literal("USD"),
  /** The day on which the table was made. */
  date,
  prices: strictObject(
    Object.fromEntries(PRICE_IDS.map((id) => [id, priceSchema.optional()])) as Record<
      PriceId,
      z.ZodOptional<typeof priceSchema>
    >,
  ),
  /** What AWS gives away for ever, not only to new accounts. */
  free: z.array(freeAllowanceSchema).default([]),
}).superRefine(({ prices }, context) => {
  for (const [id, price] of Object.entries(prices) as [PriceId, Price | undefined][]) {
    if (price === undefined) {
      continue;
    }
    const complain = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: ["prices", id, key], message });
    if (price.unit !== PRICE_UNITS[id]) {
      complain("unit", `expected "${PRICE_UNITS[id]}", received ${JSON.stringify(price.unit)}`);
    }
    const limits = (price.beyond ?? []).map(({ units }) => units);
    if (limits.some((limit, index) => index > 0 && limit <= (limits[index - 1] ?? 0))) {
      complain("beyond", "expected rising units");
    }
  }
});

/** What something costs. */
export type Price = z.output<typeof priceSchema>;
export type FreeAllowance = z.output<typeof freeAllowanceSchema>;
export type PriceTable = z.output<typeof priceTableSchema>;

/** Checks what a price file says; otherwise every problem, one line each, with the field. */
export function parsePriceTable(value: unknown): { ok: true; prices: PriceTable } | { ok: false; problems: string[] } {
  const result = priceTableSchema.safeParse(value, { reportInput: true });
  return result.success ? { ok: true, prices: result.data } : { ok: false, problems: describeProblems(result.error) };
}
