import type { Command, CommandIo } from "../command.ts";
import { UnfitDocumentError } from "./unfit-document-error.ts";

/** The world of a command that prints JSON. Nobody is asked anything there: who wants a document is a program. */
export interface JsonIo {
  readonly io: CommandIo;
  /** How many documents it has printed. */
  count(): number;
  /** @throws UnfitDocumentError in tests, when there is not the one document that there has to be */
  assertWhole(): void;
}

/**
 * Counts what a command prints on stdout. Where the environment of this process has `SLIPWAY_CHECK_DOCUMENTS=1`, as in all of our tests,
 * each document is held against the command's schemas before it is printed.
 */
export async function jsonIo({ name, json }: Pick<Command, "name" | "json">, io: CommandIo): Promise<JsonIo> {
  const isChecked = process.env.SLIPWAY_CHECK_DOCUMENTS === "1";
  // The schemas are nothing that anybody else should wait for.
  const check = isChecked ? (await import("./check-document.ts")).checkDocument : undefined;
  let count = 0;
  const stdout = new Proxy(io.stdout, {
    get(stream, member) {
      if (member === "write") {
        return (text: string) => {
          check?.(name, json?.documents ?? [], text);
          count++;
          return stream.write(text);
        };
      }
      const value: unknown = Reflect.get(stream, member, stream);
      return typeof value === "function" ? value.bind(stream) : value;
    },
  });
  // With its getters as they are: the width of a terminal changes.
  const { ask: _, ...descriptors } = Object.getOwnPropertyDescriptors(io);
  const own = Object.defineProperties({} as CommandIo, {
    ...descriptors,
    stdout: { value: stdout, enumerable: true },
  });
  return {
    io: own,
    count: () => count,
    assertWhole() {
      if (isChecked && json?.lines === undefined && count !== 1) {
        throw new UnfitDocumentError(`slipway ${name} --output json has printed ${count} documents, and not one`);
      }
    },
  };
}
