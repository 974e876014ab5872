import { stripVTControlCharacters } from "node:util";
import { assertNotInterrupted, type CommandResult, type CommandRunner } from "@slipway/release-engine";
import { endFamily, type FamilyMember, familyOf } from "./process-family.ts";
import { runProcess } from "./run-process.ts";

/** How long a command may take to end after it was asked to stop. */
const KILL_AFTER_MS = 10_000;
const TAIL_LINES = 80;
/** What a script's output may take in memory; a report of an audit has some megabytes. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Set for every command that a checklist runs: a checklist inside of it does not run them again. */
export const INSIDE_CHECKLIST = "SLIPWAY_INSIDE_CHECKLIST";

/** What npm tells its scripts about themselves: a command that is run from one would take it for its own. */
const OF_NPM =
  /^npm_(lifecycle_|package_|config_(loglevel|silent|workspaces?|prefix|local_prefix)$|command$|execpath$)/;

/**
 * Runs commands as processes. Asked to stop, a command gets one interrupt and some seconds; what it has started ends with it, also in groups
 * of their own, as npm's scripts make them here.
 */
export class ProcessCommandRunner implements CommandRunner {
  readonly #cwd: string;
  readonly #env: NodeJS.ProcessEnv;

  /** @param cwd absolute path */
  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.#cwd = cwd;
    const { FORCE_COLOR, ...kept } = Object.fromEntries(Object.entries(env).filter(([name]) => !OF_NPM.test(name)));
    this.#env = { ...kept, NO_COLOR: "1", [INSIDE_CHECKLIST]: "1" };
  }

  async run(
    [command = "", ...args]: readonly string[],
    { onLine = () => undefined, signal }: { readonly onLine?: (text: string) => void; readonly signal?: AbortSignal },
  ): Promise<CommandResult> {
    const shown = [command, ...args].join(" ");
    assertNotInterrupted(signal, `before ${shown}`);
    const stdout: string[] = [];
    const tail: string[] = [];
    let size = 0;
    const note = (line: string) => {
      const text = stripVTControlCharacters(line);
      tail.push(text);
      tail.splice(0, tail.length - TAIL_LINES);
      onLine(text);
    };
    let pid: number | undefined;
    let family: readonly FamilyMember[] = [];
    const interrupt = new AbortController();
    // Before anything is told to stop: what has lost its parent belongs to nobody any more.
    const stop = async () => {
      family = pid === undefined ? [] : await familyOf(pid);
      interrupt.abort();
    };
    signal?.addEventListener("abort", stop);
    try {
      const { code } = await runProcess({
        ...{ command, args, cwd: this.#cwd, env: this.#env, signal: interrupt.signal, killAfterMs: KILL_AFTER_MS },
        onStart: (started) => {
          pid = started;
        },
        onStdoutLine: (line) => {
          size += line.length;
          if (size <= MOST_CHARACTERS) {
            stdout.push(line);
          }
          note(line);
        },
        onStderrLine: note,
      });
      assertNotInterrupted(signal, `in ${shown}`);
      return { code, stdout: stdout.join("\n"), tail: tail.join("\n") };
    } finally {
      signal?.removeEventListener("abort", stop);
      await endFamily(family);
    }
  }
}
