import type { FunctionConfig } from "@slipway/contracts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { isNoticeable } from "./kind-of-file.ts";
import { type VariableRead, variablesRead } from "./variables-read.ts";

const SOURCE = /\.(?:[cm]?[jt]sx?)$/;
const NOT_OF_THE_FUNCTION = /(^|\/)(node_modules|dist|coverage)\//;

/** What a function's sources read. */
export interface FunctionVariablesRead {
  /** How many source files were looked through: where there is none, nobody has looked. */
  readonly sources: number;
  readonly variables: readonly VariableRead[];
}

/** The environment variables that a function's sources read. */
export async function functionVariables(
  facts: ChecklistFacts,
  { directory, artifact }: FunctionConfig,
): Promise<FunctionVariablesRead> {
  const folder = `${directory.replace(/\/+$/, "")}/`;
  const files = (await facts.files()).filter(
    (path) =>
      path.startsWith(folder) &&
      !path.startsWith(`${artifact}/`) &&
      SOURCE.test(path) &&
      isNoticeable(path) &&
      !NOT_OF_THE_FUNCTION.test(path),
  );
  const texts = (await Promise.all(files.map((path) => facts.ports.files.read(path)))).filter(
    (text) => text !== undefined,
  );
  const merged = new Map<string, boolean>();
  for (const { name, hasFallback } of texts.flatMap(variablesRead)) {
    merged.set(name, (merged.get(name) ?? true) && hasFallback);
  }
  const variables = [...merged]
    .map(([name, hasFallback]) => ({ name, hasFallback }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { sources: texts.length, variables };
}
