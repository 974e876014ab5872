import { ReleaseError } from "@slipway/release-engine";

/** What could not be opened, as each use of it reports: the lines of a checklist that are about it are unknown then. */
export type OrUnavailable<T> = { readonly value: T } | { readonly failure: ReleaseError };

/** Names of the errors that are messages to people. */
const EXPECTED = new Set(["UserError", "SetupError", "ReleaseError"]);

/**
 * Opens something, or keeps why it cannot be opened.
 *
 * @throws {ReleaseError} `interrupted`; and what is no message to people
 */
export async function orUnavailable<T>(open: () => Promise<T> | T): Promise<OrUnavailable<T>> {
  try {
    return { value: await open() };
  } catch (error) {
    if (!(error instanceof Error) || !EXPECTED.has(error.name)) {
      throw error;
    }
    if (error instanceof ReleaseError) {
      if (error.kind === "interrupted") {
        throw error;
      }
      return { failure: error };
    }
    const [what = "", ...rest] = error.message.split("\n");
    const [, why] = /^\s*Why:\s*(.*)$/.exec(rest[0] ?? "") ?? [];
    const [, next] = /^\s*Next:\s*(.*)$/.exec(rest[1] ?? "") ?? [];
    // A message of one sentence says the reason and what to do in its own words.
    const [first = what, second] = why === undefined ? what.split(/\. (?=[A-Z])/) : [what.replace(/\.$/, "")];
    return {
      failure: new ReleaseError(
        {
          kind: "usage",
          what: why === undefined ? "It could not be looked at" : first,
          why: why ?? first.replace(/\.$/, ""),
          next: next ?? second ?? "correct that, then type the same command again",
        },
        { cause: error },
      ),
    };
  }
}

/** @throws {ReleaseError} why it could not be opened */
export function available<T>(opened: OrUnavailable<T>): T {
  if ("failure" in opened) {
    throw opened.failure;
  }
  return opened.value;
}
