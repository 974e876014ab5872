import type { Actor } from "@slipway/contracts";
import { type IncidentWatch, LookMemory, lookForIncidents } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { openLook } from "../incidents/open-look.ts";
import { openResponse } from "../incidents/open-response.ts";
import { commandLedger } from "../ledger/command-ledger.ts";
import { FollowingClock } from "../release/following-clock.ts";
import type { OpenedGameStage } from "./open-game-stage.ts";

const BY: Actor = { name: "slipway incident detect" };

/**
 * The incident system as it works when nobody is there: in this process, on the game day's local AWS, under the role of who only looks; what
 * it does is done by the commands' own code.
 */
export async function incidentWatch(
  { target, directory, env }: Pick<OpenedGameStage, "target" | "directory" | "env">,
  environment: string,
  signal: AbortSignal,
): Promise<{ readonly watch: IncidentWatch; close(): void }> {
  const silent = { write: () => true };
  const io: CommandIo = { stdout: silent, stderr: silent, env, cwd: directory, isTty: false, columns: 80, signal };
  const port = target.endpoint === undefined ? "" : new URL(target.endpoint).port;
  const opened = await commandLedger({ local: true, port }, io, environment);
  const looking = await openLook(opened, environment, signal).catch((error: unknown) => {
    opened.close();
    throw error;
  });
  const { ledger, clock } = opened;
  const response = openResponse({ opened, looking, environment, io });
  const ports = { ...looking.ports, ledger };
  const request = { ...looking.subject, by: BY, flags: opened.target.flags, memory: new LookMemory(), signal };
  return {
    watch: {
      async look({ automatic }) {
        // Nobody sleeps between two looks, so that it would go along by itself.
        if (clock instanceof FollowingClock) {
          await clock.follow();
        }
        const { incidents: seen } = await lookForIncidents(ports, request);
        await response.respond({ by: BY, automatic, seen });
      },
    },
    close() {
      looking.close();
      opened.close();
    },
  };
}
