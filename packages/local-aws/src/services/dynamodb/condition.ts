import { type AttributeType, type AttributeValue, attributeOf, type Item, typeOf } from "./attribute-value.ts";

/** A path into an item: attribute name, then map keys and list indexes. */
export type Path = readonly (string | number)[];

/** An operand of a parsed condition: a path, a value, or a function of them. */
export type Operand =
  | Path
  | AttributeValue
  | { readonly type: "function"; readonly name: string; readonly args: Operand[] };

/** A condition or filter expression as dynalite's parser gives it. */
export interface Condition {
  readonly type: string;
  readonly name?: string;
  readonly args: readonly (Condition | Operand)[];
}

/**
 * Whether an item meets a condition or filter expression.
 *
 * dynalite parses expressions as AWS does, but its evaluation compares lists and maps by identity, takes `size` of an empty
 * string for a missing attribute, orders strings by UTF-16 units, and finds attributes such as `constructor` on every item;
 * so the evaluation is done here.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function meets(item: Item, condition: Condition): boolean {
  switch (condition.type) {
    case "and":
      return (condition.args as Condition[]).every((part) => meets(item, part));
    case "or":
      return (condition.args as Condition[]).some((part) => meets(item, part));
    case "not":
      return !meets(item, condition.args[0] as Condition);
    default: {
      const values = (condition.args as Operand[]).map((operand) => resolve(item, operand));
      return holds(condition.type === "function" ? (condition.name ?? "") : condition.type, values);
    }
  }
}

/** The value at a path of an item, or `undefined`. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item };
  for (const piece of path) {
    value = typeof piece === "number" ? value.L?.[piece] : value.M && attributeOf(value.M, piece);
    if (value === undefined) {
      return undefined;
    }
  }
  return value;
}

function resolve(item: Item, operand: Operand): AttributeValue | undefined {
  if (Array.isArray(operand)) {
    return valueAt(item, operand);
  }
  if ("type" in operand) {
    const [argument] = (operand as { args: Operand[] }).args;
    const value = argument === undefined ? undefined : resolve(item, argument);
    const size = value === undefined ? undefined : sizeOf(value);
    return size === undefined ? undefined : { N: String(size) };
  }
  return operand as AttributeValue;
}

function sizeOf(value: AttributeValue): number | undefined {
  switch (typeOf(value)) {
    case "S":
      return value.S?.length;
    case "B":
      return Buffer.from(value.B ?? "", "base64").length;
    case "M":
      return Object.keys(value.M ?? {}).length;
    case "SS":
    case "NS":
    case "BS":
    case "L":
      return (value.SS ?? value.NS ?? value.BS ?? value.L)?.length;
    default:
      return undefined;
  }
}

function holds(operator: string, [value, ...others]: (AttributeValue | undefined)[]): boolean {
  const [first, second] = others;
  switch (operator) {
    case "attribute_exists":
      return value !== undefined;
    case "attribute_not_exists":
      return value === undefined;
    case "attribute_type":
      return value !== undefined && typeOf(value) === first?.S;
    case "begins_with":
      return value !== undefined && first !== undefined && beginsWith(value, first);
    case "contains":
      return value !== undefined && first !== undefined && contains(value, first);
    case "=":
      return value !== undefined && first !== undefined && equal(value, first);
    case "<>":
      return value === undefined || first === undefined || !equal(value, first);
    case "in":
      return value !== undefined && others.some((other) => other !== undefined && equal(value, other));
    case "between":
      return atLeast(value, first) && atLeast(second, value);
    case "<":
      return (compare(value, first) ?? 0) < 0;
    case ">":
      return (compare(value, first) ?? 0) > 0;
    case "<=":
      return atLeast(first, value);
    case ">=":
      return atLeast(value, first);
    default:
      throw new Error(`The condition operator ${operator} is not known.`);
  }
}

function atLeast(left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  const order = compare(left, right);
  return order !== undefined && order >= 0;
}

/** Negative, zero or positive; `undefined` when the values cannot be ordered against each other. */
function compare(left: AttributeValue | undefined, right: AttributeValue | undefined): number | undefined {
  if (left === undefined || right === undefined) {
    return undefined;
  }
  if (left.S !== undefined && right.S !== undefined) {
    return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  }
  if (left.N !== undefined && right.N !== undefined) {
    return compareNumbers(left.N, right.N);
  }
  if (left.B !== undefined && right.B !== undefined) {
    return Buffer.compare(Buffer.from(left.B, "base64"), Buffer.from(right.B, "base64"));
  }
  return undefined;
}

/** Orders two numbers in canonical decimal text exactly: they may have more digits than a JavaScript number. */
export function compareNumbers(left: string, right: string): number {
  const leftNegative = left.startsWith("-");
  if (leftNegative !== right.startsWith("-")) {
    return leftNegative ? -1 : 1;
  }
  const order = compareMagnitudes(leftNegative ? left.slice(1) : left, leftNegative ? right.slice(1) : right);
  return leftNegative ? -order : order;
}

function compareMagnitudes(left: string, right: string): number {
  const [leftWhole = "0", leftFraction = ""] = left.split(".");
  const [rightWhole = "0", rightFraction = ""] = right.split(".");
  if (leftWhole.length !== rightWhole.length) {
    return leftWhole.length - rightWhole.length;
  }
  const leftDigits = leftWhole + leftFraction.padEnd(rightFraction.length, "0");
  const rightDigits = rightWhole + rightFraction.padEnd(leftFraction.length, "0");
  return leftDigits < rightDigits ? -1 : leftDigits > rightDigits ? 1 : 0;
}

function equal(left: AttributeValue, right: AttributeValue): boolean {
  const type = typeOf(left);
  if (type !== typeOf(right)) {
    return false;
  }
  switch (type) {
    case "L":
      return equalLists(left.L ?? [], right.L ?? []);
    case "M":
      return equalMaps(left.M ?? {}, right.M ?? {});
    case "SS":
    case "NS":
    case "BS":
      return equalSets(setOf(left), setOf(right));
    default:
      return left[type] === right[type];
  }
}

function equalLists(left: readonly AttributeValue[], right: readonly AttributeValue[]): boolean {
  return left.length === right.length && left.every((element, index) => equal(element, right[index] as AttributeValue));
}

function equalMaps(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const other = attributeOf(right, name);
      return other !== undefined && equal(left[name] as AttributeValue, other);
    })
  );
}

function equalSets(left: readonly string[], right: readonly string[]): boolean {
  const members = new Set(right);
  return left.length === right.length && left.every((member) => members.has(member));
}

function setOf(value: AttributeValue): readonly string[] {
  return value.SS ?? value.NS ?? value.BS ?? [];
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if (value.S !== undefined && prefix.S !== undefined) {
    return value.S.startsWith(prefix.S);
  }
  if (value.B !== undefined && prefix.B !== undefined) {
    const start = Buffer.from(prefix.B, "base64");
    return Buffer.from(value.B, "base64").subarray(0, start.length).equals(start);
  }
  return false;
}

/** Set types by the type of their members. */
const SET_OF: Readonly<Partial<Record<AttributeType, "SS" | "NS" | "BS">>> = { S: "SS", N: "NS", B: "BS" };

function contains(value: AttributeValue, wanted: AttributeValue): boolean {
  if (value.S !== undefined && wanted.S !== undefined) {
    return value.S.includes(wanted.S);
  }
  if (value.B !== undefined && wanted.B !== undefined) {
    return Buffer.from(value.B, "base64").includes(Buffer.from(wanted.B, "base64"));
  }
  if (value.L !== undefined) {
    return value.L.some((element) => equal(element, wanted));
  }
  const type = typeOf(wanted);
  const set = SET_OF[type];
  return set !== undefined && (value[set]?.includes(wanted[type] as string) ?? false);
}
