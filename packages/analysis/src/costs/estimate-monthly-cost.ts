import type { PriceId, PriceTable } from "@slipway/contracts";
import { type Charge, charge } from "./charge.ts";
import { BYTES_PER_GB, HOURS_PER_MONTH, roundUsd } from "./numbers.ts";

/**
 * A resource with what it costs while nobody uses it. `undefined` is what is not known; the estimate is then not known either.
 */
export type StandingResource =
  | { readonly kind: "bucket"; readonly bytes: number | undefined }
  | { readonly kind: "log-group"; readonly bytes: number | undefined }
  | {
      readonly kind: "table";
      readonly bytes: number | undefined;
      /** Capacity units that are paid for by the hour, those of indexes included; none of an on-demand table. */
      readonly provisioned?: { readonly reads: number; readonly writes: number };
      readonly pointInTimeRecovery?: boolean;
    }
  | { readonly kind: "backup"; readonly bytes: number | undefined }
  /** A customer managed key, enabled or not; `rotations` of its key material that AWS keeps. */
  | { readonly kind: "kms-key"; readonly rotations?: number; readonly pendingDeletion?: boolean }
  /** `metrics` that the alarm watches: metric math is billed by each. */
  | { readonly kind: "alarm"; readonly metrics?: number; readonly highResolution?: boolean }
  | { readonly kind: "composite-alarm" }
  | { readonly kind: "dashboard" }
  /** Costs by use alone, or nothing ever: functions, APIs, topics, queues, roles, policies, saved queries, key aliases. */
  | { readonly kind: "free-when-idle" };

/** AWS charges for the first two rotations of a key, and for no further ones. https://aws.amazon.com/kms/pricing/ */
const BILLED_ROTATIONS = 2;

/**
 * What a resource costs in a month in which nobody uses it: storage and what is paid for by the hour or the month.
 *
 * @returns `undefined` where a size or a price is not known; never a guess
 */
export function estimateMonthlyCost(resource: StandingResource, prices: PriceTable): Charge | undefined {
  switch (resource.kind) {
    case "bucket":
      return stored(prices, "s3.storage.standard", resource.bytes);
    case "log-group":
      return stored(prices, "logs.storage", resource.bytes);
    case "backup":
      return stored(prices, "dynamodb.backup", resource.bytes);
    case "table": {
      const { bytes, provisioned, pointInTimeRecovery } = resource;
      return sum([
        stored(prices, "dynamodb.storage", bytes),
        ...(pointInTimeRecovery === true ? [stored(prices, "dynamodb.pitr", bytes)] : []),
        ...(provisioned === undefined
          ? []
          : [
              charge(prices, "dynamodb.provisioned.reads", provisioned.reads * HOURS_PER_MONTH),
              charge(prices, "dynamodb.provisioned.writes", provisioned.writes * HOURS_PER_MONTH),
            ]),
      ]);
    }
    case "kms-key":
      return resource.pendingDeletion === true
        ? { usd: 0, formula: "no charge while it waits for its deletion" }
        : charge(prices, "kms.key", 1 + Math.min(resource.rotations ?? 0, BILLED_ROTATIONS));
    case "alarm":
      return charge(
        prices,
        resource.highResolution === true ? "cloudwatch.alarm.high-resolution" : "cloudwatch.alarm",
        resource.metrics ?? 1,
      );
    case "composite-alarm":
      return charge(prices, "cloudwatch.alarm.composite", 1);
    case "dashboard":
      return charge(prices, "cloudwatch.dashboard", 1);
    case "free-when-idle":
      return { usd: 0, formula: "no charge while it is not used" };
  }
}

function stored(prices: PriceTable, id: PriceId, bytes: number | undefined): Charge | undefined {
  return bytes === undefined ? undefined : charge(prices, id, bytes / BYTES_PER_GB);
}

function sum(charges: readonly (Charge | undefined)[]): Charge | undefined {
  const known = charges.filter((each) => each !== undefined);
  return known.length < charges.length
    ? undefined
    : {
        usd: roundUsd(known.reduce((total, { usd }) => total + usd, 0)),
        formula: known.map(({ formula }) => formula).join(" + "),
      };
}
