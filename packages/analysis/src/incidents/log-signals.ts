import type { IncidentSignal, SignalKind } from "@slipway/contracts";
import { cutText } from "../errors/cut-text.ts";
import { binomialUpperTail } from "../verdicts/exact/binomial-tail.ts";
import { numberInWords, percentInWords } from "../verdicts/in-words.ts";
import { isAbove } from "./find-share.ts";
import type { ErrorCategory, LoggedError, LogMeasurement, MemoryMeasurement } from "./incident-measurements.ts";
import { known, rolloutWords, type SignalContext, signalOf } from "./signal-context.ts";

const KINDS: Readonly<Record<ErrorCategory, SignalKind>> = {
  ...{ timeout: "resources", memory: "resources", access: "security", data: "data", other: "log-errors" },
};

const WORDS: Readonly<Record<ErrorCategory, string>> = {
  timeout: "Lambda broke calls off that took too long",
  memory: "Lambda ended calls that used more memory than there is",
  access: "AWS refuses what the function has to do",
  data: "items are not what they should be",
  other: "errors that are new, or much more frequent",
};

/** Fewer are told of only where nothing of the kind is ever right. */
const FEWEST = 5;
const FEWEST_NEVER_RIGHT = 3;
const NEVER_RIGHT: ReadonlySet<ErrorCategory> = new Set(["memory", "access", "data"]);
/** Less than so many times as often as before is not much more. */
const LEAST_RATIO = 3;
/** How often chance may make a fingerprint, or all lines together, look like this: a week has 10,080 looks at many fingerprints. */
const FALSE_ALARMS = 1e-6;
/** The most frequent ones say what it is; the others are in the logs. */
const MOST_SIGNALS = 8;
const LONGEST = 200;
/** So near its end, memory runs out with the next larger request. */
const NEAR = 0.95;

/** Signals of the functions' logs, and of the memory that their calls use. */
export function logSignals(context: SignalContext): IncidentSignal[] {
  const logs = known(context.measurements.logs);
  const errors = logs === undefined ? [] : errorSignals(context, logs);
  return [
    ...errors,
    ...(known(context.measurements.memory) ?? []).flatMap((each) => memorySignal(context, each) ?? []),
  ];
}

function errorSignals(context: SignalContext, logs: LogMeasurement): IncidentSignal[] {
  const { rollout } = context.measurements.operations;
  const triedOf = (error: LoggedError) =>
    (rollout?.versions ?? [])
      .filter((each) => each.function === error.function)
      .reduce((sum, { version }) => sum + (error.versions[version] ?? 0), 0);
  const exposure = exposureOf(context, logs);
  const tried = logs.errors.reduce((sum, error) => sum + triedOf(error), 0);
  return logs.errors
    .filter((error) => isUnusual(context, error, logs, exposure))
    .toSorted((left, right) => right.count - left.count)
    .slice(0, MOST_SIGNALS)
    .map((error): IncidentSignal => {
      const rest = { ...error, count: error.count - triedOf(error) };
      const isTried =
        rest.count < error.count && !isUnusual(context, rest, { ...logs, total: logs.total - tried }, exposure);
      const versions = Object.keys(error.versions);
      const minutes = numberInWords(logs.windowMs / 60_000);
      const before = `${numberInWords(error.before)} in the ${numberInWords(logs.beforeMs / 60_000)} minutes before`;
      return signalOf(KINDS[error.category], { type: "function", name: error.function }, error.firstAt, {
        detail: error.fingerprint,
        what: `${WORDS[error.category]}: ${numberInWords(error.count)} in ${minutes} minutes, ${before}: ${cutText(error.fingerprint, LONGEST)}`,
        ...{ value: error.count, unit: "count", fingerprint: error.fingerprint },
        ...(versions.length === 1 && versions[0] !== undefined ? { version: versions[0] } : {}),
        ...(isTried && rollout !== null ? { aside: rolloutWords(rollout) } : {}),
      });
    });
}

function isUnusual(
  context: SignalContext,
  error: LoggedError,
  logs: Pick<LogMeasurement, "total" | "totalBefore">,
  exposure: Exposure,
): boolean {
  const { category, count, before, minutes } = error;
  if (NEVER_RIGHT.has(category) && before === 0) {
    return count >= FEWEST_NEVER_RIGHT;
  }
  // One call that goes wrong in many ways, or is repeated at once by its caller, is not an incident yet.
  // And a release may give every error a new name, and makes no more of them by that.
  return (
    minutes >= 2 &&
    isMore(count, before, exposure) &&
    (isMore(logs.total, logs.totalBefore, exposure) || isShareOfCalls(context, error))
  );
}

/** What errors are expected in proportion to: four times the traffic makes four times the errors, and is no reason to worry. */
interface Exposure {
  readonly now: number;
  readonly before: number;
}

/** Calls, where they were counted, else time. The metrics do not go back as far as the logs: what was called before is taken for the same. */
function exposureOf({ measurements }: SignalContext, { windowMs, beforeMs }: LogMeasurement): Exposure {
  const { window, read, functions } = measurements;
  const minutes = (known(functions) ?? []).flatMap((each) => each.minutes);
  const calls = (isWanted: (at: number) => boolean) =>
    minutes.reduce((sum, minute) => sum + (isWanted(minute.at) ? minute.calls : 0), 0);
  const now = calls((at) => at >= window.from);
  const earlier = calls((at) => at < window.from);
  return now > 0 && earlier > 0
    ? { now, before: (earlier * beforeMs) / Math.max(1, window.from - read.from) }
    : { now: windowMs, before: beforeMs };
}

function isMore(now: number, before: number, exposure: Exposure): boolean {
  const share = exposure.now / (exposure.now + exposure.before);
  const expected = (before * exposure.now) / exposure.before;
  return now >= FEWEST && now >= LEAST_RATIO * expected && binomialUpperTail(now, now + before, share) <= FALSE_ALARMS;
}

function isShareOfCalls({ measurements, config }: SignalContext, error: LoggedError): boolean {
  const measured = known(measurements.functions)?.find(({ name }) => name === error.function);
  const calls = measured?.minutes
    .filter(({ at }) => at >= measurements.window.from)
    .reduce((sum, each) => sum + each.calls, 0);
  const policy = { limit: config.incidents.errorPercent.medium / 100, minimumTotal: config.incidents.minimumRequests };
  return calls !== undefined && isAbove({ events: Math.min(error.count, calls), total: calls }, policy);
}

function memorySignal(
  { measurements }: SignalContext,
  { function: name, memoryMb, calls, highMb, mostMb }: MemoryMeasurement,
): IncidentSignal | undefined {
  // What a tenth of the calls use is no single request's.
  if (calls < FEWEST || highMb < NEAR * memoryMb) {
    return undefined;
  }
  return signalOf("resources", { type: "function", name }, measurements.window.from, {
    detail: "memory",
    what: `a tenth of ${numberInWords(calls)} calls of ${name} used more than ${percentInWords(NEAR)} of its ${numberInWords(memoryMb)} MB; the most was ${numberInWords(mostMb)} MB`,
    ...{ value: mostMb, limit: Math.floor(memoryMb * NEAR), unit: "MB" },
  });
}
