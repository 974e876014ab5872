import { ReleaseError } from "../release-error.ts";
import type { Redactor } from "./redactor.ts";

/**
 * An error whose words have no secrets in them: they quote what services, providers, builds and functions say.
 *
 * @returns the same error where there are none in it. Where there are, its cause goes too: it says the same, unredacted
 */
export function redactedError(redactor: Redactor, error: unknown): unknown {
  if (error instanceof ReleaseError) {
    const { kind, what, why, next } = error;
    const words = { what: redactor.text(what), why: redactor.text(why), next: redactor.text(next) };
    const isClean = words.what === what && words.why === why && words.next === next;
    return isClean ? error : new ReleaseError({ kind, ...words });
  }
  if (error instanceof Error) {
    const { name, message, stack = "" } = error;
    const words = { message: redactor.text(message), stack: redactor.text(stack) };
    if (words.message === message && words.stack === stack) {
      return error;
    }
    // Of the same class and name: what is said of it to people depends on them.
    const told: Error = Object.setPrototypeOf(new Error(words.message), Object.getPrototypeOf(error));
    for (const [member, value] of Object.entries({ name, stack: words.stack })) {
      Object.defineProperty(told, member, { value, configurable: true, writable: true });
    }
    return told;
  }
  return typeof error === "string" ? redactor.text(error) : error;
}
