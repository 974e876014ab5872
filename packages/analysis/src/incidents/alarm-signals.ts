import type { IncidentSignal } from "@slipway/contracts";
import { numberInWords } from "../verdicts/in-words.ts";
import { isAbove, type SharePoint, sumOf } from "./find-share.ts";
import type { AlarmMeasurement, AlarmMetric, FunctionMeasurement } from "./incident-measurements.ts";
import { nodeOf } from "./incident-measurements.ts";
import { needsOf } from "./needs-of.ts";
import { known, rolloutWords, type SignalContext, signalOf, triedOut, without } from "./signal-context.ts";

/** What an alarm that has gone off has to have behind it, beside itself: the numbers that it looks at, looked at with less severity. */
const CONFIRMING = { falseAlarms: 1e-3, minimumTotal: 1 } as const;

/** What the slowest 1 % do is what alarms on latencies look at. */
const LATENCY_LIMIT = 0.01;

/**
 * Signals of alarms that are in ALARM, and of those that do not watch as the Terraform state says they do.
 *
 * An alarm knows no chance: two failed requests of a quiet night are 2 % twice. Where what it looks at is measured here, too, it opens an
 * incident only if the numbers are not what chance makes; every other alarm is taken at its word.
 */
export function alarmSignals(context: SignalContext): IncidentSignal[] {
  const { alarms, at, operations } = context.measurements;
  const measured = known(alarms) ?? [];
  const { rollout } = operations;
  const changing =
    rollout?.changesInfrastructure === true ? `${rollout.release} is changing the infrastructure right now` : undefined;
  const ringing = new Map<string, IncidentSignal>();
  // Composite ones last: they say no more than those that they look at.
  for (const alarm of measured.toSorted((left, right) => left.children.length - right.children.length)) {
    if (alarm.observed?.state === "ALARM") {
      ringing.set(alarm.name, ringingSignal(context, alarm, alarm.observed, ringing));
    }
  }
  const watching = measured.flatMap((alarm) => {
    const what = faultOf(alarm);
    return what === undefined
      ? []
      : signalOf("monitoring", { type: "alarm", name: alarm.name }, at, {
          what,
          ...(changing === undefined ? {} : { aside: changing }),
        });
  });
  return [...ringing.values(), ...watching];
}

function ringingSignal(
  context: SignalContext,
  alarm: AlarmMeasurement,
  observed: NonNullable<AlarmMeasurement["observed"]>,
  ringing: ReadonlyMap<string, IncidentSignal>,
): IncidentSignal {
  const { name, children, wentOff } = alarm;
  const often = wentOff !== null && wentOff > 1 ? `, ${wentOff} times within a day` : "";
  const behind = children.map((child) => ringing.get(child)).filter((child) => child !== undefined);
  const asides = behind.flatMap(({ aside }) => aside ?? []);
  const aside =
    behind.length > 0 ? (asides.length === behind.length ? asides[0] : undefined) : whatElseExplains(context, alarm);
  // What the number says is known without a person: a backup was not made. It is about nothing that users see.
  const kind = alarm.metric === "dropped-backups" ? "backup" : "alarm";
  return signalOf(kind, { type: "alarm", name }, observed.since, {
    what: `the alarm ${name} is in ALARM since ${new Date(observed.since).toISOString()}${often}: ${observed.reason}`,
    ...(observed.severity === undefined ? {} : { severity: observed.severity }),
    ...(aside === undefined ? {} : { aside }),
  });
}

/** How an alarm fails to watch; undefined where it does. */
function faultOf({ name, observed, expectedActions, failedActions }: AlarmMeasurement): string | undefined {
  if (observed === null) {
    return `the alarm ${name} is in the Terraform state and is not there: nobody would be told`;
  }
  if (expectedActions > 0 && !observed.actionsEnabled) {
    return `the alarm ${name} is disabled: it would tell nobody`;
  }
  if (observed.actions < expectedActions) {
    return `the alarm ${name} would tell ${observed.actions} of the ${expectedActions} that the Terraform state names`;
  }
  const [failed] = failedActions;
  return failed === undefined ? undefined : `the alarm ${name} went off and could not tell: ${failed.why}`;
}

/** Why the numbers do not make an incident of an alarm; undefined where they do, or nobody knows them. */
function whatElseExplains(context: SignalContext, alarm: AlarmMeasurement): string | undefined {
  const counts = countsBehind(context, alarm);
  if (counts === undefined) {
    return undefined;
  }
  const { all, rest, now, isEnough, isGood, words } = counts;
  const { rollout } = context.measurements.operations;
  if (!isEnough(all)) {
    return `its numbers may be chance: ${numberInWords(all.events)} of ${numberInWords(all.total)} ${words}`;
  }
  if (isGood(now)) {
    return `it looks further back: ${numberInWords(now.events)} of ${numberInWords(now.total)} in the last minutes are good numbers again`;
  }
  return rollout !== null && !isEnough(rest) ? rolloutWords(rollout) : undefined;
}

interface Behind {
  readonly all: Omit<SharePoint, "at">;
  /** Without the versions that are being tried out. */
  readonly rest: Omit<SharePoint, "at">;
  /** In the window. */
  readonly now: Omit<SharePoint, "at">;
  readonly words: string;
  isEnough(counts: Omit<SharePoint, "at">): boolean;
  /** Whether what is counted now would make no alarm. */
  isGood(counts: Omit<SharePoint, "at">): boolean;
}

/** What an alarm has counted, where that is measured here; undefined where it is not, or could not be read. */
function countsBehind(context: SignalContext, { metric, watches }: AlarmMeasurement): Behind | undefined {
  const { measurements, config } = context;
  const { incidents } = config;
  const functions = (known(measurements.functions) ?? []).filter(({ name }) =>
    watches.includes(nodeOf({ type: "function", name })),
  );
  const stages = (known(measurements.stages) ?? []).filter(({ name }) =>
    watches.includes(nodeOf({ type: "api", name })),
  );
  const tables = (known(measurements.tables) ?? []).filter(({ name }) =>
    watches.includes(nodeOf({ type: "table", name })),
  );
  const share = (limit: number, minimumEvents: number): Rule => ({
    isEnough: (counts) => isAbove(counts, { ...CONFIRMING, limit, minimumEvents }),
    // What chance makes of good numbers is good, too, or an incident that is over would come back with every odd failure.
    isGood: (counts) =>
      counts.total >= incidents.minimumRequests &&
      !isAbove(counts, { limit, minimumEvents: 3, minimumTotal: 1, falseAlarms: 0.05 }),
  });
  const question = (
    points: readonly SharePoint[],
    tried: readonly SharePoint[] | undefined,
    rule: Rule,
    words: string,
  ): Behind => {
    const { read, window } = measurements;
    const all = sumOf(points, read.from);
    const rest = tried === undefined ? all : sumOf(without(points, tried), read.from);
    return { ...rule, words, all, rest, now: sumOf(points, window.from) };
  };
  const needed: readonly FunctionMeasurement[] = (known(measurements.functions) ?? []).filter(({ name }) =>
    watches.some((node) => needsOf(measurements.dependencies, node).has(nodeOf({ type: "function", name }))),
  );
  const tried = triedOut(context, needed);
  const [stage] = stages;
  const [one] = functions;
  const [table] = tables;
  const by = {
    errors: () => {
      const triedErrors = tried?.map(({ at, errors, calls }) => ({ at, events: errors, total: calls }));
      const rule = share(incidents.errorPercent.medium / 100, 3);
      const points =
        stage === undefined
          ? one?.minutes.map(({ at, errors, calls }) => ({ at, events: errors, total: calls }))
          : stage.minutes.map(({ at, errors, requests }) => ({ at, events: errors, total: requests }));
      return points && question(points, triedErrors, rule, "failed in half an hour");
    },
    latency: () => {
      const triedSlow = tried?.map(({ at, slow, calls }) => ({ at, events: slow, total: calls }));
      const points = stage?.minutes.map(({ at, slow, timed }) => ({ at, events: slow, total: timed }));
      return points && question(points, triedSlow, share(LATENCY_LIMIT, 5), "were slow in half an hour");
    },
    duration: () => {
      const points = one?.minutes.map(({ at, long, calls }) => ({ at, events: long, total: calls }));
      return points && question(points, undefined, atLeast(3), "came near the timeout in half an hour");
    },
    throttling: () => {
      if (table !== undefined) {
        const points = table.minutes.map(({ at, throttles, requests }) => ({ at, events: throttles, total: requests }));
        return question(points, undefined, atLeast(11), "were throttled in half an hour");
      }
      const points = one?.minutes.map(({ at, throttles, calls }) => ({ at, events: throttles, total: calls }));
      return points && question(points, undefined, atLeast(3), "were refused in half an hour");
    },
    "dropped-backups": () => undefined,
    other: () => undefined,
  } satisfies Record<AlarmMetric, () => Behind | undefined>;
  return by[metric]();
}

type Rule = Pick<Behind, "isEnough" | "isGood">;

function atLeast(fewest: number): Rule {
  return { isEnough: ({ events }) => events >= fewest, isGood: ({ events }) => events === 0 };
}
