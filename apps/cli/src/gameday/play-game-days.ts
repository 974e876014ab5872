import type { GameDayReport } from "@slipway/contracts";
import { type GameDay, runGameDay, runPhase, systemClock } from "@slipway/release-engine";
import { enterDrillPlace } from "../drill/drill-place.ts";
import { incidentWatch } from "./incident-watch.ts";
import { type GameStagePlace, openGameStage } from "./open-game-stage.ts";

/** What is played, and how. */
export interface GameRequest extends Omit<GameStagePlace, "place"> {
  /** Whether a person cures it. */
  readonly manual: boolean;
  /** How long a minute of local AWS's clock takes here, in milliseconds. */
  readonly minuteMs: number;
  /** Whether what was made stays. */
  readonly keep: boolean;
  /** Gets each as it ends: what was played is known also where a later one cannot be. */
  readonly onReport: (report: GameDayReport) => void;
}

/**
 * Plays game days, one after the other, all of them from the same ground.
 *
 * @throws UserError when another game day of the repository runs
 * @throws ReleaseError when the ground cannot be made; `interrupted` when asked to stop
 */
export async function playGameDays(days: readonly GameDay[], request: GameRequest): Promise<void> {
  const { repository, config, environment, env, progress, signal, manual, minuteMs, keep, onReport } = request;
  const place = await enterDrillPlace(repository, env, "gameday");
  try {
    const opened = await openGameStage({ repository, config, environment, env, progress, signal, place });
    try {
      for (const [index, day] of days.entries()) {
        if (index > 0) {
          await opened.rewind(day.plants);
        }
        const watch = await incidentWatch(opened, environment, signal);
        try {
          const { value } = await runPhase(
            { clock: systemClock, progress },
            { phase: `gameday.${day.name}`, title: manual ? "play the game day" : day.name },
            async (line) => {
              const report = await runGameDay(
                day,
                { stage: opened.stage, watch: watch.watch, clock: systemClock },
                { manual, minuteMs, signal, onLine: line },
              );
              return {
                value: report,
                outcome: report.outcome === "pass" ? "done" : "failed",
                summary: `${report.grades.filter(({ status }) => status === "pass").length} of ${report.grades.length} grades passed`,
              };
            },
          );
          onReport(value);
        } finally {
          watch.close();
        }
      }
    } finally {
      await opened.close();
    }
  } finally {
    await place.leave({ keep });
  }
}
