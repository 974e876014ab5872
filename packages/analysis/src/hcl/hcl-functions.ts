import { HclReference, type HclValue, isHclObject, UNKNOWN } from "./hcl-value.ts";

type Binary = (left: HclValue, right: HclValue) => HclValue;

const isOpen = (value: HclValue) => value === UNKNOWN || value instanceof HclReference;

/** What is made of something that is not known is not known either. */
export const known =
  (work: (...values: never[]) => HclValue) =>
  (...values: readonly HclValue[]): HclValue =>
    values.some(isOpen) ? UNKNOWN : work(...(values as never[]));

/** By how tightly they bind, the loosest first. */
export const OPERATORS: readonly Readonly<Record<string, Binary>>[] = [
  { "||": known((a: boolean, b: boolean) => a || b) },
  { "&&": known((a: boolean, b: boolean) => a && b) },
  { "==": known((a: HclValue, b: HclValue) => a === b), "!=": known((a: HclValue, b: HclValue) => a !== b) },
  {
    "<=": known((a: number, b: number) => a <= b),
    ">=": known((a: number, b: number) => a >= b),
    "<": known((a: number, b: number) => a < b),
    ">": known((a: number, b: number) => a > b),
  },
  { "+": known((a: number, b: number) => a + b), "-": known((a: number, b: number) => a - b) },
  {
    "*": known((a: number, b: number) => a * b),
    "/": known((a: number, b: number) => a / b),
    "%": known((a: number, b: number) => a % b),
  },
];

const withElements = (list: HclValue): readonly HclValue[] | undefined =>
  Array.isArray(list) ? (list as readonly HclValue[]) : undefined;

/** Those that give what they are given, if it is known which: a reference stays one. */
const PASSING: Readonly<Record<string, (...values: readonly HclValue[]) => HclValue>> = {
  coalesce: (...values) => values.find((value) => value !== null && value !== "") ?? null,
  tostring: (value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : (value ?? null)),
  one: (list) => {
    const elements = withElements(list ?? null);
    return elements === undefined ? (list ?? null) : (elements[0] ?? null);
  },
  nonsensitive: (value) => value ?? null,
  sensitive: (value) => value ?? null,
  concat: (...lists) => (lists.every(withElements) ? (lists as (readonly HclValue[])[]).flat() : UNKNOWN),
  toset: (list) => list ?? null,
  tolist: (list) => list ?? null,
  tomap: (object) => object ?? null,
  merge: (...objects) =>
    objects.every((each) => each === null || isHclObject(each) || each === UNKNOWN)
      ? Object.assign({}, ...objects)
      : UNKNOWN,
  jsonencode: (value) => value ?? null,
};

const FUNCTIONS: Readonly<Record<string, (...values: readonly HclValue[]) => HclValue>> = {
  join: known((by: string, list: readonly HclValue[]) => (list.some(isOpen) ? UNKNOWN : list.join(by))),
  keys: known((object: object) => Object.keys(object).sort()),
  lower: known((text: string) => text.toLowerCase()),
  replace: known((text: string, from: string, to: string) => text.replaceAll(from, to)),
  startswith: known((text: string, start: string) => text.startsWith(start)),
  trimprefix: known((text: string, start: string) => (text.startsWith(start) ? text.slice(start.length) : text)),
};

/** What a function gives; `UNKNOWN` for one that is not known here. `jsonencode` gives the value that would be encoded. */
export function callHclFunction(name: string, values: readonly HclValue[]): HclValue {
  const work = PASSING[name] ?? FUNCTIONS[name];
  return work === undefined ? UNKNOWN : work(...values);
}
