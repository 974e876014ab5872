import type { GameDayReport } from "@slipway/contracts";
import type { GameDay } from "@slipway/release-engine";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { readSetup } from "../setup/read-setup.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface GameDayCommandOptions {
  readonly environment: string;
  readonly speed?: string;
  readonly manual?: boolean;
  readonly keep?: boolean;
  readonly verbose?: boolean;
  readonly output?: "text" | "json";
}

const NOT_FOUND_OUT = 2;
/** Where people play along, a minute of the clock takes ten seconds. */
const MANUAL_SPEED = 6;
const MOST_SPEED = 10_000;

/** `slipway gameday`: an incident is rehearsed before it happens. */
export const gameday: Command = {
  name: "gameday",
  summary:
    "plant a fault under live traffic on a local AWS of its own, let the incident system find and cure it, and score that; exit code 0 passed, 1 failed, 2 something is not known",
  arguments: [
    {
      name: "<names...>",
      description: "which game days, one after the other; all of them with all; list shows what there is",
    },
  ],
  options: [
    { flags: "--environment <environment>", description: "as in slipway.config.ts", default: "prod" },
    {
      flags: "--speed <n>",
      description: `minutes of local AWS's clock in a minute here (default: as many as it takes, or ${MANUAL_SPEED} with --manual)`,
    },
    { flags: "--manual", description: "leave the cure to you, and grade you" },
    { flags: "--keep", description: "leave the game day's local AWS and its files where they are" },
    { flags: "--verbose", description: "show what happens minute by minute" },
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway gameday list",
    "slipway gameday bad-release",
    "slipway gameday slow-release alarm-deleted --verbose",
    "slipway gameday table-throttled --manual",
    "slipway gameday all --output json",
  ],
  failureCode: NOT_FOUND_OUT,
  json: { documents: ["game-day-reports", "game-day-list"] },
  async run(options: GameDayCommandOptions, io: CommandIo, names: readonly string[]): Promise<number> {
    const { environment } = options;
    const [{ gameDays }, { renderGameDay, renderGameDays }] = await Promise.all([
      import("@slipway/release-engine"),
      import("../gameday/render-game-day.ts"),
    ]);
    if (names.includes("list")) {
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, gameDays: gameDays.map(({ name, summary, severities, cure }) => ({ name, summary, severities, cure })) })}\n`
          : renderGameDays(gameDays, io.columns),
      );
      return 0;
    }
    const days = chosen(names, gameDays);
    const minuteMs = minuteOf(options);
    // Without Terraform nothing can be rehearsed, and that is said before anything is begun.
    readSetup();
    const [{ loadEnvironment }, { playGameDays }] = await Promise.all([
      import("../environment-config.ts"),
      import("../gameday/play-game-days.ts"),
    ]);
    const { repository, config } = await loadEnvironment(io.cwd, environment);
    const progress = new ProgressPrinter(io, { isVerbose: options.verbose === true || options.manual === true });
    const reports: GameDayReport[] = [];
    try {
      await playGameDays(days, {
        ...{ repository, config, environment, progress, env: io.env, signal: io.signal, minuteMs },
        ...{ manual: options.manual === true, keep: options.keep === true },
        onReport: (report) => reports.push(report),
      });
    } finally {
      progress.stop();
      // What was played is shown also where a later day could not be.
      if (reports.length > 0) {
        io.stdout.write(
          options.output === "json"
            ? `${JSON.stringify({ version: 1, reports })}\n`
            : reports.map((report) => renderGameDay(report, io.columns)).join("\n"),
        );
      }
    }
    const outcomes = reports.map(({ outcome }) => outcome);
    return outcomes.includes("fail") ? 1 : outcomes.includes("unknown") ? NOT_FOUND_OUT : 0;
  },
};

/** @throws UserError where there is none of a name */
function chosen(names: readonly string[], days: readonly GameDay[]): readonly GameDay[] {
  if (names.includes("all")) {
    return days;
  }
  return names.map((name) => {
    const found = days.find((day) => day.name === name);
    if (found === undefined) {
      throw new UserError(
        `names: there is no game day '${name}'. There are ${days.map((day) => day.name).join(", ")}.`,
      );
    }
    return found;
  });
}

/** @throws UserError where the speed is none */
function minuteOf({ speed, manual = false }: GameDayCommandOptions): number {
  if (speed === undefined) {
    return manual ? 60_000 / MANUAL_SPEED : 0;
  }
  const times = Number(speed);
  if (!(times >= 1 && times <= MOST_SPEED)) {
    throw new UserError(`--speed: ${speed} is not a number from 1 to ${MOST_SPEED}.`);
  }
  return 60_000 / times;
}
