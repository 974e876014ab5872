import type { Actor, IncidentConfig } from "@slipway/contracts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Announcer } from "../../ports/announcer.ts";
import type { Clock } from "../../ports/clock.ts";
import { missedIncidentMessages } from "./missed-incident-messages.ts";
import type { IncidentWrite } from "./write-incident.ts";

export interface TellPorts {
  readonly ledger: Pick<Ledger, "read" | "append">;
  readonly announcer: Announcer;
  readonly clock: Pick<Clock, "now">;
}

export interface TellRequest {
  readonly by: Actor;
  /** What commands to type next need after the environment's name: ` --local`. */
  readonly flags: string;
  readonly config: Pick<IncidentConfig, "respondWithinMinutes">;
  /** What this process has just written: people are told of it at once, and of what others have left untold a minute later. */
  readonly written?: readonly Pick<IncidentWrite, "entry">[];
  readonly signal?: AbortSignal;
}

/** On how many channels people were told, and on how many they could not be. */
export interface Told {
  readonly sent: number;
  readonly failed: number;
}

/**
 * Tells people of incidents: to be called after each write, and by who watches. What they are told follows from the ledger alone, so that
 * what a process was killed before is told by the next one; whether it arrived is written down.
 *
 * @throws {ReleaseError} when the ledger cannot be read
 */
export async function tellIncidents(
  { ledger, announcer, clock }: TellPorts,
  { by, flags, config, written = [], signal }: TellRequest,
): Promise<Told> {
  const own = new Set(written.flatMap(({ entry }) => (entry === undefined ? [] : [entry.sequence])));
  const messages = missedIncidentMessages(await ledger.read(signal), { now: clock.now(), flags, config, own });
  const told = { sent: 0, failed: 0 };
  for (const message of messages) {
    await announcer.announce(message, async (body) => {
      if (body.type === "notification.sent") {
        told[body.outcome] += 1;
      }
      await ledger.append({ by, release: null, body });
    });
  }
  return told;
}
