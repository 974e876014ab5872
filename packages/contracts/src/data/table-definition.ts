import * as z from "zod";
import { describeProblems } from "../describe-problems.ts";
import { strictObject } from "../strict-object.ts";

/** DynamoDB's names of the types of attributes. */
export const attributeTypeSchema = z.enum(["S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"], {
  error: "expected one of DynamoDB's types: S, N, B, BOOL, NULL, M, L, SS, NS, BS",
});

const pattern = z.string().refine(
  (text) => {
    try {
      return new RegExp(text, "u") instanceof RegExp;
    } catch {
      return false;
    }
  },
  { error: "expected a regular expression" },
);

const valueShape = {
  type: attributeTypeSchema,
  /** For S: the whole text has to match. */
  pattern: pattern.optional(),
  /** For S: the values that there are. */
  oneOf: z.array(z.string()).min(1).optional(),
  /** For S: in Unicode code points, as JSON Schema counts. */
  minLength: z.int().nonnegative().optional(),
  maxLength: z.int().nonnegative().optional(),
  /** For N. */
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  wholeNumber: z.boolean().optional(),
};

const attributeSchema = strictObject({
  ...valueShape,
  description: z.string().min(1),
  optional: z.boolean().default(false),
  /** For M: what its entries are called and hold. */
  entries: strictObject({
    names: pattern,
    most: z.int().positive(),
    values: z.array(strictObject(valueShape)).min(1),
  }).optional(),
});

const keySchema = z.record(z.string().min(1), z.enum(["S", "N", "B"]));

/** What a table looks like: its keys, and the attributes of each kind of record that it holds. */
export const tableDefinitionSchema = strictObject({
  description: z.string().min(1),
  partitionKey: z.string().min(1),
  sortKey: z.string().min(1).optional(),
  /** The types of all attributes that are keys, of the table or of an index. */
  keyTypes: keySchema,
  indexes: z.record(
    z.string().min(1),
    strictObject({
      partitionKey: z.string().min(1),
      sortKey: z.string().min(1).optional(),
      projection: z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]),
    }),
  ),
  /** The attribute with the second since 1970 at which DynamoDB may delete a record. */
  timeToLive: z.string().min(1).optional(),
  /** The attribute that tells records of different kinds apart; none where there is one kind only. */
  kindAttribute: z.string().min(1).optional(),
  /** The kind of records that were written before there were kinds. */
  kindWhenMissing: z.string().min(1).optional(),
  /** By kind. */
  records: z.record(
    z.string().min(1),
    strictObject({ description: z.string().min(1), attributes: z.record(z.string().min(1), attributeSchema) }),
  ),
});

export type TableDefinition = z.output<typeof tableDefinitionSchema>;
export type AttributeDefinition = z.output<typeof attributeSchema>;
export type ValueDefinition = Omit<AttributeDefinition, "description" | "optional" | "entries">;
export type AttributeType = z.output<typeof attributeTypeSchema>;

/** Checks a table's definition; otherwise every problem, one line each. */
export function parseTableDefinition(
  value: unknown,
): { ok: true; definition: TableDefinition } | { ok: false; problems: readonly string[] } {
  const result = tableDefinitionSchema.safeParse(value, { reportInput: true });
  return result.success
    ? { ok: true, definition: result.data }
    : { ok: false, problems: describeProblems(result.error) };
}
