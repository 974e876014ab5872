import type { CommandIo } from "../command.ts";

interface Drainable {
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
}

/** Writes on stdout, and waits where its reader is slower than we are: what is not read would fill the memory. */
export async function writeResult({ stdout, stdoutClosed }: CommandIo, text: string): Promise<void> {
  if (stdout.write(text) !== false || !isDrainable(stdout) || stdoutClosed?.aborted === true) {
    return;
  }
  await new Promise<void>((resolve) => {
    const done = () => {
      stdout.off("drain", done);
      stdoutClosed?.removeEventListener("abort", done);
      resolve();
    };
    stdout.once("drain", done);
    stdoutClosed?.addEventListener("abort", done, { once: true });
  });
}

function isDrainable(stream: object): stream is Drainable {
  return "once" in stream && "off" in stream;
}
