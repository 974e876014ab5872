import { formatValue } from "../values/format-value.ts";
import { toNumber } from "../values/to-number.ts";
import type { Value, ValueType } from "../values/value.ts";

/** A function of the language that makes one value of others. */
export interface ScalarFunction {
  readonly least: number;
  readonly most: number;
  /** What kind of value it makes; `computed` unless told. */
  readonly typeOf?: (types: readonly ValueType[]) => ValueType;
  /** Says what is wrong with an argument that is written out, before any event is read. */
  readonly check?: (constants: readonly Value[]) => string | undefined;
  readonly evaluate: (values: readonly Value[], types: readonly ValueType[]) => Value;
}

/** A function of one number; what is no number, and what comes out as none, is missing. */
export function numeric(compute: (value: number) => number): ScalarFunction {
  return {
    least: 1,
    most: 1,
    evaluate: ([value]) => {
      const number = toNumber(value);
      return number === undefined ? undefined : finite(compute(number));
    },
  };
}

/** A function of texts; numbers and times are taken as they are written. A missing argument makes a missing result. */
export function textual(least: number, most: number, compute: (...texts: string[]) => Value): ScalarFunction {
  return {
    least,
    most,
    typeOf: () => "raw",
    evaluate: (values, types) => {
      const texts = values.map((value, index) => formatValue(value, types[index] ?? "raw"));
      return texts.every((text) => text !== undefined) ? compute(...(texts as string[])) : undefined;
    },
  };
}

/** The same kind of value where all arguments are of one kind. */
export function commonType(types: readonly ValueType[]): ValueType {
  const [first = "raw"] = types;
  return types.every((type) => type === first) ? first : "raw";
}

/** Infinity and NaN are no values. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
