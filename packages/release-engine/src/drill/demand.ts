import type { DrilledCommand } from "../ports/drill-stage.ts";
import { DrillFailure } from "./drill-failure.ts";

/** A schema, of which only the data matters here. */
interface DocumentSchema<T> {
  safeParse(document: unknown): { readonly data?: T; readonly error?: { readonly message: string } };
}

const MOST_SAID = 400;

/**
 * What a command has written, where it ended as it has to.
 *
 * @param schema of what the path needs of its document
 * @param expected the exit code that it has to end with
 * @throws {DrillFailure} when it ended otherwise, or wrote something else
 */
export function demand<T>(
  { command, code, document, said }: DrilledCommand,
  schema: DocumentSchema<T>,
  expected = 0,
): T {
  if (code !== expected) {
    const words = said.trim().slice(-MOST_SAID);
    throw new DrillFailure(`${command} ended with ${code}${words === "" ? "" : `: ${words}`}`);
  }
  const { data, error } = schema.safeParse(document);
  if (data === undefined) {
    throw new DrillFailure(
      `${command} ended with ${code}, but its JSON document is not what it promises: ${error?.message.slice(0, MOST_SAID) ?? "there is none"}`,
    );
  }
  return data;
}
