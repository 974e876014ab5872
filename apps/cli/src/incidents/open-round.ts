import type { Actor } from "@slipway/contracts";
import {
  type Announcer,
  type IncidentLook,
  LookMemory,
  lookForIncidents,
  type Responded,
} from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { commandLedger } from "../ledger/command-ledger.ts";
import { FollowingClock } from "../release/following-clock.ts";
import type { TargetOptions } from "../target/target-aws.ts";
import { openLook } from "./open-look.ts";
import { openResponse } from "./open-response.ts";

/** One round of the incident system: it looks, finds out, and does what may be done without a person. */
export interface IncidentRound {
  look(options: {
    readonly by: Actor;
    /** Whether anything may be done without a person. */
    readonly automatic: boolean;
    readonly announcer?: Announcer;
  }): Promise<{ readonly look: IncidentLook; readonly responded: readonly Responded[] }>;
  close(): void;
}

/**
 * Opens the incident system of an environment, for as many rounds as are wanted.
 *
 * @throws UserError when the environment is not in the configuration, or nothing is deployed
 * @throws ReleaseError when the state cannot be read, or a role cannot be assumed
 */
export async function openRound(options: TargetOptions, io: CommandIo, environment: string): Promise<IncidentRound> {
  const opened = await commandLedger(options, io, environment);
  const { ledger, target, clock } = opened;
  const { signal } = io;
  const looking = await openLook(opened, environment, signal).catch((error: unknown) => {
    opened.close();
    throw error;
  });
  const { ports, subject } = looking;
  const memory = new LookMemory();
  const response = openResponse({ opened, looking, environment, io });
  const { flags } = target;
  return {
    async look({ by, automatic, announcer }) {
      if (clock instanceof FollowingClock) {
        await clock.follow();
      }
      const look = await lookForIncidents(
        { ...ports, ledger, ...(announcer && { announcer }) },
        { ...subject, memory, by, flags, signal },
      );
      const responded = await response.respond({ by, automatic });
      return { look, responded };
    },
    close() {
      looking.close();
      opened.close();
    },
  };
}
