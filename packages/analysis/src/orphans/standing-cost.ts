import { estimateMonthlyCost, type StandingResource } from "../costs/estimate-monthly-cost.ts";
import { priceTableOf } from "../costs/price-table-of.ts";
import type { FoundResource } from "./found-resource.ts";
import type { CostOf } from "./report-orphans.ts";

/** What resources cost per month by merely being there, by the price table of a Region; unknown where there is none. */
export function standingCost(region: string): CostOf {
  const prices = priceTableOf(region);
  return (resource) => (prices === undefined ? undefined : estimateMonthlyCost(standing(resource), prices));
}

function standing({ type, facts, leaving }: FoundResource): StandingResource {
  const bytes = facts?.isMore === true ? undefined : facts?.bytes;
  switch (type) {
    case "s3-bucket":
      return { kind: "bucket", bytes };
    case "log-group":
      return { kind: "log-group", bytes };
    case "dynamodb-backup":
      return { kind: "backup", bytes };
    case "dynamodb-table":
      return {
        kind: "table",
        bytes,
        ...(facts?.readCapacityUnits === undefined
          ? {}
          : { provisioned: { reads: facts.readCapacityUnits, writes: facts.writeCapacityUnits ?? 0 } }),
      };
    case "kms-key":
      return { kind: "kms-key", pendingDeletion: leaving !== undefined };
    case "metric-alarm":
      return { kind: "alarm", metrics: facts?.alarmMetrics, highResolution: facts?.isHighResolution };
    case "composite-alarm":
    case "dashboard":
      return { kind: type };
    default:
      return { kind: "free-when-idle" };
  }
}
