import type { Message } from "@slipway/release-engine";

/** A message as people read it: what happened, why, and what to type now. */
export function messageText({ title, text, next }: Pick<Message, "title" | "text" | "next">): string {
  return [title, "", text, ...(next === undefined ? [] : ["", `Next: ${next}`])].join("\n");
}
