import {
  type AttributeDefinition,
  type AttributeType,
  type DocumentRecord,
  type DocumentValue,
  ExactNumber,
  type TableDefinition,
  type ValueDefinition,
} from "@slipway/contracts";

/**
 * Holds a record against what its table's definition says of its kind.
 *
 * @returns what is wrong, `status: expected one of active, inactive`; empty when nothing is
 */
export function checkRecord(definition: TableDefinition, record: DocumentRecord): readonly string[] {
  const { kindAttribute, kindWhenMissing, records } = definition;
  const kinds = Object.keys(records);
  const told = kindAttribute === undefined ? kinds[0] : (record[kindAttribute] ?? kindWhenMissing);
  const kind = typeof told === "string" ? records[told] : undefined;
  if (kind === undefined) {
    return [`${kindAttribute}: expected one of ${kinds.join(", ")}`];
  }
  const isToBeGuessed = (name: string) => name === kindAttribute && kindWhenMissing !== undefined;
  return [
    ...Object.entries(kind.attributes).flatMap(([name, attribute]) => {
      const value = record[name];
      if (value === undefined) {
        return attribute.optional || isToBeGuessed(name) ? [] : [`${name}: is missing`];
      }
      return checkAttribute(name, value, attribute);
    }),
    ...Object.keys(record)
      .filter((name) => !Object.hasOwn(kind.attributes, name))
      .map((name) => `${name}: is no attribute of ${String(told)}; it has ${Object.keys(kind.attributes).join(", ")}`),
  ];
}

function checkAttribute(name: string, value: DocumentValue, attribute: AttributeDefinition): string[] {
  const problems = checkValue(name, value, attribute);
  const { entries } = attribute;
  if (problems.length > 0 || entries === undefined) {
    return problems;
  }
  const all = Object.entries(value as Record<string, DocumentValue>);
  return [
    ...(all.length > entries.most ? [`${name}: has ${all.length} entries, and ${entries.most} is the most`] : []),
    ...all.flatMap(([entry, held]) => {
      const path = `${name}.${entry}`;
      if (!matches(entries.names, entry)) {
        return [`${path}: expected a name that matches ${entries.names}`];
      }
      const fitting = entries.values.find(({ type }) => type === typeOf(held));
      return fitting === undefined
        ? [`${path}: expected ${entries.values.map(({ type }) => type).join(" or ")}, and it is ${typeOf(held)}`]
        : checkValue(path, held, fitting);
    }),
  ];
}

function checkValue(path: string, value: DocumentValue, expected: ValueDefinition): string[] {
  const type = typeOf(value);
  if (type !== expected.type) {
    return [`${path}: expected ${expected.type}, and it is ${type}`];
  }
  const problems: string[] = [];
  const complain = (isWrong: boolean, text: string) => {
    if (isWrong) {
      problems.push(`${path}: ${text}`);
    }
  };
  if (typeof value === "string") {
    const { pattern, oneOf, minLength = 0, maxLength = Infinity } = expected;
    const { length } = [...value];
    complain(length < minLength, `is shorter than ${minLength}`);
    complain(length > maxLength, `is longer than ${maxLength}`);
    complain(oneOf !== undefined && !oneOf.includes(value), `expected one of ${oneOf?.join(", ")}`);
    complain(pattern !== undefined && !matches(pattern, value), `expected a text that matches ${pattern}`);
  } else if (type === "N") {
    const { minimum = -Infinity, maximum = Infinity, wholeNumber = false } = expected;
    complain(Number(value) < minimum, `is less than ${minimum}`);
    complain(Number(value) > maximum, `is more than ${maximum}`);
    complain(wholeNumber && !/^-?\d+$/.test(String(value)), "expected a whole number");
  }
  return problems;
}

function typeOf(value: DocumentValue): AttributeType {
  switch (typeof value) {
    case "string":
      return "S";
    case "number":
      return "N";
    case "boolean":
      return "BOOL";
    default:
  }
  if (value === null) {
    return "NULL";
  }
  if (value instanceof ExactNumber) {
    return "N";
  }
  if (value instanceof Uint8Array) {
    return "B";
  }
  if (value instanceof Set) {
    const [first] = value as ReadonlySet<DocumentValue>;
    return typeof first === "string" ? "SS" : first instanceof Uint8Array ? "BS" : "NS";
  }
  return Array.isArray(value) ? "L" : "M";
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`, "u").test(text);
}
