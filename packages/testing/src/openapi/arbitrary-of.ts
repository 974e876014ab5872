import fc from "fast-check";
import type { JsonSchema, OpenApiDocument } from "./openapi-document.ts";

/** Lengths that are usual; a limit itself is tried now and then. */
const USUAL_LENGTH = 12;
const USUAL_MEMBERS = 4;
const AT_THE_LIMIT = { usual: 24, limit: 1 };

/**
 * Values that fit a schema: of each of its types, optional members there or not, texts and numbers up to their limits.
 *
 * @throws {Error} when the schema says something that this does not know
 */
export function arbitraryOf(schema: JsonSchema, document: OpenApiDocument): fc.Arbitrary<unknown> {
  const { $ref, type } = schema;
  if ($ref !== undefined) return arbitraryOf(resolve($ref, document), document);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (Array.isArray(type)) return fc.oneof(...type.map((each) => arbitraryOf({ ...schema, type: each }, document)));
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: schema.minimum, max: schema.maximum });
    case "number":
      return numbers(schema);
    case "string":
      return strings(schema);
    case "object":
      return objects(schema, document);
    default:
      throw new Error(`No values can be made of the schema ${JSON.stringify(schema)}.`);
  }
}

function resolve(reference: string, document: OpenApiDocument): JsonSchema {
  const schema = document.components.schemas[reference.replace("#/components/schemas/", "")];
  if (schema === undefined) throw new Error(`The document has no ${reference}.`);
  return schema;
}

function numbers({ minimum: min, maximum: max }: JsonSchema): fc.Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min: Math.max(min ?? -1e6, -1e6), max: Math.min(max ?? 1e6, 1e6) }),
    fc.double({ min, max, noNaN: true, noDefaultInfinity: true }),
  );
}

function strings({ format, pattern, minLength = 0, maxLength }: JsonSchema): fc.Arbitrary<string> {
  if (format === "uuid") return fc.uuid();
  if (format === "date-time") return times();
  if (format !== undefined) throw new Error(`No texts can be made of the format ${format}.`);
  const usual = Math.max(minLength, Math.min(maxLength ?? USUAL_LENGTH, USUAL_LENGTH));
  const text = (min: number, max: number) => fc.string({ unit: "binary", minLength: min, maxLength: max, size: "max" });
  if (pattern === undefined) {
    return maxLength === undefined
      ? text(minLength, usual)
      : fc.oneof(
          { weight: AT_THE_LIMIT.usual, arbitrary: text(minLength, usual) },
          { weight: AT_THE_LIMIT.limit, arbitrary: text(maxLength, maxLength) },
        );
  }
  const fits = new RegExp(pattern, "u");
  const isAnchored = pattern.startsWith("^") && pattern.endsWith("$");
  if (!isAnchored) return strings({ minLength, maxLength }).filter((value) => fits.test(value));
  return matching(pattern, maxLength).filter(
    (value) => fits.test(value) && value.length >= minLength && value.length <= (maxLength ?? Number.POSITIVE_INFINITY),
  );
}

/** fast-check makes texts of a pattern unless it looks ahead: what a look-ahead forbids is filtered out. */
function matching(pattern: string, maxLength: number | undefined): fc.Arbitrary<string> {
  const source = pattern.replaceAll(/\(\?![^)]*\)/g, "");
  const characterClass = /^\^(\[[^\]]+\])\+\$$/.exec(source)?.[1];
  if (characterClass !== undefined && maxLength !== undefined) {
    const unit = fc.stringMatching(new RegExp(`^${characterClass}$`));
    return fc.oneof(
      { weight: AT_THE_LIMIT.usual, arbitrary: fc.string({ unit, minLength: 1, maxLength: USUAL_LENGTH }) },
      {
        weight: AT_THE_LIMIT.limit,
        arbitrary: fc.string({ unit, minLength: maxLength, maxLength, size: "max" }),
      },
    );
  }
  return fc.stringMatching(new RegExp(source));
}

/** Times of RFC 3339, with and without fractions, in UTC and elsewhere; most of them in the future. */
function times(): fc.Arbitrary<string> {
  const years = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 2100, max: 9999 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 9999 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1969, 2000, 9999) },
  );
  const two = (number: number) => String(number).padStart(2, "0");
  const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
  const zone = fc.oneof(
    fc.constant("Z"),
    fc.tuple(fc.constantFrom("+", "-"), clock).map(([sign, [hour, minute]]) => `${sign}${two(hour)}:${two(minute)}`),
  );
  const fraction = fc.oneof(fc.constant(""), fc.stringMatching(/^\.\d{1,9}$/));
  return fc
    .tuple(years, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }), clock, fraction, zone)
    .map(
      ([year, month, day, [hour, minute], decimals, offset]) =>
        `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(minute)}${decimals}${offset}`,
    );
}

function objects(schema: JsonSchema, document: OpenApiDocument): fc.Arbitrary<object> {
  const { properties = {}, required = [], patternProperties = {}, maxProperties, additionalProperties } = schema;
  if (additionalProperties !== false) throw new Error("No objects can be made of a schema that is open.");
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  const members = Object.entries(properties).map(([name, member]) => [name, arbitraryOf(member, document)]);
  // Each optional member is there as often as not, which fc.record on its own does not do.
  const named = fc
    .tuple(fc.record(Object.fromEntries(members), { noNullPrototype: true }), fc.subarray(optional))
    .map(([all, left]) => Object.fromEntries(Object.entries(all).filter(([name]) => !left.includes(name))));
  const [free, ...more] = Object.entries(patternProperties).map(([pattern, member]) => {
    const name = strings({ pattern });
    const value = arbitraryOf(member, document);
    const most = maxProperties ?? USUAL_MEMBERS;
    const dictionary = (min: number, max: number) =>
      fc.dictionary(name, value, { minKeys: min, maxKeys: max, size: "max", noNullPrototype: true });
    return fc.oneof(
      { weight: AT_THE_LIMIT.usual, arbitrary: dictionary(0, Math.min(USUAL_MEMBERS, most)) },
      { weight: AT_THE_LIMIT.limit, arbitrary: dictionary(most, most) },
    );
  });
  if (more.length > 0) throw new Error("No objects can be made of several patterns of names.");
  return free === undefined ? named : fc.tuple(named, free).map(([one, other]) => ({ ...one, ...other }));
}
