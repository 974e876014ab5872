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
    name: name.describe("What commands and messages call it."),
    output: outputName.describe("Terraform output with the table's name on AWS."),
    restoredVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, { error: "expected the name of a Terraform variable" })
      .optional()
      .describe(
        "Variable of the environment's root module that says which table is in use after one was restored: `{ name, former }`. Without it a table can be restored, but not switched to.",
      ),
    migrations: path.describe("Folder with the migrations, one TypeScript file each."),
    definition: path
      .optional()
      .describe("File with the keys and attributes of its records: what seed records are checked against."),
    seed: path.optional().describe("File with a list of records for environments that are not protected."),
    recovery: strictObject({
      writerAttribute: attribute
        .optional()
        .describe("The principal, user or job.")
        .meta({ examples: ["writtenBy"] }),
      versionAttribute: attribute
        .optional()
        .describe("The function's version.")
        .meta({ examples: ["writtenByVersion"] }),
    })
      .optional()
      .describe(
        "What records say of who wrote them: DynamoDB itself keeps no record of that. Attributes that the application writes each time.",
      ),
  }).refine(({ seed, definition }) => seed === undefined || definition !== undefined, {
    path: ["definition"],
    error: "is missing: seed records are checked against it (expected a file such as data/tables/items.json)",
  });
  return strictObject({
    exports: strictObject({
      bucketOutput: outputName
        .optional()
        .describe("Terraform output with the bucket's name; the bucket of the states, unless given.")
        .meta({ examples: ["artifact_bucket"] }),
      prefix: z
        .string()
        .regex(/^[A-Za-z0-9!_.*'()-]+(\/[A-Za-z0-9!_.*'()-]+)*$/, {
          error: "expected the beginning of a key such as recovery/prod, without / around it",
        })
        .optional()
        .describe("What the files' keys begin with; `recovery/ENVIRONMENT`, unless given.")
        .meta({ examples: ["recovery/prod"] }),
    })
      .optional()
      .describe("Where exports of tables are written to when bad writes are taken back: items lie there."),
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
      })
      .describe("The tables, one entry each."),
  });
}

/** A table of an environment's section `data`. */
export type DataTableConfig = z.output<ReturnType<typeof dataConfigSchema>>["tables"][number];
