import type { Source } from "./ast.ts";
import { parseSource } from "./parse-source.ts";
import { Scanner } from "./scanner.ts";

/** The groups that a query names itself, whatever follows; `undefined` when it names none, or nobody can read it. */
export function sourceOf(query: string | undefined): Source | undefined {
  try {
    return parseSource(new Scanner(query ?? ""));
  } catch {
    return undefined;
  }
}
