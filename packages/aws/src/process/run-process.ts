import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

export interface ProcessOptions {
  command: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Gets every line of the standard output; without it the output is kept. */
  onStdoutLine?(line: string): void;
  /** Gets the standard output in parts as they come, instead of lines. What it throws is thrown once the program has ended. */
  onStdoutChunk?(chunk: Uint8Array): void;
  /** Gets every line of the standard error output; it is kept in any case. */
  onStderrLine?(line: string): void;
  /** Given: the child's group gets one SIGINT, and is waited for. Given before: nothing is started. */
  signal?: AbortSignal;
  /** How long the child may take to end after the interrupt before it is killed; as long as it likes unless given. */
  killAfterMs?: number;
  /** What becomes of the child when this process ends without it: an interrupt (unless said otherwise), or nothing. */
  whenAbandoned?: "interrupt" | "finish";
  /** Gets the id of the process that ends when the child has ended, once it runs. */
  onStart?(pid: number): void;
}

export interface ProcessResult {
  /** 127 when the program could not be started; 128 and the signal's number when a signal ended it. */
  code: number;
  /** Empty when it was passed on. */
  stdout: string;
  /** The last part of it. */
  stderr: string;
}

const guard = fileURLToPath(new URL("./guard.mjs", import.meta.url));
/** 128 and the number of SIGINT. */
const interruptedCode = 130;
const keptStderr = 64 * 1024;

/**
 * Runs a program with its standard input closed, in a process group of its own, and waits for it. No child outlives this
 * process for longer than it takes to end after an interrupt: see guard.mjs.
 */
export async function runProcess(options: ProcessOptions): Promise<ProcessResult> {
  const { command, args, cwd, env, onStdoutLine, onStderrLine, signal, killAfterMs = 0 } = options;
  const { whenAbandoned = "interrupt", onStart, onStdoutChunk } = options;
  if (signal?.aborted) {
    return { code: interruptedCode, stdout: "", stderr: "" };
  }
  const child = spawn(process.execPath, [guard, String(killAfterMs), whenAbandoned, command, ...args], {
    cwd,
    env,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) {
    onStart?.(child.pid);
  }
  // The guard may have ended when it is written to.
  child.stdin.on("error", () => undefined);
  const interrupt = () => child.stdin.write("\n");
  signal?.addEventListener("abort", interrupt);
  try {
    const code = new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode) => resolve(exitCode ?? 1));
    });
    const [exitCode, stdout, stderr] = await Promise.all([
      code,
      onStdoutChunk !== undefined
        ? passOn(child.stdout, onStdoutChunk)
        : onStdoutLine === undefined
          ? readAll(child.stdout)
          : readLines(child.stdout, onStdoutLine).then(() => ""),
      readTail(child.stderr, onStderrLine),
    ]);
    return { code: exitCode, stdout, stderr };
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}

async function passOn(stream: Readable, onChunk: (chunk: Uint8Array) => void): Promise<string> {
  let failure: { readonly error: unknown } | undefined;
  for await (const chunk of stream) {
    try {
      if (failure === undefined) {
        onChunk(chunk);
      }
    } catch (error) {
      // The program is read to its end all the same: it would wait for ever to be rid of the rest.
      failure = { error };
    }
  }
  if (failure !== undefined) {
    throw failure.error;
  }
  return "";
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    onLine(line);
  }
}

async function readTail(stream: Readable, onLine?: (line: string) => void): Promise<string> {
  let tail = "";
  await readLines(stream, (line) => {
    tail = `${tail}${line}\n`.slice(-keptStderr);
    onLine?.(line);
  });
  return tail;
}
