import * as z from "zod";
import { slipwayConfigSchema } from "./slipway-config.ts";

/** So many words are still readable in the place of a type. */
const MOST_WORDS = 8;

/** One key of slipway.config.ts, as a reference tells of it. */
export interface ConfigurationKey {
  /** `environments.NAME.functions[].name`: `NAME` stands for a name that people choose, `[]` for each element of a list. */
  readonly path: string;
  /** In words: `integer, 10 to 900`, `one of "pause", "ask-the-version"`, `object`. */
  readonly type: string;
  readonly isRequired: boolean;
  /** What holds where it is left out; absent where it is required, or where nothing does. */
  readonly default?: unknown;
  readonly description: string;
  /** Where the schema has one. */
  readonly example?: unknown;
  /** The words that it may be, where they are too many for `type`. */
  readonly words?: readonly string[];
  /** Has keys of its own, which follow. */
  readonly isSection: boolean;
  /** The path of another key whose keys this one has, too; they are not repeated. */
  readonly sameAs?: string;
}

/**
 * Every key that a slipway.config.ts may have, in the order of the schema: all of it is read out of the schema.
 *
 * @throws Error where a schema refuses its own example
 */
export function configurationReference(): readonly ConfigurationKey[] {
  const keys: ConfigurationKey[] = [];
  /** Objects that have been described, by the schema of their first key, which copies of an object share. */
  const described = new Map<z.ZodType, string>();

  const addKeys = (object: z.ZodObject, prefix: string): void => {
    for (const [name, schema] of Object.entries(object.shape)) {
      const path = prefix === "" ? name : `${prefix}.${name}`;
      // Of two ways to write the same object both may have it.
      if (!keys.some((key) => key.path === path)) {
        addKey(schema as z.ZodType, path);
      }
    }
  };

  const addKey = (schema: z.ZodType, path: string): void => {
    const { inner, isOptional, byDefault } = unwrap(schema);
    const parts = partsOf(inner);
    const meta = schema.meta() ?? {};
    const [example] = Array.isArray(meta.examples) ? meta.examples : [];
    if (example !== undefined && !schema.safeParse(example).success) {
      throw new Error(`the example of ${path} is refused by its own schema`);
    }
    const words = wordsOf(inner);
    const known = parts.map(({ object }) => described.get(firstOf(object)));
    const sameAs = parts.length === 1 ? known[0] : undefined;
    keys.push({
      path,
      type: typeOf(inner),
      isRequired: !isOptional,
      ...(byDefault === undefined ? {} : { default: byDefault }),
      description: meta.description ?? "",
      ...(example === undefined ? {} : { example }),
      ...(words.length > MOST_WORDS ? { words } : {}),
      isSection: parts.length > 0,
      ...(sameAs === undefined ? {} : { sameAs }),
    });
    if (sameAs !== undefined) {
      return;
    }
    for (const { object, suffix } of parts) {
      described.set(firstOf(object), `${path}${suffix}`);
      addKeys(object, `${path}${suffix}`);
    }
  };

  addKeys(slipwayConfigSchema, "");
  return keys;
}

/** A schema without what says that it may be left out. */
function unwrap(schema: z.ZodType): { inner: z.ZodType; isOptional: boolean; byDefault?: unknown } {
  if (schema instanceof z.ZodOptional) {
    return { inner: schema.unwrap() as z.ZodType, isOptional: true };
  }
  if (schema instanceof z.ZodPrefault) {
    // An object whose keys have defaults of their own.
    return { inner: schema.unwrap() as z.ZodType, isOptional: true };
  }
  if (schema instanceof z.ZodDefault) {
    return { inner: schema.unwrap() as z.ZodType, isOptional: true, byDefault: schema.def.defaultValue };
  }
  return { inner: schema, isOptional: false };
}

interface Part {
  readonly object: z.ZodObject;
  /** What comes between the path of the key and those of the object's keys. */
  readonly suffix: string;
}

/** The objects whose keys stand below a key: several where there are several ways to write it. */
function partsOf(schema: z.ZodType, suffix = ""): readonly Part[] {
  if (schema instanceof z.ZodObject) {
    return [{ object: schema, suffix }];
  }
  if (schema instanceof z.ZodArray) {
    return partsOf(schema.element as z.ZodType, `${suffix}[]`);
  }
  if (schema instanceof z.ZodRecord) {
    return partsOf(schema.valueType as z.ZodType, `${suffix}.NAME`);
  }
  return schema instanceof z.ZodUnion ? schema.options.flatMap((option) => partsOf(option as z.ZodType, suffix)) : [];
}

function firstOf(object: z.ZodObject): z.ZodType {
  return Object.values(object.shape)[0] as z.ZodType;
}

/** The words that a key may be, itself or in a list. */
function wordsOf(schema: z.ZodType): readonly string[] {
  if (schema instanceof z.ZodEnum) {
    return schema.options.map(String);
  }
  if (schema instanceof z.ZodArray) {
    return wordsOf(schema.element as z.ZodType);
  }
  if (schema instanceof z.ZodRecord) {
    return wordsOf(schema.keyType as z.ZodType);
  }
  return schema instanceof z.ZodUnion
    ? [...new Set(schema.options.flatMap((option) => wordsOf(option as z.ZodType)))]
    : [];
}

function typeOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodObject) {
    return "object";
  }
  if (schema instanceof z.ZodRecord) {
    return `names with ${plural(typeOf(schema.valueType as z.ZodType))}`;
  }
  if (schema instanceof z.ZodArray) {
    return `list of ${plural(typeOf(schema.element as z.ZodType))}`;
  }
  if (schema instanceof z.ZodUnion) {
    return [...new Set(schema.options.map((option) => typeOf(option as z.ZodType)))].join(", or ");
  }
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) {
    const values = schema instanceof z.ZodEnum ? schema.options : [...schema.values];
    const words = values.map((value) => JSON.stringify(value));
    if (words.length > MOST_WORDS) {
      return "one of the words below";
    }
    return words.length === 1 ? `${words[0]}` : `one of ${words.join(", ")}`;
  }
  if (schema instanceof z.ZodLazy) {
    return "any JSON";
  }
  return scalarOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

function scalarOf({ type, format, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  if (type === "string") {
    return format === "date" ? "a day, such as 2027-01-31" : "string";
  }
  if (type !== "number" && type !== "integer") {
    return typeof type === "string" ? type : "any JSON";
  }
  // An integer that nobody limited has the limits of JavaScript's.
  const isLimit = (limit: unknown) => typeof limit === "number" && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  const low = isLimit(minimum) ? `from ${minimum}` : isLimit(exclusiveMinimum) ? `above ${exclusiveMinimum}` : "";
  const high = isLimit(maximum) ? `to ${maximum}` : isLimit(exclusiveMaximum) ? `below ${exclusiveMaximum}` : "";
  return [
    type,
    ...(low === "" && high === ""
      ? []
      : [[low, high].filter((each) => each !== "").join(high.startsWith("below") ? ", " : " ")]),
  ].join(", ");
}

function plural(type: string): string {
  return type.replace(/^(string|object|integer|number)\b/, "$1s");
}
