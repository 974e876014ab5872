import type { CommandIo } from "../command.ts";

/**
 * Says what a Ctrl-C did while a release runs: the first finishes the step that is under way, a second one ends the process in the middle
 * of it. Either can be gone on with.
 *
 * @param goOn the command that goes on: `slipway resume prod`
 * @returns to be called when nothing can be stopped any more
 */
export function sayHowToStop({ signal, stderr }: Pick<CommandIo, "signal" | "stderr">, goOn: string): () => void {
  const first = () =>
    stderr.write(
      `\nAsked to stop: the step that is under way is finished first. Ctrl-C again stops at once.\nTo go on then: ${goOn}\n`,
    );
  // When the process ends by itself, this is not registered any more.
  const atOnce = () => {
    if (signal.aborted) {
      stderr.write(
        `\nStopped at once, in the middle of a step. Nothing is lost; the step is looked at again: ${goOn}\n`,
      );
    }
  };
  signal.addEventListener("abort", first, { once: true });
  process.once("exit", atOnce);
  return () => {
    signal.removeEventListener("abort", first);
    process.removeListener("exit", atOnce);
  };
}
