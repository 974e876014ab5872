import { join } from "node:path";
import { shellQuote } from "@slipway/analysis";
import { ProcessCommandRunner } from "@slipway/aws";
import { type DrilledCommand, systemClock } from "@slipway/release-engine";
import { madeUpPerson } from "./made-up-person.ts";

/** This very program: a drill is about what people would type. */
const PROGRAM = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  join(import.meta.dirname, "../../bin/start.mjs"),
] as const;
const LINES_SAID = 6;

/** Where a command is typed. */
export interface TypingPlace {
  /** Absolute path of a folder with slipway.config.ts. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Port of the drill's local AWS. */
  readonly port: number;
  readonly signal: AbortSignal;
  /** The number of somebody whom the drill makes up; who has typed the drill, unless given. */
  readonly as?: number;
}

/**
 * Types `slipway WORDS` at a local AWS, in a process of its own, as a person would.
 *
 * @throws ReleaseError `interrupted` when asked to stop; the command and what it has started have ended then
 */
export async function typeSlipway(
  { directory, env: own, port, signal, as }: TypingPlace,
  words: readonly string[],
  onLine: (text: string) => void,
): Promise<DrilledCommand> {
  const startedAt = systemClock.now();
  const env = as === undefined ? own : madeUpPerson(own, as);
  const argv = [...PROGRAM, ...words, "--port", String(port), "--output", "json"];
  const { code, stdout, tail } = await new ProcessCommandRunner(directory, env).run(argv, {
    // Not its document, which is for programs.
    onLine: (text) => (text.startsWith("{") ? undefined : onLine(text)),
    signal,
  });
  const documents = new Set(stdout.split("\n"));
  const said = tail.split("\n").filter((line) => !documents.has(line) && line.trim() !== "");
  return {
    command: [
      ...["slipway", ...words.map(shellQuote), "--local"],
      ...(as === undefined ? [] : [`# as ${env.GIT_AUTHOR_NAME}`]),
    ].join(" "),
    ...{ code, document: parsed(stdout), said: said.slice(-LINES_SAID).join("\n") },
    durationMs: systemClock.now() - startedAt,
  };
}

function parsed(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}
