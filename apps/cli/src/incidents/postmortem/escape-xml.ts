import { escapeControls } from "../../terminal/escape-controls.ts";

const XML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as XML takes it, also in attributes; what XML has no way to write at all, such as control characters and halves of characters, too. */
export function escapeXml(text: string): string {
  return escapeControls(text.toWellFormed())
    .replaceAll(/[\ufffe\uffff]/g, "")
    .replaceAll(/[&<>"']/g, (character) => XML[character] ?? "");
}
