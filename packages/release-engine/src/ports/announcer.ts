import type { LedgerBody } from "@slipway/contracts";
import type { Message } from "./notifier.ts";

/** Tells people what happens to a release, at the moments that they asked to be told of. */
export interface Announcer {
  /**
   * Never throws: a message that cannot be delivered stops no release.
   *
   * @param write writes down in the release's ledger what became of it
   */
  announce(message: Message, write: (body: LedgerBody) => Promise<void>): Promise<void>;
}
