import { invalid } from "./control-plane.ts";
import type { Throughput } from "./table.ts";

/** Provisioned capacity as requests have it. */
export interface RequestedThroughput {
  readonly ReadCapacityUnits: number | undefined;
  readonly WriteCapacityUnits: number | undefined;
}

/** The capacity that a request wants. @throws AwsError `ValidationException` unless both numbers are at least 1 */
export function requestedUnits(requested: RequestedThroughput | undefined): Pick<Throughput, "read" | "write"> {
  return {
    read: units("readCapacityUnits", requested?.ReadCapacityUnits),
    write: units("writeCapacityUnits", requested?.WriteCapacityUnits),
  };
}

function units(member: string, value: number | undefined): number {
  if (value === undefined || value < 1) {
    throw invalid(
      `1 validation error detected: Value '${value ?? "null"}' at 'provisionedThroughput.${member}' failed to satisfy constraint: Member must ${value === undefined ? "not be null" : "have value greater than or equal to 1"}`,
    );
  }
  return value;
}
