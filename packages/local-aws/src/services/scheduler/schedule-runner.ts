import { randomBytes } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { Cancel } from "../../core/clock.ts";
import { deadLetter } from "./dead-letter.ts";
import { requireExecutionRole } from "./execution-role.ts";
import { nextOccurrence, parseScheduleExpression } from "./expression/schedule-expression.ts";
import { groupArn, type Invocation, type Schedule, type SchedulerState, scheduleArn } from "./scheduler-state.ts";
import { callOf } from "./target.ts";

/** AWS says that it waits longer each time, and not how long. */
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 15 * 60_000;
const SESSION_SECONDS = 3_600;

/** Why a call was given up, as the dead letter has it. */
export type Exhausted = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";

/**
 * Runs schedules on the clock of local AWS, each of their times once, also when the clock is moved over many of them, or local AWS was
 * not there: what was missed is made up for, as far as it is not older than the schedule's retry policy lets a call become.
 *
 * ```text
 * time comes -> owed (kept) -> attempt -> success
 *                                | error: again after 1, 2, 4 ... 15 minutes, until there were too many, or it is too old
 *                                          -> dead-letter queue, or dropped
 * ```
 */
export class ScheduleRunner {
  readonly #state: SchedulerState;
  /** What waits for its time: by the schedule's key, and by the call's id. */
  readonly #waiting = new Map<string, Cancel>();
  readonly #closing = new AbortController();

  constructor(state: SchedulerState) {
    this.#state = state;
  }

  /** Takes up what was there when local AWS ended. */
  start(): void {
    for (const invocation of this.#state.invocations.values()) {
      this.#wait(invocation.id, invocation.dueAt, () => this.#attempt(invocation.id));
    }
    for (const [key] of this.#state.schedules.entries()) {
      this.arm(key);
    }
  }

  close(): void {
    this.#closing.abort();
    for (const cancel of this.#waiting.values()) {
      cancel();
    }
    this.#waiting.clear();
  }

  /** Waits for the next time of a schedule, as it is now. */
  arm(key: string): void {
    this.#stopWaiting(key);
    const schedule = this.#state.schedules.get(key);
    const next = schedule && nextOf(schedule, schedule.seenUntil);
    if (schedule !== undefined && next !== undefined) {
      this.#wait(key, next, () => this.#occur(key, schedule, next));
    }
  }

  /** Forgets a schedule, and what it owes. */
  forget(key: string): void {
    const { core, schedules, invocations } = this.#state;
    this.#stopWaiting(key);
    core.store.transaction(() => {
      schedules.delete(key);
      for (const { id } of invocations.values().filter(({ schedule }) => schedule === key)) {
        this.#stopWaiting(id);
        invocations.delete(id);
      }
    });
  }

  async #occur(key: string, armed: Schedule, at: number): Promise<void> {
    const { core, schedules, invocations } = this.#state;
    const schedule = schedules.get(key);
    if (schedule === undefined || schedule.incarnation !== armed.incarnation || schedule.seenUntil >= at) {
      return;
    }
    const invocation: Invocation = {
      ...{ id: randomBytes(8).toString("hex"), schedule: key, incarnation: schedule.incarnation },
      ...{ scheduledAt: at, dueAt: at, attempts: 0, target: schedule.target },
    };
    core.store.transaction(() => {
      schedules.put(key, { ...schedule, seenUntil: at });
      invocations.put(invocation.id, invocation);
    });
    const next = nextOf(schedule, at);
    // What was missed comes one after the other; a call that takes long holds up no later one.
    const isMissed = next !== undefined && next <= core.clock.now();
    if (!isMissed) {
      this.arm(key);
    }
    await this.#attempt(invocation.id);
    if (isMissed) {
      this.arm(key);
    }
  }

  async #attempt(id: string): Promise<void> {
    const { core, invocations } = this.#state;
    const invocation = invocations.get(id);
    if (invocation === undefined || this.#closing.signal.aborted) {
      return;
    }
    const ageMs = core.clock.now() - invocation.scheduledAt;
    if (ageMs > invocation.target.maximumEventAgeInSeconds * 1000) {
      this.#giveUp(invocation, "MaximumEventAgeInSeconds", undefined, id);
      return;
    }
    const executionId = invocation.attempts === 0 ? id : randomBytes(8).toString("hex");
    this.#count(invocation, "InvocationAttemptCount");
    try {
      await this.#call(invocation, executionId);
    } catch (error) {
      if (!this.#closing.signal.aborted) {
        this.#failed(invocation, error, executionId);
      }
      return;
    }
    this.#settle(invocation);
  }

  async #call(invocation: Invocation, executionId: string): Promise<void> {
    const { core, api } = this.#state;
    const { target, schedule: key } = invocation;
    const [group = "", name = ""] = key.split("/");
    const role = requireExecutionRole(this.#state, target.roleArn, groupArn(core, group));
    const text = withContext(target.input, {
      "schedule-arn": scheduleArn(core, group, name),
      "scheduled-time": isoSeconds(invocation.scheduledAt),
      "execution-id": executionId,
      "attempt-number": String(invocation.attempts + 1),
    });
    const session = core.credentials.issueSession(role, executionId, SESSION_SECONDS);
    try {
      await api().call(callOf(target.arn, text), session.principal, this.#closing.signal);
    } finally {
      core.credentials.delete(session.accessKeyId);
    }
  }

  #failed(invocation: Invocation, error: unknown, executionId: string): void {
    const { core, invocations } = this.#state;
    const { target, scheduledAt, id } = invocation;
    const failure = error instanceof AwsError ? error : new AwsError("LocalAwsBug", String(error));
    core.log(`scheduler: ${invocation.schedule}: ${target.arn} failed: ${failure.code}: ${failure.message}`);
    this.#count(invocation, "TargetErrorCount");
    if (isThrottling(failure)) {
      this.#count(invocation, "TargetErrorThrottledCount");
    }
    const attempts = invocation.attempts + 1;
    const dueAt = core.clock.now() + Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
    const attempted = { ...invocation, attempts, dueAt };
    if (!invocations.has(id)) {
      return;
    }
    if (attempts > target.maximumRetryAttempts) {
      this.#giveUp(attempted, "MaximumRetryAttempts", failure, executionId);
    } else if (dueAt - scheduledAt > target.maximumEventAgeInSeconds * 1000) {
      this.#giveUp(attempted, "MaximumEventAgeInSeconds", failure, executionId);
    } else {
      invocations.put(id, attempted);
      this.#wait(id, dueAt, () => this.#attempt(id));
    }
  }

  #giveUp(invocation: Invocation, condition: Exhausted, failure: AwsError | undefined, executionId: string): void {
    const { core, queues } = this.#state;
    this.#count(invocation, "InvocationDroppedCount");
    if (invocation.target.deadLetterArn !== undefined) {
      try {
        queues.send(deadLetter(core, invocation, { condition, failure, executionId }));
        this.#count(invocation, "InvocationsSentToDeadLetterCount");
      } catch (error) {
        const code = error instanceof AwsError ? error.code : "UnknownError";
        core.log(`scheduler: ${invocation.schedule}: the dead letter could not be sent: ${String(error)}`);
        this.#count(invocation, "InvocationsFailedToBeSentToDeadLetterCount");
        this.#count(invocation, `InvocationsFailedToBeSentToDeadLetterCount_${code}`);
      }
    }
    this.#settle(invocation);
  }

  /** Nothing is owed any more. A schedule that was to go when it is through goes with its last call. */
  #settle({ id, schedule: key, incarnation }: Invocation): void {
    const { schedules, invocations } = this.#state;
    invocations.delete(id);
    const schedule = schedules.get(key);
    if (
      schedule?.incarnation === incarnation &&
      schedule.actionAfterCompletion === "DELETE" &&
      nextOf({ ...schedule, state: "ENABLED" }, schedule.seenUntil) === undefined &&
      !invocations.values().some((other) => other.schedule === key)
    ) {
      this.forget(key);
    }
  }

  /** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html */
  #count({ schedule }: Invocation, name: string): void {
    const { core, metrics } = this.#state;
    const timestamp = core.clock.now();
    const dimensions = { ScheduleGroup: schedule.split("/")[0] ?? "" };
    metrics.record([{ namespace: "AWS/Scheduler", name, dimensions, value: 1, unit: "Count", timestamp }]);
  }

  #wait(id: string, at: number, task: () => Promise<void>): void {
    if (this.#closing.signal.aborted) {
      return;
    }
    const cancel = this.#state.core.clock.schedule(at, () => {
      this.#waiting.delete(id);
      return task();
    });
    this.#waiting.set(id, cancel);
  }

  #stopWaiting(id: string): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }
}

function nextOf(schedule: Schedule, after: number): number | undefined {
  const expression = parseScheduleExpression(schedule.expression);
  return schedule.state === "DISABLED" || expression === undefined
    ? undefined
    : nextOccurrence({ ...schedule, expression }, after);
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
function withContext(input: string, attributes: Readonly<Record<string, string>>): string {
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (keyword, name: string) => attributes[name] ?? keyword);
}

/** `2026-11-29T03:00:00Z` */
export function isoSeconds(moment: number): string {
  return new Date(moment).toISOString().replace(/\.\d+/, "");
}

function isThrottling({ code, options }: AwsError): boolean {
  return options.status === 429 || /throttl|TooManyRequests|LimitExceeded/i.test(code);
}
