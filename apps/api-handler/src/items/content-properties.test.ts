import { arbitraryOf } from "@slipway/testing/openapi";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemContentSchema, itemPatchSchema } from "../../contract/schemas.ts";
import { validateItemContent, validateItemPatch } from "../generated/validators.js";
import { Problem } from "../http/problem.ts";
import { contract } from "../test/answer-generated-requests.ts";
import { isDateTime } from "./is-date-time.ts";
import type { ItemContent } from "./item.ts";
import { patchItemContent, readItemContent } from "./item-content.ts";

const RUNS = { numRuns: 2_000 };

const contents = arbitraryOf({ $ref: "#/components/schemas/ItemContent" }, contract);
const patches = arbitraryOf({ $ref: "#/components/schemas/ItemPatch" }, contract);

const leaf = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -0,
    1e15,
    1e15 + 1,
    -1e16,
    1e-200,
    "",
    " ",
    "\t",
    "active",
    "Active",
    "2030-01-01T00:00:00Z",
  ),
  fc.constantFrom("x".repeat(200), "x".repeat(201), "😀".repeat(200), "😀".repeat(201), "\ud83d".repeat(201), "\ud800"),
  fc.constantFrom(
    "x".repeat(1_001),
    "x".repeat(4_001),
    "2030-02-30T00:00:00Z",
    "2030-01-01T00:00:00z",
    "9999-12-31T23:59:59-01:00",
  ),
  fc.double({ noNaN: true }),
  fc.string({ unit: "binary", maxLength: 5 }),
);
const name = fc.oneof(
  fc.constantFrom(
    "name",
    "description",
    "status",
    "attributes",
    "expiresAt",
    "id",
    "__proto__",
    "constructor",
    "toString",
  ),
  fc.constantFrom("a", "aA9_.-", "A", "1", "a".repeat(64), "a".repeat(65), "prototype", "constructors", "é", ""),
);
/** What JSON can be, with the members of a content among the names, and texts that nearly fit. */
const { value: near } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("object")),
  object: fc.dictionary(name, tie("value"), { maxKeys: 5, noNullPrototype: true }),
}));
/** A content or a patch with one member more, or another one. */
const nearly = (fitting: fc.Arbitrary<unknown>) =>
  fc
    .tuple(fitting, name, near)
    .map(([value, key, member]) => Object.fromEntries([...Object.entries(value as object), [key, member]]));

describe("the prebuilt validators", () => {
  const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { "date-time": isDateTime } });
  const oracles = [
    ["ItemContent", validateItemContent, ajv.compile(itemContentSchema), contents],
    ["ItemPatch", validateItemPatch, ajv.compile(itemPatchSchema), patches],
  ] as const;

  it.each(oracles)("%s takes and refuses exactly what its schema does", (_, validator, oracle, fitting) => {
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(fitting, nearly(fitting), near), (value) => {
        const isFitting = oracle(value);
        expect(validator(value)).toBe(isFitting);
        if (!isFitting) {
          expect(validator.errors?.map(({ instancePath, keyword }) => [instancePath, keyword])).toEqual(
            oracle.errors?.map(({ instancePath, keyword }) => [instancePath, keyword]),
          );
        }
        seen[isFitting ? "taken" : "refused"] += 1;
      }),
      RUNS,
    );
    expect(seen.taken).toBeGreaterThan(200);
    expect(seen.refused).toBeGreaterThan(200);
  });
});

/** What a call gave, or the problem that it threw; any other error goes on. */
function orProblem<T>(call: () => T): T | Problem {
  try {
    return call();
  } catch (error) {
    if (error instanceof Problem && error.status === 400) return error;
    throw error;
  }
}

describe("the content of an item", () => {
  it("is the same when it is read again", () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: contents }, nearly(contents)), (value) => {
        const content = orProblem(() => readItemContent(value));
        if (!(content instanceof Problem)) {
          expect(readItemContent(content)).toEqual(content);
          // As JSON, which has no -0: a client sends back what it has got.
          const sent = JSON.stringify(content);
          expect(JSON.stringify(readItemContent(JSON.parse(sent)))).toBe(sent);
        }
      }),
      RUNS,
    );
  });

  it("is valid after any patch, or the patch is a problem that names a place", () => {
    const anyPatch = fc.oneof(patches, nearly(patches), near);
    let patched = 0;
    fc.assert(
      fc.property(contents, anyPatch, (value, patch) => {
        const present = orProblem(() => readItemContent(value));
        if (present instanceof Problem) return;
        const before = structuredClone(present);
        const content = orProblem(() => patchItemContent(present, patch));

        expect(present).toEqual(before);
        if (content instanceof Problem) {
          expect(content.errors.length).toBeGreaterThan(0);
          return;
        }
        patched += 1;
        expect(readItemContent(content)).toEqual(content);
        expectMerged(present, patch as object, content);
      }),
      RUNS,
    );
    expect(patched).toBeGreaterThan(200);
  });
});

/** Holds a content against the rule of RFC 7396, member by member. */
function expectMerged(present: ItemContent, patch: object, content: ItemContent): void {
  for (const key of ["name", "description"] as const) {
    const asked = (patch as Record<string, unknown>)[key];
    expect(content[key]).toEqual(asked === undefined ? present[key] : (asked ?? undefined));
  }
  const { attributes: asked } = patch as { attributes?: Record<string, unknown> | null };
  if (asked === null) expect(content.attributes).toBeUndefined();
  for (const key of new Set([...Object.keys(present.attributes ?? {}), ...Object.keys(asked ?? {})])) {
    if (asked === null) break;
    const left = asked && Object.hasOwn(asked, key) ? (asked[key] ?? undefined) : present.attributes?.[key];
    expect(content.attributes?.[key]).toEqual(left);
  }
}
