import { type DocumentName, documentProblems } from "@slipway/contracts/documents";
import { UnfitDocumentError } from "./unfit-document-error.ts";

/**
 * Holds what a command is about to print against the schemas that it declares.
 *
 * @param command its words
 * @param names of the documents that it may be
 * @throws UnfitDocumentError when it is none of them, or not one whole document with a line end
 */
export function checkDocument(command: string, names: readonly DocumentName[], text: string): void {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new UnfitDocumentError(`slipway ${command} --output json prints what is no JSON document: ${text}`, {
      cause,
    });
  }
  const problems = documentProblems(document, names);
  if (problems.length > 0) {
    throw new UnfitDocumentError(
      `slipway ${command} --output json prints a document that is not as its schema says:\n${problems.join("\n")}\n${text}`,
    );
  }
  if (!text.endsWith("\n")) {
    throw new UnfitDocumentError(`slipway ${command} --output json ends its document without a line end`);
  }
}
