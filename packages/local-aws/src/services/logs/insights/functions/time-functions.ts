import { toNumber } from "../values/to-number.ts";
import { numeric, type ScalarFunction } from "./scalar-function.ts";

/** The functions of time that take no period. */
export const timeFunctions: Readonly<Record<string, ScalarFunction>> = {
  frommillis: {
    least: 1,
    most: 1,
    typeOf: () => "timestamp",
    evaluate: ([value]) => toNumber(value),
  },
  tomillis: numeric((value) => value),
};
