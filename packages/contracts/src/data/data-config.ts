import * as z from "zod";
import { strictObject } from "../strict-object.ts";

interface Parts {
  readonly name: z.ZodString;
  readonly path: z.ZodType<string, string>;
  readonly outputName: z.ZodString;
}

/**
 * The section `data` of an environment: the tables whose records are migrated, and whose bad writes can be taken back.
 *
 * @param parts schemas that the configuration's other sections use too
 */
export function dataConfigSchema({ name, path, outputName }: Parts) {
  const attribute = z.string().min(1);
  const tableSchema = strictObject({
    /** What commands and messages call it. */
    name,
    /** Terraform output with the table's name on AWS. */
    output: outputName,
    /**
     * Variable of the environment's root module that says which table is in use after one was restored: `{ name, former }`. Without it a table
     * can be restored, but not switched to.
     */
    restoredVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, { error: "expected the name of a Terraform variable" })
      .optional(),
    /** Folder with the migrations, one TypeScript file each. */
    migrations: path,
    /** File with the keys and attributes of its records: what seed records are checked against. */
    definition: path.optional(),
    /** File with a list of records for environments that are not protected. */
    seed: path.optional(),
    /** What records say of who wrote them: DynamoDB itself keeps no record of that. Attributes that the application writes each time. */
    recovery: strictObject({
      /** The principal, user or job. */
      writerAttribute: attribute.optional(),
      /** The function's version. */
      versionAttribute: attribute.optional(),
    }).optional(),
  }).refine(({ seed, definition }) => seed === undefined || definition !== undefined, {
    path: ["definition"],
    error: "is missing: seed records are checked against it (expected a file such as data/tables/items.json)",
  });
  return strictObject({
    /** Where exports of tables are written to when bad writes are taken back: items lie there. */
    exports: strictObject({
      /** Terraform output with the bucket's name; the bucket of the states, unless given. */
      bucketOutput: outputName.optional(),
      /** What the files' keys begin with; `recovery/ENVIRONMENT`, unless given. */
      prefix: z
        .string()
        .regex(/^[A-Za-z0-9!_.*'()-]+(\/[A-Za-z0-9!_.*'()-]+)*$/, {
          error: "expected the beginning of a key such as recovery/prod, without / around it",
        })
        .optional(),
    }).optional(),
    tables: z
      .array(tableSchema)
      .min(1, { error: "expected at least one table" })
      .superRefine((tables, context) => {
        for (const [index, table] of tables.entries()) {
          if (tables.findIndex((other) => other.name === table.name) !== index) {
            const message = `${table.name} is the name of another table too`;
            context.addIssue({ code: "custom", path: [index, "name"], message });
          }
        }
      }),
  });
}

/** A table of an environment's section `data`. */
export type DataTableConfig = z.output<ReturnType<typeof dataConfigSchema>>["tables"][number];
