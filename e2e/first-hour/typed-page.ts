import { readFileSync } from "node:fs";

/** A command of a page as a terminal shows it: what was typed, and what came of it. */
export interface TypedCommand {
  readonly command: string;
  readonly code: number;
  /** Of both streams. */
  readonly output: string;
  readonly ms: number;
}

/** The commands of a page's blocks of bash, in order: one a line. */
export function commandsOf(file: string): readonly string[] {
  const blocks = [...readFileSync(file, "utf8").matchAll(/^```bash\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, text = ""]) => text.split("\n").filter((line) => line !== ""));
}

const MARK = "-=# typed #=-";

/** A script that types commands one after the other, whatever comes of each, in one shell: what one leaves in a variable is there for the next. */
export function terminalScript(commands: readonly string[]): string {
  // Times of the shell's own clock, in microseconds, without a program of its own for each.
  const mark = `printf '\\n${MARK} %s %s\\n' "$?" "\${EPOCHREALTIME/[.,]/}"`;
  return ["exec 2>&1", mark, ...commands.flatMap((command) => [command, mark])].join("\n");
}

/** What {@link terminalScript} printed, by command. */
export function typedCommands(commands: readonly string[], output: string): readonly TypedCommand[] {
  const parts = output.split(new RegExp(`\\n${MARK} (\\d+) (\\d+)\\n`));
  return commands.map((command, index) => {
    const at = 3 + index * 3;
    const [text = "", code = "-1", ended = "0"] = parts.slice(at, at + 3);
    return { command, code: Number(code), output: text, ms: (Number(ended) - Number(parts[at - 1])) / 1_000 };
  });
}
