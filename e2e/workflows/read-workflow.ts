import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";

const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));

const stepSchema = z
  .strictObject({
    id: z.string().optional(),
    name: z.string().optional(),
    if: z.string().optional(),
    env: texts.default({}),
    uses: z.string().optional(),
    with: texts.default({}),
    run: z.string().optional(),
  })
  .refine(({ uses, run }) => (uses === undefined) !== (run === undefined), { error: "expected uses or run" });

const concurrency = z.strictObject({ group: z.string(), "cancel-in-progress": z.boolean() });

const jobSchema = z.strictObject({
  if: z.string().optional(),
  needs: z.union([z.string().transform((id) => [id]), z.array(z.string())]).default([]),
  "runs-on": z.literal("ubuntu-24.04"),
  environment: z.string().optional(),
  concurrency: concurrency.optional(),
  strategy: z
    .strictObject({ "fail-fast": z.literal(false), matrix: z.record(z.string(), z.array(z.string())) })
    .optional(),
  "timeout-minutes": z.number(),
  permissions: texts,
  env: texts.default({}),
  steps: z.array(stepSchema),
});

/** What of a workflow's file is played. Strict: what is not known here would be passed over. */
const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({}),
  defaults: z.strictObject({ run: z.strictObject({ shell: z.literal("bash") }) }),
  concurrency: concurrency.optional(),
  jobs: z.record(z.string(), jobSchema),
});

/** A workflow as its file says it, with its expressions. */
export type Workflow = z.output<typeof workflowSchema>;
export type Job = Workflow["jobs"][string];
export type Step = Job["steps"][number];

/**
 * Reads a workflow of a repository.
 *
 * @param file such as `.github/workflows/release.yml`
 * @throws Error when it has anything that is not played
 */
export function readWorkflow(repository: string, file: string): Workflow {
  return parseWorkflow(readFileSync(join(repository, file), "utf8"));
}

/** @throws Error like `readWorkflow` */
export function parseWorkflow(source: string): Workflow {
  return workflowSchema.parse(parse(source));
}
