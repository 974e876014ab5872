import type { Actor } from "@slipway/contracts";
import type { IncidentWatch } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { openRound } from "../incidents/open-round.ts";
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
  const round = await openRound({ local: true, port }, io, environment);
  return {
    watch: {
      async look({ automatic }) {
        await round.look({ by: BY, automatic });
      },
    },
    close: () => round.close(),
  };
}
