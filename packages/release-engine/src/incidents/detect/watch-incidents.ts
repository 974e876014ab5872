import { ReleaseError } from "../../release-error.ts";
import { type IncidentLook, type LookPorts, type LookRequest, lookForIncidents } from "./look-for-incidents.ts";
import { LookMemory } from "./look-memory.ts";

export interface WatchIncidentsOptions {
  /** What is looked at, asked for before each look: a release may have changed it. */
  subject(): Promise<Omit<LookRequest, "memory" | "signal">>;
  /** From the beginning of one look to that of the next, on the target's clock; a minute unless given. */
  readonly everyMs?: number;
  readonly signal: AbortSignal;
  /** Gets each look. */
  onLook(look: IncidentLook): void | Promise<void>;
  /** Is told why there was none; it is looked again. */
  onTrouble(error: ReleaseError): void;
}

const MINUTE_MS = 60_000;

/**
 * Looks every minute whether an environment is well, until the signal is given. Whatever cannot be read is told, and read again with the
 * next look; what was looked at last is looked at where nobody can say what there is.
 */
export async function watchIncidents(ports: LookPorts, options: WatchIncidentsOptions): Promise<void> {
  const { subject, everyMs = MINUTE_MS, signal, onLook, onTrouble } = options;
  const { clock } = ports;
  const memory = new LookMemory();
  let known: Omit<LookRequest, "memory" | "signal"> | undefined;
  while (!signal.aborted) {
    const startedAt = clock.now();
    try {
      known = await subject().catch((error: unknown) => {
        if (known === undefined || !(error instanceof ReleaseError)) {
          throw error;
        }
        onTrouble(error);
        return known;
      });
      await onLook(await lookForIncidents(ports, { ...known, memory, signal }));
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (!(error instanceof ReleaseError)) {
        throw error;
      }
      onTrouble(error);
    }
    await clock.sleep(Math.max(0, startedAt + everyMs - clock.now()), signal);
  }
}
