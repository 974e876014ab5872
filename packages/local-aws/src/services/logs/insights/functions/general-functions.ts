import { formatValue } from "../values/format-value.ts";
import { isTrue } from "../values/is-true.ts";
import { isStructure, type Value } from "../values/value.ts";
import { commonType, type ScalarFunction, textual } from "./scalar-function.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html */
export const generalFunctions: Readonly<Record<string, ScalarFunction>> = {
  ispresent: { least: 1, most: 1, evaluate: ([value]) => value !== undefined },
  coalesce: {
    least: 1,
    most: Number.POSITIVE_INFINITY,
    typeOf: commonType,
    evaluate: (values) => values.find((value) => value !== undefined),
  },
  if: {
    least: 3,
    most: 3,
    typeOf: ([, yes = "raw", no = "raw"]) => commonType([yes, no]),
    evaluate: ([condition, yes, no]) => (isTrue(condition) ? yes : no),
  },
  jsonparse: textual(1, 1, (text) => parse(text)),
  jsonstringify: {
    least: 1,
    most: 1,
    typeOf: () => "raw",
    evaluate: ([value], [type = "raw"]) => (isStructure(value) ? JSON.stringify(value) : formatValue(value, type)),
  },
};

function parse(text: string): Value {
  try {
    return (JSON.parse(text) as Value | null) ?? undefined;
  } catch {
    return undefined;
  }
}
