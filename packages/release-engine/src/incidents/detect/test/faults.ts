import type { Severity, SignalKind } from "@slipway/contracts";
import { ReleaseError } from "../../../release-error.ts";
import type { SimulatedEnvironment } from "./simulated-environment.ts";
import { API, FUNCTION } from "./simulated-state.ts";
import type { TrafficMinute } from "./simulated-traffic.ts";

/** Something that goes wrong, and what is demanded of who looks. */
export interface Fault {
  readonly name: string;
  /** Minutes within which an incident has to be open. */
  readonly withinMinutes: number;
  /** What the guide says it is, at its worst. */
  readonly severity: Severity;
  /** One of the signals that have to be there. */
  readonly kind: SignalKind;
  /** Makes a minute bad; called for each one from its beginning on. */
  apply(minute: TrafficMinute, environment: SimulatedEnvironment, elapsed: number): void;
  /** How many days before it are known; none unless given. */
  readonly earlierDays?: number;
  /** Repairs what does not end by itself. */
  end?(environment: SimulatedEnvironment): void;
}

const json = (name: string, message: string) =>
  JSON.stringify({
    level: "ERROR",
    message: "failed",
    error: { name, message, stack: `${name}: ${message}\n    at write (/var/task/index.mjs:7:1)` },
  });

function fails(minute: TrafficMinute, environment: SimulatedEnvironment, share: number): void {
  minute.faults = Math.max(minute.faults, environment.random.binomial(minute.requests, share));
  minute.failures = Math.min(minute.failures, minute.requests - minute.faults);
}

/** One of each kind, as game days plant them. */
export const faults: readonly Fault[] = [
  {
    ...{ name: "most answers are errors", withinMinutes: 2, severity: 1, kind: "errors" },
    apply: (minute, environment) => fails(minute, environment, 0.9),
  },
  {
    ...{ name: "a tenth of the answers are errors", withinMinutes: 5, severity: 2, kind: "errors" },
    apply: (minute, environment) => fails(minute, environment, 0.12),
  },
  {
    ...{ name: "few answers are errors", withinMinutes: 30, severity: 3, kind: "errors" },
    apply: (minute, environment) => fails(minute, environment, 0.035),
  },
  {
    ...{ name: "half of the answers are slow", withinMinutes: 4, severity: 2, kind: "latency" },
    apply(minute, environment) {
      minute.slow = environment.random.binomial(minute.requests, 0.5);
      minute.verySlow = 0;
    },
  },
  {
    ...{ name: "a sixth of the answers are slow", withinMinutes: 15, severity: 3, kind: "latency" },
    apply(minute, environment) {
      minute.slow = Math.max(minute.slow, environment.random.binomial(minute.requests, 0.18));
    },
  },
  {
    ...{ name: "answers take much longer than on earlier days, and keep the limit", withinMinutes: 18, severity: 3 },
    ...{ kind: "latency", earlierDays: 14 },
    apply(minute) {
      minute.p90Ms *= 3;
    },
  },
  {
    ...{ name: "no requests come any more", withinMinutes: 20, severity: 2, kind: "traffic", earlierDays: 14 },
    apply(minute) {
      Object.assign(minute, { requests: 0, faults: 0, failures: 0, slow: 0, clientErrors: 0, refused: 0, long: 0 });
      Object.assign(minute, { verySlow: 0, throttles: 0, tableRequests: 0, tableThrottles: 0, systemErrors: 0 });
    },
  },
  {
    ...{ name: "the stage refuses what comes over its limits", withinMinutes: 4, severity: 2, kind: "throttling" },
    apply(minute) {
      minute.requests *= 4;
      minute.refused = Math.round(minute.requests * 0.6);
      minute.tableRequests = minute.requests - minute.refused;
    },
  },
  {
    ...{ name: "the table throttles", withinMinutes: 5, severity: 2, kind: "throttling" },
    apply(minute, environment) {
      minute.tableThrottles = environment.random.binomial(minute.tableRequests, 0.4);
      minute.tableRequests -= minute.tableThrottles;
    },
  },
  {
    ...{ name: "calls run into the timeout", withinMinutes: 5, severity: 2, kind: "resources" },
    apply(minute, environment) {
      minute.long = environment.random.binomial(minute.requests, 0.2);
      minute.slow = Math.max(minute.slow, minute.long);
      minute.failures = minute.long;
      minute.lines.push(
        ...Array.from({ length: minute.long }, () => "2026-11-28T12:00:00.000Z x Task timed out after 10.00 seconds"),
      );
    },
  },
  {
    ...{ name: "memory leaks", withinMinutes: 10, severity: 4, kind: "resources" },
    apply(minute) {
      minute.memoryShare = 0.97;
    },
  },
  {
    ...{ name: "a right is gone, of which little is used", withinMinutes: 5, severity: 3, kind: "security" },
    apply(minute) {
      minute.lines.push(
        json(
          "AccessDeniedException",
          "User: arn:aws:sts::123456789012:assumed-role/x is not authorized to perform: sns:Publish",
        ),
      );
    },
  },
  {
    ...{ name: "stored items are damaged", withinMinutes: 5, severity: 1, kind: "data" },
    apply(minute) {
      minute.lines.push(json("CorruptItemError", "the stored item is not what it should be: createdAt"));
    },
  },
  {
    ...{ name: "some input makes an error that nobody has seen", withinMinutes: 6, severity: 4, kind: "log-errors" },
    apply(minute) {
      const line = json("RangeError", "Invalid string length");
      minute.lines.push(line, line, line);
    },
  },
  {
    ...{ name: "an alarm is deleted", withinMinutes: 1, severity: 4, kind: "monitoring" },
    apply: (_, { aws }) => void aws.missing.add(`${FUNCTION}-errors`),
    end: ({ aws }) => void aws.missing.delete(`${FUNCTION}-errors`),
  },
  {
    ...{ name: "an alarm is disabled", withinMinutes: 1, severity: 4, kind: "monitoring" },
    apply: (_, { aws }) => void aws.disabled.add(`${API}-latency`),
    end: ({ aws }) => void aws.disabled.delete(`${API}-latency`),
  },
  {
    ...{ name: "the state is locked by a dead process", withinMinutes: 1, severity: 4, kind: "operations" },
    apply(_, environment) {
      const created = new Date(environment.leaseClock.now()).toISOString();
      environment.lock ??= {
        lock: { id: "1-2", who: "jane@build-7", operation: "OperationTypeApply", created },
        abandoned: true,
      };
    },
    end(environment) {
      environment.lock = undefined;
    },
  },
];

/** What nobody gets through to: also where so few ask that shares say nothing. */
export const unreachable: Fault = {
  ...{ name: "nobody gets through", withinMinutes: 1, severity: 1, kind: "probe" },
  apply(minute) {
    minute.requests = 0;
    minute.probes = "no-answer";
  },
};

export const notAnswering = new ReleaseError({
  kind: "unreachable",
  what: "CloudWatch does not answer",
  why: "socket hang up",
  next: "try it again",
});
