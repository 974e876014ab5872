import type { IncidentSignal, SignalKind, SignalResource } from "@slipway/contracts";
import { numberInWords, percentInWords } from "../verdicts/in-words.ts";
import { findShare, isAbove, type SharePoint, type SharePolicy } from "./find-share.ts";
import {
  type FunctionMeasurement,
  nodeOf,
  type StageMeasurement,
  type TableMeasurement,
  type VersionMinute,
} from "./incident-measurements.ts";
import { needsOf } from "./needs-of.ts";
import { known, percentOf, rolloutWords, type SignalContext, signalOf, triedOut, without } from "./signal-context.ts";

/** Fewer throttled requests of a table are normal: the SDK repeats them (SLIC Watch, and the alarm of this project's own). */
const FEWEST_TABLE_THROTTLES = 11;

/** What starts cold after a release, or a quiet hour, is slow once: with few requests that is a large part of them. */
const FEWEST_SLOW = 20;

/** A share, what it is called, and what of it belongs to versions that are being tried out. */
interface ShareQuestion {
  readonly kind: SignalKind;
  readonly resource: SignalResource;
  /** What tells it from others of the kind at the resource. */
  readonly detail?: string;
  readonly points: readonly SharePoint[];
  readonly policy: SharePolicy;
  /** Limits above that one, from 0 to 1: how bad it is goes by the highest that it is beyond chance above. */
  readonly higher: readonly number[];
  /** `were answered with 5xx`, of what: `requests to items-api-prod/prod`. */
  readonly units: string;
  readonly events: string;
  readonly functions: readonly FunctionMeasurement[];
  /** The share of a version's minute that is a part of this one; left out where versions are not told apart. */
  readonly ofVersion?: (minute: VersionMinute) => SharePoint;
}

/** Signals of the traffic: of the API's stages, the functions and the tables. */
export function trafficSignals(context: SignalContext): IncidentSignal[] {
  return trafficQuestions(context).flatMap((question) => shareSignal(context, question) ?? []);
}

/** Every share that is looked at, with its limit. */
function trafficQuestions(context: SignalContext): ShareQuestion[] {
  const { stages, functions, tables } = context.measurements;
  return [
    ...(known(stages) ?? []).flatMap((stage) => stageQuestions(context, stage)),
    ...(known(functions) ?? []).flatMap((each) => functionQuestions(context, each)),
    ...(known(tables) ?? []).flatMap((table) => tableQuestions(context, table)),
  ];
}

/** How often chance may make something worse than it is. */
const WORSE = 1e-3;

function higherErrors({ config: { incidents } }: SignalContext): readonly number[] {
  const { critical, high } = incidents.errorPercent;
  return [critical / 100, high / 100];
}

const errorsOfVersion = ({ at, errors, calls }: VersionMinute): SharePoint => ({ at, events: errors, total: calls });
const slowOfVersion = ({ at, slow, calls }: VersionMinute): SharePoint => ({ at, events: slow, total: calls });

function stageQuestions(context: SignalContext, { name, minutes, refused }: StageMeasurement): ShareQuestion[] {
  const { incidents, validation } = context.config;
  const minimumTotal = incidents.minimumRequests;
  const resource = { type: "api", name } as const;
  const needed = needsOf(context.measurements.dependencies, nodeOf(resource));
  const functions = (known(context.measurements.functions) ?? []).filter((each) =>
    needed.has(nodeOf({ type: "function", name: each.name })),
  );
  const units = `requests to ${name}`;
  const errorLimit = incidents.errorPercent.medium / 100;
  const counts = new Map((known(refused) ?? []).map(({ at, count }) => [at, count]));
  return [
    {
      ...{ kind: "errors", resource, units, events: "were answered with 5xx", functions, ofVersion: errorsOfVersion },
      higher: higherErrors(context),
      points: minutes.map(({ at, errors, requests }) => ({ at, events: errors, total: requests })),
      policy: { limit: errorLimit, minimumTotal },
    },
    {
      ...{ kind: "latency", resource, units, functions, ofVersion: slowOfVersion },
      higher: [incidents.slowPercent.high / 100],
      events: `took longer than ${numberInWords(validation.responseTime.limitMs)} ms`,
      points: minutes.map(({ at, slow, timed }) => ({ at, events: slow, total: timed })),
      policy: { limit: incidents.slowPercent.medium / 100, minimumTotal, minimumEvents: FEWEST_SLOW },
    },
    {
      ...{ kind: "throttling", resource, units, events: "were refused with 429", functions },
      higher: higherErrors(context),
      points: minutes.map(({ at, requests }) => ({ at, events: counts.get(at) ?? 0, total: requests })),
      policy: { limit: errorLimit, minimumTotal },
    },
  ];
}

function functionQuestions(context: SignalContext, measured: FunctionMeasurement): ShareQuestion[] {
  const { incidents } = context.config;
  const { name, minutes, timeoutMs } = measured;
  const resource = { type: "function", name } as const;
  const policy = { limit: incidents.errorPercent.medium / 100, minimumTotal: incidents.minimumRequests };
  const units = `calls of ${name}`;
  const functions = [measured];
  const higher = higherErrors(context);
  return [
    {
      ...{ kind: "errors", resource, policy, higher, units, events: "failed", functions, ofVersion: errorsOfVersion },
      points: minutes.map(({ at, errors, calls }) => ({ at, events: errors, total: calls })),
    },
    {
      ...{ kind: "throttling", resource, policy, higher, units, functions },
      events: "were refused for lack of concurrency",
      points: minutes.map(({ at, throttles, calls }) => ({ at, events: throttles, total: calls + throttles })),
    },
    {
      ...{ kind: "resources", resource, policy, higher, units, functions, detail: "timeout" },
      events: `took more than nine tenths of its timeout of ${numberInWords(timeoutMs / 1_000)} s`,
      points: minutes.map(({ at, long, calls }) => ({ at, events: long, total: calls })),
    },
  ];
}

function tableQuestions(context: SignalContext, { name, minutes }: TableMeasurement): ShareQuestion[] {
  const { incidents } = context.config;
  const higher = higherErrors(context);
  const resource = { type: "table", name } as const;
  const policy = { limit: incidents.errorPercent.medium / 100, minimumTotal: incidents.minimumRequests };
  const units = `requests to the table ${name}`;
  return [
    {
      ...{ kind: "throttling", resource, units, events: "were throttled", functions: [], higher },
      policy: { ...policy, minimumEvents: FEWEST_TABLE_THROTTLES },
      points: minutes.map(({ at, throttles, requests }) => ({ at, events: throttles, total: requests + throttles })),
    },
    {
      ...{ kind: "errors", resource, policy, higher, units, events: "failed in DynamoDB itself", functions: [] },
      points: minutes.map(({ at, systemErrors, requests }) => ({
        ...{ at, events: systemErrors },
        total: requests + systemErrors,
      })),
    },
  ];
}

function shareSignal(context: SignalContext, question: ShareQuestion): IncidentSignal | undefined {
  const { kind, resource, detail, points, policy, units, events, functions, ofVersion } = question;
  const found = findShare(points, context.measurements, policy);
  if (found === undefined) {
    return undefined;
  }
  const share = found.events / found.total;
  const limit =
    question.higher.find((each) => isAbove(found, { ...policy, limit: each, falseAlarms: WORSE })) ?? policy.limit;
  const what = `${numberInWords(found.events)} of ${numberInWords(found.total)} ${units} (${percentInWords(share)}) ${events} in ${found.minutes === 1 ? "a minute" : `${found.minutes} minutes`}; the limit is ${percentInWords(limit)}`;
  const tried = ofVersion === undefined ? undefined : triedOut(context, functions)?.map(ofVersion);
  const { rollout } = context.measurements.operations;
  const isTried =
    tried !== undefined &&
    rollout !== null &&
    findShare(without(points, tried), context.measurements, policy) === undefined;
  const version = ofVersion === undefined ? undefined : versionToBlame(context, question, ofVersion);
  return signalOf(kind, resource, found.since, {
    ...(detail === undefined ? {} : { detail }),
    // As it is in the configuration, which the severity goes by: 29, where 100 times 0.29 is a little less.
    ...{ what, value: percentOf(found.events, found.total), limit: Number((limit * 100).toPrecision(12)), unit: "%" },
    ...(version === undefined ? {} : { version }),
    ...(isTried ? { aside: rolloutWords(rollout) } : {}),
  });
}

/** The one version whose share is above the limit, where the share without it is not, and there is traffic of others. */
function versionToBlame(
  { measurements }: SignalContext,
  { functions, policy }: ShareQuestion,
  ofVersion: (minute: VersionMinute) => SharePoint,
): string | undefined {
  const bad = functions.flatMap(({ versions }) => {
    const isBad = (minutes: readonly VersionMinute[]) =>
      findShare(minutes.map(ofVersion), measurements, { ...policy, minimumTotal: 1 }) !== undefined;
    const wrong = versions.filter(({ minutes }) => isBad(minutes));
    const withCalls = versions.filter(({ minutes }) => minutes.some(({ calls }) => calls > 0));
    return withCalls.length > 1 ? wrong : [];
  });
  return bad.length === 1 ? bad[0]?.version : undefined;
}
