import { BlockList, isIP } from "node:net";
import type { ContextValues } from "./context-values.ts";
import { hasVariables, resolveVariables } from "./policy-variables.ts";
import { compileArnPattern, compileWildcard, restoreLiterals } from "./wildcard.ts";

/** One key of one operator of a `Condition` element. */
export interface Condition {
  holds(context: ContextValues): boolean;
}

/** Compares one value of the request with one value of the policy. */
type Comparison = (wanted: string) => (given: string) => boolean;

interface Operator {
  readonly compare: Comparison;
  /** `StringNotEquals` and the like: true when no value of the policy matches, and when the key is missing. */
  readonly isNegated: boolean;
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  stringequals: (wanted) => (given) => given === wanted,
  stringequalsignorecase: (wanted) => (given) => given.toLowerCase() === wanted.toLowerCase(),
  stringlike: compileWildcard,
  arnequals: compileArnPattern,
  arnlike: compileArnPattern,
  binaryequals: (wanted) => (given) => given === wanted,
  bool: (wanted) => (given) => given.toLowerCase() === wanted.toLowerCase(),
  ipaddress: inRange,
  numericequals: numeric((given, wanted) => given === wanted),
  numericlessthan: numeric((given, wanted) => given < wanted),
  numericlessthanequals: numeric((given, wanted) => given <= wanted),
  numericgreaterthan: numeric((given, wanted) => given > wanted),
  numericgreaterthanequals: numeric((given, wanted) => given >= wanted),
  dateequals: date((given, wanted) => given === wanted),
  datelessthan: date((given, wanted) => given < wanted),
  datelessthanequals: date((given, wanted) => given <= wanted),
  dategreaterthan: date((given, wanted) => given > wanted),
  dategreaterthanequals: date((given, wanted) => given >= wanted),
};

const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: "stringequals",
  stringnotequalsignorecase: "stringequalsignorecase",
  stringnotlike: "stringlike",
  arnnotequals: "arnequals",
  arnnotlike: "arnlike",
  notipaddress: "ipaddress",
  numericnotequals: "numericequals",
  datenotequals: "dateequals",
};

/**
 * Compiles one key of a condition.
 *
 * @param knowsVariables - false for documents of before 2012, where `${aws:username}` is just text
 * @returns `undefined` for an operator that IAM does not have
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function compileCondition(
  operator: string,
  key: string,
  values: readonly string[],
  knowsVariables = true,
): Condition | undefined {
  const [, set, base = "", ifExists] =
    /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
  if (base === "null") {
    const wantsMissing = values.some((value) => value.toLowerCase() === "true");
    return set === undefined && ifExists === undefined
      ? { holds: (context) => ((context.get(key)?.length ?? 0) === 0) === wantsMissing }
      : undefined;
  }
  const known = operatorOf(base);
  if (known === undefined) {
    return undefined;
  }
  const matchersIn = matchersOf(known.compare, values, knowsVariables);
  return {
    holds(context) {
      const given = context.get(key);
      if (given === undefined || given.length === 0) {
        return missing(set, ifExists !== undefined, known.isNegated);
      }
      const matchers = matchersIn(context);
      // For one value: does it meet the operator? A negated one is met when nothing matches.
      const meets = (value: string): boolean => matchers.some((matches) => matches(value)) !== known.isNegated;
      // Without a set operator a negation is about all the values: one that matches is enough to fail.
      return set === "forallvalues" || (set === undefined && known.isNegated) ? given.every(meets) : given.some(meets);
    },
  };
}

/** The operators' names, for the check of a policy when it is written. */
export function isConditionOperator(operator: string): boolean {
  return compileCondition(operator, "aws:x", ["0"]) !== undefined;
}

function operatorOf(base: string): Operator | undefined {
  const positive = Object.hasOwn(NEGATED, base) ? NEGATED[base] : undefined;
  const name = positive ?? base;
  const compare = Object.hasOwn(COMPARISONS, name) ? COMPARISONS[name] : undefined;
  return compare === undefined ? undefined : { compare, isNegated: positive !== undefined };
}

function missing(set: string | undefined, ifExists: boolean, isNegated: boolean): boolean {
  if (ifExists || set === "forallvalues") {
    return true;
  }
  return set === undefined && isNegated;
}

/** The matchers of the policy's values: made once, but for those with variables, which every request gives another value. */
function matchersOf(
  compare: Comparison,
  values: readonly string[],
  knowsVariables: boolean,
): (context: ContextValues) => readonly ((given: string) => boolean)[] {
  if (!knowsVariables || !values.some(hasVariables)) {
    const fixed = values.map(compare);
    return () => fixed;
  }
  return (context) =>
    values
      .map((value) => resolveVariables(value, context))
      .filter((value) => value !== undefined)
      .map((value) => compare(takesPatterns(compare) ? value : restoreLiterals(value)));
}

function takesPatterns(compare: Comparison): boolean {
  return compare === compileWildcard || compare === compileArnPattern;
}

function numeric(holds: (given: number, wanted: number) => boolean): Comparison {
  return (wanted) => {
    const limit = Number(wanted);
    return (given) => given.trim() !== "" && !Number.isNaN(Number(given)) && holds(Number(given), limit);
  };
}

function date(holds: (given: number, wanted: number) => boolean): Comparison {
  return (wanted) => {
    const limit = timeOf(wanted);
    return (given) => holds(timeOf(given), limit);
  };
}

/** ISO 8601 or seconds since the epoch; NaN, which compares with nothing, for anything else. */
function timeOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function inRange(wanted: string): (given: string) => boolean {
  const [address = "", bits] = wanted.split("/");
  const family = isIP(address);
  if (family === 0) {
    return () => false;
  }
  const ranges = new BlockList();
  const kind = family === 4 ? "ipv4" : "ipv6";
  const prefix = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > (family === 4 ? 32 : 128)) {
    return () => false;
  }
  ranges.addSubnet(address, prefix, kind);
  return (given) => {
    const plain = given.replace(/^::ffff:(?=\d+\.)/i, "");
    const givenFamily = isIP(plain);
    return givenFamily === family && ranges.check(plain, kind);
  };
}
