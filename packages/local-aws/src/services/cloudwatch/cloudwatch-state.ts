import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { MetricStore } from "./metric-store.ts";

/** The SDK module that types this service's operations. */
export type CloudWatch = typeof import("@aws-sdk/client-cloudwatch");

/** What metric operations work on. */
export interface MetricsState {
  readonly core: Core;
  readonly metrics: MetricStore;
}

/** Units that CloudWatch knows. */
export const UNITS: ReadonlySet<string> = new Set([
  "Seconds",
  "Microseconds",
  "Milliseconds",
  "Bytes",
  "Kilobytes",
  "Megabytes",
  "Gigabytes",
  "Terabytes",
  "Bits",
  "Kilobits",
  "Megabits",
  "Gigabits",
  "Terabits",
  "Percent",
  "Count",
  "Bytes/Second",
  "Kilobytes/Second",
  "Megabytes/Second",
  "Gigabytes/Second",
  "Terabytes/Second",
  "Bits/Second",
  "Kilobits/Second",
  "Megabits/Second",
  "Gigabits/Second",
  "Terabits/Second",
  "Count/Second",
  "None",
]);

const MAX_DIMENSIONS = 30;
/** CloudWatch takes numbers from -2^360 to 2^360. */
const LARGEST_VALUE = 2 ** 360;
const MAX_AGE_MS = 14 * 86_400_000;
const MAX_AHEAD_MS = 2 * 3_600_000;

/** Namespace and name of a metric, checked. */
export function readMetricName(
  input: { Namespace?: string | undefined; MetricName?: string | undefined },
  path = "",
): { namespace: string; name: string } {
  const { Namespace: namespace = "", MetricName: name = "" } = input;
  if (namespace === "") {
    throw missing(`${path}Namespace`);
  }
  if (name === "") {
    throw missing(`${path}MetricName`);
  }
  if (namespace.length > 255 || namespace.startsWith(":") || namespace.trim() === "" || !isAscii(namespace)) {
    throw invalidValue(namespace, `${path}Namespace`);
  }
  if (name.length > 255 || name.trim() === "" || hasControlCharacters(name)) {
    throw invalidValue(name, `${path}MetricName`);
  }
  return { namespace, name };
}

/** Dimensions as a record, checked. */
export function readDimensions(
  given: readonly { Name?: string; Value?: string }[] | undefined,
  path: string,
): Record<string, string> {
  if (given === undefined) {
    return {};
  }
  if (given.length > MAX_DIMENSIONS) {
    throw new AwsError(
      "InvalidParameterValueException",
      `The collection ${path} must not have a size greater than ${MAX_DIMENSIONS}.`,
    );
  }
  // No object yet, which would not take `__proto__` as a name.
  const dimensions = new Map<string, string>();
  given.forEach(({ Name: name = "", Value: value = "" }, index) => {
    const at = `${path}.member.${index + 1}`;
    if (name === "") {
      throw missing(`${at}.Name`);
    }
    if (value === "") {
      throw missing(`${at}.Value`);
    }
    if (name.length > 255 || name.startsWith(":") || !isAscii(name)) {
      throw invalidValue(name, `${at}.Name`);
    }
    if (value.length > 1024 || value.trim() === "" || !isAscii(value)) {
      throw invalidValue(value, `${at}.Value`);
    }
    if (dimensions.has(name)) {
      throw new AwsError(
        "InvalidParameterValueException",
        `No two dimensions of ${path} can have the same name: ${name}.`,
      );
    }
    dimensions.set(name, value);
  });
  return Object.fromEntries(dimensions);
}

/** @throws AwsError when the unit is none that CloudWatch knows */
export function checkUnit(unit: string | undefined, parameter: string): void {
  if (unit !== undefined && !UNITS.has(unit)) {
    throw invalidValue(unit, parameter);
  }
}

/** True for the numbers that CloudWatch takes as values: no NaN, no infinity, none beyond 2^360. */
export function isTakenValue(value: number): boolean {
  return Math.abs(value) <= LARGEST_VALUE;
}

/** True for times that data may have: up to two weeks ago and two hours ahead; in milliseconds since the epoch. */
export function isTakenTime(time: number, now: number): boolean {
  return time >= now - MAX_AGE_MS && time <= now + MAX_AHEAD_MS;
}

/** CloudWatch's error for a parameter that is not there. */
export function missing(parameter: string): AwsError {
  return new AwsError("MissingRequiredParameterException", `The parameter ${parameter} is required.`);
}

/** CloudWatch's error for a value that it does not take. */
export function invalidValue(value: unknown, parameter: string): AwsError {
  return new AwsError("InvalidParameterValueException", `The value ${value} for parameter ${parameter} is invalid.`);
}

/** CloudWatch's error for a request that is wrong as a whole (the Query protocol's `ValidationError`). */
export function validationError(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

/** Reads a paging token that {@link writeToken} made. */
export function readToken(token: string | undefined): number {
  if (token === undefined || token === "") {
    return 0;
  }
  const start = Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError("InvalidNextToken", "The next token specified is invalid.");
  }
  return start;
}

/** Makes an opaque paging token. */
export function writeToken(start: number): string {
  return Buffer.from(String(start)).toString("base64url");
}

/** Control characters are in no name and no value: what tells series apart relies on it. */
export function hasControlCharacters(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
