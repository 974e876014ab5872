import { type Static, type TSchema, Type } from "typebox";
import { type Attributes, ITEM_STATUSES, type ItemStatus } from "../src/items/item.ts";
import { LIMITS } from "../src/items/limits.ts";

/*
 * The shapes of the contract, as JSON Schema with TypeScript types. They are used when code and documents are generated, never while the
 * function runs: validation runs on code made of them (src/generated).
 */

const { name, description, attributes } = LIMITS;

const nameSchema = Type.String({
  minLength: 1,
  maxLength: name.length,
  pattern: "\\S",
  description: "What people call it; at least one visible character.",
  examples: ["Blue bicycle"],
});

const descriptionSchema = Type.String({
  maxLength: description.length,
  description: "Free text.",
  examples: ["Seven gears, one owner."],
});

const statusSchema = Type.Unsafe<ItemStatus>({
  type: "string",
  enum: [...ITEM_STATUSES],
  description: "The list that the item is in.",
  examples: ["active"],
});

const attributeValueSchema = {
  type: ["string", "number", "boolean"],
  maxLength: attributes.valueLength,
  minimum: -attributes.largestNumber,
  maximum: attributes.largestNumber,
};

const attributesSchema = Type.Unsafe<Attributes>({
  type: "object",
  maxProperties: attributes.count,
  patternProperties: { [attributes.namePattern]: attributeValueSchema },
  additionalProperties: false,
  description: `Properties of your own: texts, numbers and booleans. A number other than 0 is at least ${attributes.smallestNumber} in size.`,
  examples: [{ colour: "blue", gears: 7, boxed: false }],
});

const timeSchema = (text: string, example: string) =>
  Type.String({ format: "date-time", description: text, examples: [example] });

const expiresAtSchema = timeSchema(
  "When the item ceases to exist: in the future, rounded down to whole seconds.",
  "2030-01-31T12:00:00.000Z",
);

const contentProperties = {
  name: nameSchema,
  description: Type.Optional(descriptionSchema),
  status: Type.Optional(statusSchema),
  attributes: Type.Optional(attributesSchema),
  expiresAt: Type.Optional(expiresAtSchema),
};

/** What a client writes: the body of a creation or a replacement. */
export const itemContentSchema = Type.Object(contentProperties, {
  $id: "ItemContent",
  additionalProperties: false,
  description: "The part of an item that clients write. `status` is `active` where it is left out.",
});

/** A merge patch (RFC 7396): what is there replaces, `null` removes. */
export const itemPatchSchema = Type.Object(
  {
    name: Type.Optional(nameSchema),
    description: Type.Optional(nullable(descriptionSchema)),
    status: Type.Optional(nullable(statusSchema)),
    attributes: Type.Optional(
      Type.Unsafe<Record<string, Attributes[string] | null> | null>({
        ...attributesSchema,
        type: ["object", "null"],
        patternProperties: {
          [attributes.namePattern]: { ...attributeValueSchema, type: [...attributeValueSchema.type, "null"] },
        },
        examples: [{ colour: "green", boxed: null }],
      }),
    ),
    expiresAt: Type.Optional(nullable(expiresAtSchema)),
  },
  {
    $id: "ItemPatch",
    additionalProperties: false,
    description: "A JSON merge patch (RFC 7396): members replace those of the item, `null` removes them.",
  },
);

/** An item as the API shows it. */
export const itemSchema = Type.Object(
  {
    id: Type.String({
      format: "uuid",
      description: "Given on creation.",
      examples: ["0f8fad5b-d9cb-469f-a165-70867728950e"],
    }),
    ...contentProperties,
    status: statusSchema,
    createdAt: timeSchema("When it was created.", "2026-11-28T09:30:00.000Z"),
    updatedAt: timeSchema("When it was last changed.", "2026-11-28T09:30:00.000Z"),
    version: Type.Integer({
      minimum: 1,
      description: "1 on creation, one more with each change; in quotation marks it is the item's `ETag`.",
      examples: [1],
    }),
  },
  { $id: "Item", additionalProperties: false, description: "An item." },
);

/** A page of the list. */
export const itemPageSchema = Type.Object(
  {
    items: Type.Array(Type.Ref("Item"), {
      maxItems: LIMITS.page.largest,
      description: "Can be fewer than the limit, and even none, although there is a `nextCursor`.",
    }),
    nextCursor: Type.Optional(
      Type.String({
        maxLength: LIMITS.cursor.length,
        description: "The `cursor` of the next page; absent on the last one.",
        examples: ["WzIsImFjdGl2ZSJd.kQ3w0mVnW1rT5bUe8yXo2A"],
      }),
    ),
  },
  { $id: "ItemPage", additionalProperties: false, description: "A page of the items of one status." },
);

/** An answer that is not a success (RFC 9457). */
export const problemSchema = Type.Object(
  {
    type: Type.String({
      description: "Which kind of problem it is.",
      examples: ["urn:items-api:problem:invalid-request"],
    }),
    title: Type.String({ description: "The kind in words.", examples: ["The request is not valid"] }),
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599, examples: [400] })),
    detail: Type.Optional(
      Type.String({ description: "What happened this time.", examples: ["The body has 1 invalid field."] }),
    ),
    instance: Type.Optional(Type.String({ description: "The path of the request.", examples: ["/items"] })),
    requestId: Type.String({
      description: "To be given when a problem is reported.",
      examples: ["c6af9ac6-7b61-11e6-9a41-93e8deadbeef"],
    }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            detail: Type.String({ description: "What is wrong.", examples: ["Must have at most 200 characters"] }),
            pointer: Type.Optional(
              Type.String({
                description: "Where in the body: a JSON pointer (RFC 6901) as a URI fragment.",
                examples: ["#/name"],
              }),
            ),
            parameter: Type.Optional(Type.String({ description: "Which query parameter." })),
            header: Type.Optional(Type.String({ description: "Which header." })),
          },
          { additionalProperties: false },
        ),
        { description: "Each thing that is wrong, and where." },
      ),
    ),
  },
  { $id: "Problem", description: "Problem details (RFC 9457)." },
);

/** What `/health` says. */
export const healthSchema = Type.Object(
  { status: Type.Literal("ok") },
  { $id: "Health", additionalProperties: false, description: "The function answers." },
);

/** What `/health/deep` says. */
export const deepHealthSchema = Type.Object(
  { status: Type.Literal("ok"), checks: Type.Object({ table: Type.Literal("ok") }, { additionalProperties: false }) },
  { $id: "DeepHealth", additionalProperties: false, description: "The function answers, and reaches its table." },
);

function nullable<T extends TSchema>(schema: T) {
  const { type, enum: values } = schema as { type?: unknown; enum?: readonly unknown[] };
  const choices = values === undefined ? {} : { enum: [...values, null] };
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [type, "null"], ...choices });
}
