import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

// @actions/workflow-parser, because it is GitHub's own: the schema, the expressions and the contexts that a place may use, as GitHub reads
// them. It imports its schema as bundlers take JSON, without the attribute that Node asks for.
registerHooks({
  load(url, context, next) {
    return url.includes("/@actions/workflow-parser/") && url.endsWith(".json")
      ? { format: "module", shortCircuit: true, source: `export default ${readFileSync(fileURLToPath(url), "utf8")}` }
      : next(url, context);
  },
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");

/** What GitHub would say of a workflow before it runs it: each a line, with where it is. */
export async function githubProblems(name: string, content: string): Promise<readonly string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) {
    // Needs, matrices, cron: what the schema alone cannot say. It adds to the same list of errors.
    await convertWorkflowTemplate(context, value);
  }
  return context.errors.getErrors().map(({ message }) => message);
}
