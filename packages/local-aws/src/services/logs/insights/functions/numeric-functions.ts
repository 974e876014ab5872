import { toNumber } from "../values/to-number.ts";
import type { Value } from "../values/value.ts";
import { commonType, numeric, type ScalarFunction } from "./scalar-function.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html */
export const numericFunctions: Readonly<Record<string, ScalarFunction>> = {
  abs: numeric(Math.abs),
  ceil: numeric(Math.ceil),
  floor: numeric(Math.floor),
  log: numeric(Math.log),
  round: numeric(Math.round),
  sqrt: numeric(Math.sqrt),
  tonumber: numeric((value) => value),
  greatest: extreme(Math.max),
  least: extreme(Math.min),
};

function extreme(choose: (...numbers: number[]) => number): ScalarFunction {
  return {
    least: 1,
    most: Number.POSITIVE_INFINITY,
    typeOf: (types) => (commonType(types) === "timestamp" ? "timestamp" : "computed"),
    evaluate: (values) => {
      const numbers = values.map((value: Value) => toNumber(value)).filter((number) => number !== undefined);
      return numbers.length === 0 ? undefined : choose(...numbers);
    },
  };
}
