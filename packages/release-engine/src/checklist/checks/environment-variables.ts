import type { FunctionConfig } from "@slipway/contracts";
import type { TerraformState } from "../../ports/terraform-states.ts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { functionVariables } from "./function-variables.ts";
import { noInputs } from "./inputs.ts";

/** Every variable that a function's code reads is set by the Terraform code that the function belongs to. */
export const environmentVariables: ChecklistCheck = {
  name: "environment-variables",
  section: "Security",
  title: "All environment variables configured",
  pace: "quick",
  lifetimeMs: 0,
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const state = await facts.state();
    const assigned = await assignedInTerraform(facts);
    const findings: ChecklistFinding[] = [];
    for (const each of facts.subject.config.functions) {
      findings.push(await judgeFunction(facts, each, state, assigned));
    }
    return findings;
  },
};

async function judgeFunction(
  facts: ChecklistFacts,
  config: FunctionConfig,
  state: TerraformState | undefined,
  assigned: ReadonlySet<string>,
): Promise<ChecklistFinding> {
  const subject = config.name;
  const { sources, variables: read } = await functionVariables(facts, config);
  if (sources === 0) {
    return {
      ...{ subject, status: "unknown" },
      found: `no JavaScript or TypeScript source was found in ${config.directory}, so nobody knows which variables the code reads`,
      next: `correct functions[].directory of ${subject} in slipway.config.ts, or waive checklist.environment-variables for it`,
    };
  }
  if (read.length === 0) {
    return { subject, status: "pass", found: `the code in ${config.directory} reads no environment variable` };
  }
  const set = await variablesSet(facts, state, config);
  const missing = read.filter(({ name }) => !(set?.has(name) ?? false));
  const optional = missing.filter(({ hasFallback }) => hasFallback).map(({ name }) => name);
  const needed = missing.filter(({ hasFallback }) => !hasFallback).map(({ name }) => name);
  const nowhere = needed.filter((name) => !assigned.has(name));
  const { infrastructure } = facts.subject;
  if (nowhere.length > 0) {
    const found = `the code reads ${nowhere.join(", ")}, which nothing in ${infrastructure} sets`;
    return { subject, status: "fail", found, next: `set ${nowhere.join(", ")} for ${subject} in ${infrastructure}` };
  }
  if (needed.length > 0) {
    const why = set === undefined ? "no function is deployed yet" : "what is deployed does not have them yet";
    const found = `${needed.join(", ")}: assigned in ${infrastructure}; ${why}`;
    return {
      subject,
      status: "unknown",
      found,
      next: "the release's own proof of the new version decides",
      decidedIn: "code.prove",
    };
  }
  const left = optional.length === 0 ? "" : `; not set, and the code has a value of its own: ${optional.join(", ")}`;
  return {
    subject,
    status: "pass",
    found: `set: ${read.length - optional.length} of ${read.length} that the code reads${left}`,
  };
}

/** As the function has them: in a state they are hidden as soon as one of them is sensitive. Undefined where nothing is deployed. */
async function variablesSet(
  { ports, signal }: ChecklistFacts,
  state: TerraformState | undefined,
  { outputs }: FunctionConfig,
): Promise<ReadonlySet<string> | undefined> {
  const name = state?.outputs[outputs.functionName];
  return typeof name === "string" ? ports.variables.namesOf(name, signal) : undefined;
}

/** Names that the Terraform code gives a value to: `NAME = ...`, `"NAME" = ...`. */
async function assignedInTerraform(facts: ChecklistFacts): Promise<ReadonlySet<string>> {
  const { infrastructure } = facts.subject;
  const folder = `${infrastructure.replace(/\/+$/, "")}/`;
  const files = (await facts.files()).filter(
    (path) => path.startsWith(folder) && /\.(tf|tfvars)$/.test(path) && !path.includes("/examples/"),
  );
  const texts = await Promise.all(files.map((path) => facts.ports.files.read(path)));
  return new Set(
    texts.flatMap((text = "") =>
      [...text.matchAll(/(?:^|[{,\s])"?([A-Z_][A-Z0-9_]*)"?\s*=(?!=)/gm)].map(([, name = ""]) => name),
    ),
  );
}
