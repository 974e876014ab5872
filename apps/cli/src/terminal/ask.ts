import { once } from "node:events";
import { createInterface } from "node:readline/promises";

/**
 * Asks whoever sits at a terminal.
 *
 * @param signal breaks the question off
 * @returns what was typed, or `undefined` when the question was broken off: by the signal, Ctrl-D, or a terminal that is gone
 */
export async function ask(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<string | undefined> {
  const terminal = createInterface({ input, output });
  // The terminal is in raw mode while it asks, so that a Ctrl-C comes here, and only here.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  // An interface that closes leaves its question open for ever: it is neither answered nor refused.
  const closed = once(terminal, "close").then(() => undefined);
  const answered = terminal.question(question, { signal }).catch(() => undefined);
  const answer = await Promise.race([answered, closed]);
  terminal.close();
  if (answer === undefined) {
    // Whatever is said next begins on a line of its own.
    output.write("\n");
  }
  return answer;
}
