import { AwsError } from "../../core/aws-error.ts";
import type { MessageAttribute } from "./sns-state.ts";
import { invalidParameter, parseJsonObject } from "./topic-attributes.ts";

/** What a filter policy is held against: an attribute's value or values, or a parsed message body. */
type Subject = { readonly [key: string]: unknown };

type Test = (values: readonly unknown[] | undefined) => boolean;

/** A compiled filter policy. */
export type FilterPolicy = (subject: Subject) => boolean;

/**
 * Compiles a subscription's filter policy.
 *
 * @param text - the policy as JSON; `{}` lets every message through
 * @param scope - policies on the message's body may be nested, those on its attributes may not
 * @throws AwsError `InvalidParameterException` when the policy is malformed, `NotImplemented` for `cidr`
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function compileFilterPolicy(text: string, scope: "MessageAttributes" | "MessageBody"): FilterPolicy {
  return compileObject(parseJsonObject(text, "FilterPolicy"), scope === "MessageBody");
}

function compileObject(policy: Record<string, unknown>, nested: boolean): FilterPolicy {
  const parts = Object.entries(policy).map(([key, rule]): FilterPolicy => {
    if (key === "$or" && Array.isArray(rule)) {
      const choices = rule.map((choice) => compileObject(asObject(choice, "$or"), nested));
      return (subject) => choices.some((choice) => choice(subject));
    }
    if (Array.isArray(rule)) {
      if (rule.length === 0) {
        throw invalid(`Empty arrays are not allowed`);
      }
      const tests = rule.map(compileCondition);
      return (subject) => {
        const values = valuesOf(subject[key]);
        return tests.some((test) => test(values));
      };
    }
    if (!nested) {
      throw invalid(`"${key}" must be an object or an array`);
    }
    const inner = compileObject(asObject(rule, key), nested);
    // A list of objects matches when one of them does.
    return (subject) => (valuesOf(subject[key]) ?? [{}]).some((value) => inner(isObject(value) ? value : {}));
  });
  return (subject) => parts.every((part) => part(subject));
}

function compileCondition(condition: unknown): Test {
  if (!isObject(condition)) {
    return (values) => values?.includes(condition) ?? false;
  }
  const [entry, ...more] = Object.entries(condition);
  if (entry === undefined || more.length > 0) {
    throw invalid("Match type must have exactly one key");
  }
  const [name, operand] = entry;
  if (name === "exists") {
    if (typeof operand !== "boolean") {
      throw invalid("exists match pattern must be either true or false.");
    }
    return (values) => (values !== undefined) === operand;
  }
  if (name === "anything-but") {
    const excluded = compileExclusion(operand);
    return (values) => values?.some((value) => !excluded(value)) ?? false;
  }
  const matches = compileValueTest(name, operand);
  return (values) => values?.some(matches) ?? false;
}

function compileExclusion(operand: unknown): (value: unknown) => boolean {
  if (isObject(operand)) {
    const [[name, inner] = ["", undefined]] = Object.entries(operand);
    const tests = [inner].flat().map((each) => compileValueTest(name, each));
    return (value) => tests.some((test) => test(value));
  }
  const list = [operand].flat();
  if (list.length === 0 || list.some((value) => typeof value !== "string" && typeof value !== "number")) {
    throw invalid("anything-but must be a string, a number, or a list of them");
  }
  return (value) => list.includes(value as string | number);
}

function compileValueTest(name: string, operand: unknown): (value: unknown) => boolean {
  if (name === "numeric") {
    return compileNumeric(operand);
  }
  if (name === "cidr") {
    throw new AwsError("NotImplemented", "Local AWS does not match cidr in filter policies.");
  }
  if (typeof operand !== "string") {
    throw invalid(`${name} match pattern must be a string`);
  }
  switch (name) {
    case "prefix":
      return (value) => typeof value === "string" && value.startsWith(operand);
    case "suffix":
      return (value) => typeof value === "string" && value.endsWith(operand);
    case "equals-ignore-case":
      return (value) => typeof value === "string" && value.toLowerCase() === operand.toLowerCase();
    case "wildcard": {
      const pattern = new RegExp(`^${operand.split("*").map(escapeRegExp).join("[^]*")}$`);
      return (value) => typeof value === "string" && pattern.test(value);
    }
    default:
      throw invalid(`Unrecognized match type ${name}`);
  }
}

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "=": (value, limit) => value === limit,
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

function compileNumeric(operand: unknown): (value: unknown) => boolean {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw invalid("Value of numeric must be an array of one or two comparisons");
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = COMPARISONS[String(operand[index])];
    const limit: unknown = operand[index + 1];
    if (compare === undefined || typeof limit !== "number") {
      throw invalid(`Unrecognized numeric range operator: ${String(operand[index])}`);
    }
    tests.push((value) => compare(value, limit));
  }
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}

/** The attributes of a message as a filter policy sees them: numbers as numbers, arrays as lists, no binaries. */
export function attributesForFilter(attributes: Readonly<Record<string, MessageAttribute>>): Subject {
  const subject: Record<string, unknown> = {};
  for (const [name, { type, value }] of Object.entries(attributes)) {
    if (type.startsWith("Number")) {
      subject[name] = Number(value);
    } else if (type === "String.Array") {
      subject[name] = safeParse(value);
    } else if (type.startsWith("String")) {
      subject[name] = value;
    }
  }
  return subject;
}

/** A message's body as a filter policy sees it; `undefined` when it is not a JSON object and no policy can match it. */
export function bodyForFilter(message: string): Subject | undefined {
  const body = safeParse(message);
  return isObject(body) ? body : undefined;
}

function safeParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function valuesOf(value: unknown): readonly unknown[] | undefined {
  return value === undefined ? undefined : Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asObject(value: unknown, key: string): Record<string, unknown> {
  if (!isObject(value)) {
    throw invalid(`"${key}" must be an object or an array`);
  }
  return value;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function invalid(reason: string): AwsError {
  return invalidParameter(`FilterPolicy: ${reason}`);
}
