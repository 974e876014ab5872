import { incidentConfigSchema, validationConfigSchema } from "@slipway/contracts";
import type {
  AlarmMeasurement,
  FunctionMinute,
  IncidentMeasurements,
  StageMinute,
  TableMinute,
} from "../incident-measurements.ts";

export const MINUTE_MS = 60_000;
export const NOW = Date.UTC(2026, 10, 28, 12);

export const config = { incidents: incidentConfigSchema.parse({}), validation: validationConfigSchema.parse({}) };

export const API = "items-api-prod/prod";
export const FUNCTION = "api-handler-prod";
export const TABLE = "items-prod";

/** Half an hour of minutes, the last ones as given. */
export function minutes<T>(usual: T, last: readonly Partial<T>[] = []): (T & { readonly at: number })[] {
  return Array.from({ length: 30 }, (_, index) => ({
    at: NOW - (30 - index) * MINUTE_MS,
    ...usual,
    ...last[index - (30 - last.length)],
  }));
}

const stageMinute = { requests: 100, errors: 0, timed: 100, slow: 1 };
const functionMinute = { calls: 100, errors: 0, throttles: 0, long: 0 };
const tableMinute = { requests: 100, throttles: 0, systemErrors: 0 };

export const stage = (...last: Partial<StageMinute>[]) => ({
  name: API,
  minutes: minutes(stageMinute, last),
  refused: null,
});
export const fn = (...last: Partial<FunctionMinute>[]) => ({
  ...{ name: FUNCTION, timeoutMs: 10_000, versions: [] },
  minutes: minutes(functionMinute, last),
});
export const table = (...last: Partial<TableMinute>[]) => ({ name: TABLE, minutes: minutes(tableMinute, last) });

export function alarm(name: string, rest: Partial<AlarmMeasurement> = {}): AlarmMeasurement {
  return {
    ...{ name, metric: "other", watches: [], children: [], expectedActions: 1, wentOff: null, failedActions: [] },
    observed: { state: "OK", reason: "all is well", since: NOW - 3_600_000, actionsEnabled: true, actions: 1 },
    ...rest,
  };
}

export const ringing = (since = NOW - 2 * MINUTE_MS): NonNullable<AlarmMeasurement["observed"]> => ({
  ...{ state: "ALARM", reason: "the threshold was crossed", since, actionsEnabled: true, actions: 1 },
});

/** A look at an environment that is well, apart from what is given. */
export function look(rest: Partial<IncidentMeasurements> = {}): IncidentMeasurements {
  return {
    at: NOW,
    window: { from: NOW - 5 * MINUTE_MS, to: NOW },
    read: { from: NOW - 30 * MINUTE_MS, to: NOW },
    stages: { value: [stage()] },
    functions: { value: [fn()] },
    tables: { value: [table()] },
    alarms: { value: [] },
    probes: {
      value: {
        stage: API,
        sent: [{ name: "GET /health", expected: [200], attempts: [{ status: 200, durationMs: 20 }] }],
      },
    },
    logs: { value: { errors: [], total: 0, totalBefore: 0, windowMs: 5 * MINUTE_MS, beforeMs: 60 * MINUTE_MS } },
    memory: { value: [] },
    lock: { value: null },
    operations: { lease: null, unfinished: null, rollout: null },
    dependencies: {
      [`api ${API}`]: [`function ${FUNCTION}`],
      [`function ${FUNCTION}`]: [`table ${TABLE}`],
    },
    ...rest,
  };
}

/** So many times the same minute. */
export function times<T>(count: number, minute: T): T[] {
  return Array.from({ length: count }, () => minute);
}
