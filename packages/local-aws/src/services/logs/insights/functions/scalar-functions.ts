import { generalFunctions } from "./general-functions.ts";
import { ipFunctions } from "./ip-functions.ts";
import { numericFunctions } from "./numeric-functions.ts";
import type { ScalarFunction } from "./scalar-function.ts";
import { textFunctions } from "./text-functions.ts";
import { timeFunctions } from "./time-functions.ts";

/** All functions of one value at a time, by their names in lower case. `bin`, `datefloor`, `dateceil` and `now` are part of the language. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  Object.entries({ ...numericFunctions, ...textFunctions, ...generalFunctions, ...timeFunctions, ...ipFunctions }),
);

/** Functions that CloudWatch Logs has and local AWS does not. */
export const NOT_IMPLEMENTED: ReadonlySet<string> = new Set([
  ...["haversine", "toint", "tolong", "todouble", "case", "ipv4tonumber", "isprivateip", "ispublicip", "isreservedip"],
  ...["regex_replace", "urlencode", "urldecode", "split", "values", "rate", "count_over_time", "sum_over_time"],
  ...["histogram", "unmask"],
]);
