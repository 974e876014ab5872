import type { CommandResult } from "../../ports/command-runner.ts";
import type { ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";

const NOT_STARTED = 127;
const BY_A_SIGNAL = 128;
const SHOWN_LINES = 15;

/**
 * Runs a command of the repository. One that cannot be run, or does not come to its end, says nothing about the code.
 *
 * @throws {ReleaseError} `interrupted`
 */
export async function runCommand(
  { ports, signal }: ChecklistFacts,
  argv: readonly string[],
  line: (text: string) => void,
): Promise<{ readonly ended: CommandResult } | { readonly unknown: ChecklistFinding }> {
  const command = argv.join(" ");
  const result = await ports.commands.run(argv, { onLine: line, signal });
  const unknown = (found: string, next: string) => ({ unknown: { status: "unknown" as const, found, next, command } });
  const [, missing] = /Missing script:? "?([\w:.-]+)"?/.exec(result.tail) ?? [];
  if (missing !== undefined && result.code !== 0) {
    return unknown(`package.json has no script ${missing}`, `add it, or say in release.checklist what to run instead`);
  }
  if (result.code === NOT_STARTED) {
    return unknown(`a program is missing: ${lastLines(result.tail, 3)}`, `install it, then: ${command}`);
  }
  if (result.code > BY_A_SIGNAL) {
    return unknown(`it was ended by signal ${result.code - BY_A_SIGNAL} before it was done`, command);
  }
  return { ended: result };
}

/** The end of what a command printed, where what went wrong stands. */
export function lastLines(text: string, count = SHOWN_LINES): string {
  return text
    .trimEnd()
    .split("\n")
    .filter((each) => each.trim() !== "")
    .slice(-count)
    .join("\n");
}
