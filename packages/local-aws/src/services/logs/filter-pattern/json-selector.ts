import { invalidPattern } from "./filter-pattern.ts";

type Step = string | number | typeof ANY;

/** `*` in a selector: every element of an array, every member of an object. */
const ANY = Symbol("*");

/** A selector of a JSON pattern, such as `$.users[0].id`, compiled. */
export interface JsonSelector {
  readonly text: string;
  readonly wildcards: number;
  /** The values it points to: none, one, or several when it has a wildcard. */
  select(json: unknown): readonly unknown[];
}

/** Matches a selector at the start of the rest of a pattern. */
export const SELECTOR = /\$(?:\.(?:[A-Za-z0-9_\-@]+|\*)|\.?\[(?:\d+|\*|'[^']*'|"[^"]*")\])+/y;

const STEP = /\.(?<name>[A-Za-z0-9_\-@]+|\*)|\.?\[(?:(?<index>\d+|\*)|'(?<single>[^']*)'|"(?<double>[^"]*)")\]/y;

/**
 * Compiles a selector.
 *
 * @throws AwsError `InvalidParameterException`
 */
export function compileSelector(text: string): JsonSelector {
  const steps: Step[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex > 0 && STEP.lastIndex < text.length) {
    const { name, index, single, double } = STEP.exec(text)?.groups ?? {};
    const word = name ?? single ?? double;
    if (word !== undefined) {
      steps.push(word === "*" ? ANY : word);
    } else if (index !== undefined) {
      steps.push(index === "*" ? ANY : Number(index));
    }
  }
  if (!text.startsWith("$") || steps.length === 0 || STEP.lastIndex !== text.length) {
    throw invalidPattern(`"${text}" is not a JSON selector`);
  }
  const wildcards = steps.filter((step) => step === ANY).length;
  if (wildcards > 1) {
    throw invalidPattern(`"${text}" has more than one wildcard`);
  }
  if (wildcards === 0) {
    return { text, wildcards, select: (json) => selectOne(json, steps) };
  }
  return {
    text,
    wildcards,
    select: (json) =>
      steps.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => follow(value, step)), [json]),
  };
}

function selectOne(json: unknown, steps: readonly Step[]): readonly unknown[] {
  let value = json;
  for (const step of steps) {
    const [next] = follow(value, step);
    if (next === undefined) {
      return [];
    }
    value = next;
  }
  return [value];
}

function follow(value: unknown, step: Step): unknown[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  if (step === ANY) {
    return Object.values(value);
  }
  if (typeof step === "number") {
    return Array.isArray(value) && step < value.length ? [value[step]] : [];
  }
  return !Array.isArray(value) && Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
}
