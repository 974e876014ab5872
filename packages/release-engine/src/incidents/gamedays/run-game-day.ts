import type { GameDayReport } from "@slipway/contracts";
import { assertNotInterrupted } from "../../assert-not-interrupted.ts";
import type { Clock } from "../../ports/clock.ts";
import type { GameStage, IncidentWatch, Planted } from "../../ports/game-stage.ts";
import { hasHelped } from "../has-helped.ts";
import type { IncidentRecord } from "../incident-record.ts";
import type { GameDay } from "./game-day.ts";
import { incidentsOfDay, type PlayedDay, scoreGameDay } from "./score-game-day.ts";

export interface GameDayPorts {
  readonly stage: GameStage;
  readonly watch: IncidentWatch;
  /** Measures how long it took here, and waits between two minutes where people play along. */
  readonly clock: Clock;
}

export interface GameDayOptions {
  /** A person cures it: the system only tells. */
  readonly manual?: boolean;
  /** How long a minute of local AWS's clock takes here, in milliseconds; no time at all, unless given. */
  readonly minuteMs?: number;
  readonly onLine?: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Healthy minutes before and after, in which nothing may be found. */
const QUIET_MINUTES = 2;
/** Within what it has to be over. */
const MOST_MINUTES = 40;
/** After its cure was named, a fault that a person would have cured goes on for so long. */
const MINUTES_TO_CURE = 1;

/**
 * Plays a game day: some healthy minutes, the fault, and minute by minute what users ask and what the incident system makes of it, until
 * all is good again, or has not become so in forty minutes.
 *
 * @throws {ReleaseError} `interrupted` when asked to stop: then the fault is taken away
 */
export async function runGameDay(
  day: GameDay,
  { stage, watch, clock }: GameDayPorts,
  { manual = false, minuteMs = 0, onLine = () => {}, signal }: GameDayOptions,
): Promise<GameDayReport> {
  const startedAt = clock.now();
  const sent = { requests: 0, failed: 0 };
  const pass = async () => {
    assertNotInterrupted(signal, `in the game day ${day.name}`);
    const { requests, failed } = await stage.minute();
    sent.requests += requests;
    sent.failed += failed;
    await watch.look({ automatic: !manual, signal });
    if (minuteMs > 0) {
      await clock.sleep(minuteMs, signal);
    }
    return stage.incidents();
  };
  const known = new Set((await stage.incidents()).map(({ id }) => id));
  const newOnes = (records: readonly IncidentRecord[]) => records.filter(({ id }) => !known.has(id));
  const idsOf = (records: readonly IncidentRecord[]) => records.map(({ id }) => id);

  let records: readonly IncidentRecord[] = [];
  for (let minute = 0; minute < QUIET_MINUTES; minute += 1) {
    records = newOnes(await pass());
  }
  const before = idsOf(records);
  const planted: Planted[] = [];
  const endAll = async () => {
    for (const each of planted.splice(0)) {
      await each.end();
    }
  };
  try {
    for (const plant of day.plants) {
      const fault = await stage.plant(plant);
      planted.push(fault);
      onLine(manual ? "something has happened" : `planted ${plant}: ${fault.what}`);
    }
    // A release takes a while to get there; it hurts from here on.
    const plantedAt = await stage.now();
    const lasts = new Fault(day, manual);
    for (let minute = 1; minute <= MOST_MINUTES; minute += 1) {
      records = newOnes(await pass());
      const own = records.filter(({ id }) => !before.includes(id));
      onLine(wordsOf(minute, own));
      if (lasts.isOver(minute, own)) {
        await endAll();
      }
      if (own.length >= day.incidents && own.every(({ state }) => state === "resolved" || state === "closed")) {
        break;
      }
    }
    // What was open by now has not been resolved by anybody, whatever comes of it when the fault is taken away.
    const atEnd = records;
    // While it is there it would be found again, and rightly.
    await endAll();
    for (let minute = 0; minute < QUIET_MINUTES; minute += 1) {
      records = newOnes(await pass());
    }
    const later = records.filter(({ id }) => !idsOf(atEnd).includes(id));
    const after = idsOf(later);
    const lostWrites = await stage.lostWrites();
    const played: PlayedDay = { plantedAt, records: [...atEnd, ...later], before, after, lostWrites, manual };
    return {
      ...{ version: 1, name: day.name, environment: stage.environment, manual, lostWrites },
      plantedAt: new Date(plantedAt).toISOString(),
      incidents: idsOf(incidentsOfDay(played)),
      ...scoreGameDay(day, played),
      ...times(played),
      ...sent,
      durationMs: clock.now() - startedAt,
    };
  } finally {
    await endAll();
  }
}

/** When a fault ends that the system does not cure: it passes, or the person whom it told what to do has done so. */
class Fault {
  readonly #day: GameDay;
  readonly #manual: boolean;
  #namedAt: number | undefined;

  constructor(day: GameDay, manual: boolean) {
    this.#day = day;
    this.#manual = manual;
  }

  isOver(minute: number, own: readonly IncidentRecord[]): boolean {
    const { cure, passesAfterMinutes, incidents } = this.#day;
    if (passesAfterMinutes !== undefined) {
      return minute >= passesAfterMinutes;
    }
    if (this.#manual) {
      return false;
    }
    const isNamed =
      cure.by === "slipway"
        ? // Of two faults one is cured by the system, and the other by whom it told.
          incidents > 1 && own.length >= incidents && own.every(({ proposal }) => proposal !== undefined)
        : own.some(({ proposal }) => proposal !== undefined && cure.proposes.includes(proposal.kind));
    if (isNamed) {
      this.#namedAt ??= minute;
    }
    return this.#namedAt !== undefined && minute >= this.#namedAt + MINUTES_TO_CURE;
  }
}

function wordsOf(minute: number, own: readonly IncidentRecord[]): string {
  const each = own.map(({ id, severity, state, title, actions, proposal }) => {
    const done = actions.map(({ kind, state: how }) => `${kind} ${how}`).join(", ");
    const next = done === "" && proposal !== undefined ? `, proposes ${proposal.kind}` : "";
    return `${id} severity ${severity} ${state}: ${title}${done === "" ? next : `, ${done}`}`;
  });
  return `minute ${minute}: ${each.join("; ") || "no incident"}`;
}

/** Seconds from the planting. */
function times(played: PlayedDay): Pick<GameDayReport, "secondsToDetect" | "secondsToMitigate" | "secondsToResolve"> {
  const own = incidentsOfDay(played);
  const since = (at: readonly (string | undefined)[], pick: (...values: number[]) => number) => {
    const known = at.flatMap((each) => (each === undefined ? [] : [Date.parse(each)]));
    return known.length === 0 ? null : Math.max(0, (pick(...known) - played.plantedAt) / 1_000);
  };
  const isOver = own.length > 0 && own.every(({ resolvedAt }) => resolvedAt !== undefined);
  const helped = own.flatMap(({ actions }) => actions.filter(hasHelped));
  return {
    secondsToDetect: since(
      own.map(({ openedAt }) => openedAt),
      Math.min,
    ),
    secondsToMitigate: since(
      helped.map(({ endedAt }) => endedAt),
      Math.max,
    ),
    secondsToResolve: isOver
      ? since(
          own.map(({ resolvedAt }) => resolvedAt),
          Math.max,
        )
      : null,
  };
}
