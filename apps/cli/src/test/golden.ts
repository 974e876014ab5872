import { join } from "node:path";
import { documentProblems } from "@slipway/contracts/documents";
import { expect } from "vitest";
import { commands } from "../commands.ts";
import { madeAlike } from "./made-alike.ts";

/** Where the documents are kept that people have read before: `COMMAND.json`, or `COMMAND.FORM.json` for a command with several. */
export const GOLDEN_DOCUMENTS = join(import.meta.dirname, "json");

/**
 * Compares what a command has printed with `--output json` with what was kept of it; `vitest -u` keeps it anew. Of several documents on
 * several lines it is the first.
 *
 * @param command its words, such as `incident show`
 * @param printed on stdout, or the document as it was read
 * @param form which of several documents of the command
 */
export async function golden(command: string, printed: string | object, form?: string): Promise<void> {
  const { json } = commands.find(({ name }) => name === command) ?? {};
  const document: unknown = typeof printed === "string" ? JSON.parse(printed.split("\n")[0] ?? "") : printed;
  expect(documentProblems(document, json?.documents ?? [])).toEqual([]);
  const file = [command.replaceAll(" ", "-"), ...(form === undefined ? [] : [form]), "json"].join(".");
  const text = `${JSON.stringify(madeAlike(document), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot(join(GOLDEN_DOCUMENTS, file));
}
