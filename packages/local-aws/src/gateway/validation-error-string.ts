import type { OutputUnit } from "@cfworker/json-schema";

/** Complaints about a whole whose parts have complaints of their own. */
const OUTER = new Set(["properties", "items", "$ref", "false"]);

/**
 * What API Gateway says of a body that does not fit its model, as `$context.error.validationErrorString` has it: the messages of the
 * validator that it uses, which names values but not where they are. Parts of something that is wrong itself are not looked at.
 *
 * Source: the message bundle of json-schema-validator 2.2 (com.github.java-json-tools), whose wording answers of API Gateway have.
 *
 * @param errors what our own validator says, all of it
 * @param body the parsed body
 */
export function validationErrorString(errors: readonly OutputUnit[], body: unknown): string {
  const own = errors.filter(({ keyword }) => !OUTER.has(keyword));
  const places = new Set(own.map(({ instanceLocation }) => instanceLocation));
  const hasWrongWhole = (location: string) => [...places].some((place) => location.startsWith(`${place}/`));
  const told = own.filter(({ instanceLocation }) => !hasWrongWhole(instanceLocation));
  const messages = [...Map.groupBy(told, ({ keyword, instanceLocation }) => `${instanceLocation} ${keyword}`).values()];
  return `[${(messages.length > 0 ? messages : [errors]).map((group) => message(group, body)).join(", ")}]`;
}

/** Of the complaints of one keyword at one place. */
function message(group: readonly OutputUnit[], body: unknown): string {
  const [first] = group;
  if (first === undefined) {
    return "";
  }
  const { keyword, error, instanceLocation } = first;
  const value = valueAt(body, instanceLocation);
  const names = () => list(group.map((each) => quoted(each.error)[0] ?? ""));
  switch (keyword) {
    case "type":
      return `instance type (${typeOf(value)}) does not match any allowed primitive type (allowed: ${list(quoted(error).slice(1))})`;
    case "required":
      return `object has missing required properties (${names()})`;
    case "additionalProperties":
      return `object instance has properties which are not allowed by the schema: ${names()}`;
    case "enum":
      return `instance value (${JSON.stringify(value)}) not found in enum (possible values: ${error.slice(error.indexOf("["), -1)})`;
    case "minLength":
    case "maxLength": {
      const [length, limit] = /\((\d+) [<>] (\d+)\)/.exec(error)?.slice(1) ?? [];
      const said =
        keyword === "minLength"
          ? `too short (length: ${length}, required minimum: ${limit})`
          : `too long (length: ${length}, maximum allowed: ${limit})`;
      return `string ${JSON.stringify(value)} is ${said}`;
    }
    default:
      return `${instanceLocation}: ${error}`;
  }
}

function quoted(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"/g)].map(([, inside = ""]) => inside);
}

function list(names: readonly string[]): string {
  return JSON.stringify([...names].sort());
}

function typeOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  return Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
}

/** The value at a location such as `#/part/0/name`. */
function valueAt(body: unknown, location: string): unknown {
  const steps = location
    .split("/")
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined,
    body,
  );
}
