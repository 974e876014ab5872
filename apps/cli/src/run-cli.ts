import { CommanderError } from "commander";
import type { CommandIo } from "./command.ts";
import { commandProgram } from "./command-program.ts";
import { FailedWith } from "./failed-with.ts";
import { type JsonIo, jsonIo } from "./json/json-io.ts";
import { UnfitDocumentError } from "./json/unfit-document-error.ts";
import { escapeControls } from "./terminal/escape-controls.ts";
import { typedCommands } from "./typed-commands.ts";

/**
 * Parses the words after `slipway`, runs the command, and turns what it throws into a message and an exit code. With `--output json` there
 * is one document on stdout then, too.
 *
 * @returns 0 success; 1 failure; 2 wrong usage, or a failure of a command whose 1 is a finding; 130 interrupted before the end;
 *   other codes as the command documents them
 * @throws UnfitDocumentError in tests, for a document that is not as its schema says
 */
export async function runCli(argv: readonly string[], io: CommandIo): Promise<number> {
  let exitCode = 0;
  let failureCode = 1;
  let printed: JsonIo | undefined;
  const output = {
    writeOut: (text: string) => io.stdout.write(text),
    writeErr: (text: string) => io.stderr.write(text),
    columns: io.columns,
  };
  const program = commandProgram(await typedCommands(argv), output, async (command, options, args) => {
    failureCode = command.failureCode ?? 1;
    if (command.json !== undefined && "output" in options && options.output === "json") {
      printed = await jsonIo(command, io);
    }
    exitCode = await command.run(options as never, printed?.io ?? io, args);
    printed?.assertWhole();
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof UnfitDocumentError) {
      throw error;
    }
    if (error instanceof CommanderError) {
      if (error.exitCode === 0 || error.code === "commander.help") {
        return 0;
      }
      if (wantsJson(argv)) {
        const what = error.message.replace(/^error: /, "");
        await writeFailure({ error: new WrongUsage(what), exitCode: 2, isExpected: true }, io);
      }
      return 2;
    }
    const failed = error instanceof FailedWith ? error : undefined;
    const failure = await reportFailure(failed?.cause ?? error, io, failed?.exitCode ?? failureCode);
    // Where the document is there already, what went wrong afterwards is for people.
    if (printed?.count() === 0) {
      await writeFailure(failure, io);
    }
    return failure.exitCode;
  }
}

/** What shells say of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

/** Names of the errors that are messages to people: theirs, not bugs of ours. */
const EXPECTED = new Set([
  "UserError",
  "LocalAwsError",
  "StoreError",
  "SetupError",
  "ReleaseError",
  "ConfigError",
  "AwsError",
]);

/** What the parser has said to people already. */
class WrongUsage extends Error {
  override readonly name = "UserError";
}

interface ToldFailure {
  /** Without secrets. */
  readonly error: unknown;
  readonly exitCode: number;
  readonly isExpected: boolean;
}

/** Whatever has gone wrong, wherever: this is the last that is said, and it has no secrets in it. */
async function reportFailure(thrown: unknown, io: CommandIo, failureCode: number): Promise<ToldFailure> {
  // Loaded now, because nothing else of `slipway --help` needs it.
  const { createRedactor, learnEnvironment, redactedError } = await import("@slipway/release-engine");
  const redactor = createRedactor();
  learnEnvironment(redactor, io.env);
  const error = redactedError(redactor, thrown);
  if (error instanceof Error && EXPECTED.has(error.name)) {
    // It may have in it what AWS, a log or a file says: a terminal must not do that.
    io.stderr.write(`slipway: ${escapeControls(error.message, { lines: true })}\n`);
    return { error, exitCode: io.signal.aborted ? INTERRUPTED : failureCode, isExpected: true };
  }
  if (io.signal.aborted && error instanceof Error && error.name === "AbortError") {
    io.stderr.write("slipway: interrupted.\n");
    return { error, exitCode: INTERRUPTED, isExpected: true };
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(
    `slipway: this is a bug of Slipway, not yours. Please report it with the lines below.\n\n${details}\n`,
  );
  return { error, exitCode: failureCode, isExpected: false };
}

async function writeFailure({ error, exitCode, isExpected }: ToldFailure, io: CommandIo): Promise<void> {
  const { failureDocument } = await import("./json/failure-document.ts");
  const { io: checked } = await jsonIo({ name: "", json: { documents: ["failure-report"] } }, io);
  checked.stdout.write(failureDocument(error, exitCode, isExpected));
}

/** Whether JSON was asked for, of what could not be parsed. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === "--output=json" || (word === "--output" && argv[index + 1] === "json"));
}
