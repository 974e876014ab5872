import type { HeldLedger } from "../ledger/ledger.ts";
import type { Announcer } from "../ports/announcer.ts";
import type { Clock } from "../ports/clock.ts";
import { missedMessages } from "./missed-messages.ts";

/**
 * Tells people what they should have been told before: to be called by who takes the lease. Nothing is said twice.
 *
 * @throws {ReleaseError} when the ledger cannot be read
 */
export async function tellMissed(
  { announcer, clock }: { readonly announcer: Announcer; readonly clock: Pick<Clock, "now"> },
  held: HeldLedger,
  flags: string,
): Promise<void> {
  for (const message of missedMessages(await held.read(), clock.now(), flags)) {
    await announcer.announce(message, async (body) => {
      await held.append({ by: held.holder.actor, release: message.release, body });
    });
  }
}
