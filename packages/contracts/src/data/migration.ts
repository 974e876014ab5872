import * as z from "zod";
import { describeProblems } from "../describe-problems.ts";
import { strictObject } from "../strict-object.ts";
import type { DocumentRecord } from "./document.ts";
import { recordFilterSchema } from "./record-filter.ts";

/** Number, hyphen, name: the numbers are the order in which migrations run. */
export const migrationIdSchema = z.string().regex(/^\d{4}-[a-z0-9]+(-[a-z0-9]+)*$/, {
  error: "expected four digits and a name, such as 0001-kind-of-record",
});

/**
 * `expand` adds what the next version needs and no live version minds. `contract` takes away what only versions need that are gone.
 *
 * @see https://martinfowler.com/bliki/ParallelChange.html
 */
export const migrationPhaseSchema = z.enum(["expand", "contract"], { error: "expected expand or contract" });

const aFunction = <T>() => z.custom<T>((value) => typeof value === "function", { error: "expected a function" });

export const migrationSchema = strictObject({
  /** The name of its file, without `.ts`. */
  id: migrationIdSchema,
  phase: migrationPhaseSchema,
  /** One sentence for people: what it does to which records. */
  description: z.string().min(1).max(500),
  /** For a contraction: which expansion must be done, and for how long. */
  needs: strictObject({ migration: migrationIdSchema, doneForHours: z.number().nonnegative() }).optional(),
  backfill: strictObject({
    /** Which records it is about; all of them without it. */
    select: recordFilterSchema.optional(),
    /**
     * The record as it has to be, or `undefined` when it is so already. A pure function: the same record gives the same answer, nothing
     * else is read, and what it returns needs no second change. It cannot change the record's key.
     * That an attribute is not there is a condition of the write where it was read by name, not where all names were gone through.
     */
    change: aFunction<(record: DocumentRecord) => DocumentRecord | undefined>(),
  }),
  /** Looks at each record after the backfill: what is wrong with it, or `undefined`. A pure function. */
  verify: aFunction<(record: DocumentRecord) => string | undefined>().optional(),
}).superRefine(({ phase, needs, id }, context) => {
  const complain = (message: string) => context.addIssue({ code: "custom", path: ["needs"], message });
  if (phase === "contract" && needs === undefined) {
    complain("is missing: a contraction has to name the expansion that it ends (expected { migration, doneForHours })");
  }
  if (phase === "expand" && needs !== undefined) {
    complain("is for contractions only: an expansion must not disturb any live version, whenever it runs");
  }
  if (needs !== undefined && needs.migration >= id) {
    complain(`expected a migration before ${id}, and ${needs.migration} is not`);
  }
});

export type Migration = z.output<typeof migrationSchema>;

/**
 * Types a migration while it is written; the check comes when it is loaded.
 *
 * @example
 * export const migration = defineMigration({
 *   id: "0002-lower-case-email",
 *   phase: "expand",
 *   description: "Gives each customer the attribute emailLower, which the next version searches by.",
 *   backfill: {
 *     select: { present: ["email"], missing: ["emailLower"] },
 *     change: (record) => ({ ...record, emailLower: String(record.email).toLowerCase() }),
 *   },
 * });
 */
export function defineMigration(migration: z.input<typeof migrationSchema>): z.input<typeof migrationSchema> {
  return migration;
}

/** Checks what a migration's file exports; otherwise every problem, one line each. */
export function parseMigration(
  value: unknown,
): { ok: true; migration: Migration } | { ok: false; problems: readonly string[] } {
  const result = migrationSchema.safeParse(value, { reportInput: true });
  return result.success
    ? { ok: true, migration: result.data }
    : { ok: false, problems: describeProblems(result.error) };
}
