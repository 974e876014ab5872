import { AwsError } from "../../../core/aws-error.ts";
import type { TopicPublisher } from "../../../core/ports.ts";
import type { Alarm, AlarmsState, CompositeAlarm, StateValue } from "./alarm.ts";
import { alarmNotification } from "./alarm-notification.ts";
import { alarmNameOf } from "./alarm-reference.ts";
import { carrySuppressionOn, type Suppression, type SuppressionEvent } from "./suppression.ts";
import { suppressionReason } from "./suppression-reason.ts";

/** A state to put an alarm into. */
export interface NewState {
  readonly state: StateValue;
  readonly reason: string;
  /** JSON. */
  readonly reasonData?: string | undefined;
}

/**
 * Puts an alarm into a state. A transition goes into the history and runs the actions of the new state, whose outcome goes there, too;
 * those of a composite alarm that is suppressed are kept back.
 *
 * @returns whether it was a transition
 */
export function changeState(state: AlarmsState, topics: TopicPublisher, alarm: Alarm, next: NewState): boolean {
  const now = state.core.clock.now();
  const transition = alarm.state !== next.state;
  const { suppression, act } = transition
    ? stepOnTransition(state, alarm, now)
    : { suppression: suppressionOf(alarm), act: false };
  const changed = {
    ...withoutError(alarm),
    ...(alarm.kind === "CompositeAlarm" ? { suppression } : {}),
    state: next.state,
    stateReason: next.reason,
    stateReasonData: next.reasonData,
    stateUpdatedAt: now,
    stateTransitionedAt: transition ? now : alarm.stateTransitionedAt,
  } as Alarm;
  writeAlarms(state, () => {
    state.alarms.put(alarm.name, changed);
    if (transition) {
      recordTransition(state, alarm, next, suppression, now);
    }
  });
  if (act) {
    runActions(state, topics, changed, alarm.state);
  }
  return transition;
}

/**
 * Carries the suppression of a composite alarm on, and runs its actions if that is over and there is something to act for.
 *
 * @param event - what has happened to its suppressor, or that its period is over
 */
export function changeSuppression(
  state: AlarmsState,
  topics: TopicPublisher,
  alarm: CompositeAlarm,
  event: SuppressionEvent,
): void {
  if (alarm.suppressor === undefined) {
    return;
  }
  const { suppression, act } = carrySuppressionOn(alarm.suppression, event, alarm.suppressor, state.core.clock.now());
  const changed = { ...alarm, suppression };
  writeAlarms(state, () => state.alarms.put(alarm.name, changed));
  if (act) {
    runActions(state, topics, changed, alarm.suppression?.withheldFrom ?? alarm.state);
  }
}

/** Does what changes alarms in one transaction; alarms are read anew when it fails. */
export function writeAlarms<T>(state: AlarmsState, work: () => T): T {
  try {
    return state.core.store.transaction(work);
  } catch (error) {
    state.alarms.forget();
    throw error;
  }
}

function stepOnTransition(state: AlarmsState, alarm: Alarm, now: number) {
  if (alarm.kind === "MetricAlarm" || alarm.suppressor === undefined) {
    return { suppression: undefined, act: true };
  }
  const suppressorInAlarm = state.alarms.get(alarmNameOf(alarm.suppressor.alarm))?.state === "ALARM";
  const event = { kind: "transition", from: alarm.state, suppressorInAlarm } as const;
  return carrySuppressionOn(alarm.suppression, event, alarm.suppressor, now);
}

function suppressionOf(alarm: Alarm): Suppression | undefined {
  return alarm.kind === "CompositeAlarm" ? alarm.suppression : undefined;
}

function withoutError({ evaluationError: _, ...alarm }: Alarm): Omit<Alarm, "evaluationError"> {
  return alarm;
}

function recordTransition(
  state: AlarmsState,
  alarm: Alarm,
  next: NewState,
  suppression: Suppression | undefined,
  now: number,
): void {
  state.history.add({
    alarm: alarm.name,
    kind: alarm.kind,
    time: now,
    type: "StateUpdate",
    summary: `Alarm updated from ${alarm.state} to ${next.state}`,
    data: JSON.stringify({
      version: "1.0",
      oldState: describeState({ state: alarm.state, reason: alarm.stateReason, reasonData: alarm.stateReasonData }),
      newState: {
        ...describeState(next),
        ...(suppression === undefined
          ? {}
          : { actionsSuppressedBy: suppression.by, actionsSuppressedReason: suppressionReason(suppression) }),
      },
    }),
  });
}

/** Runs the actions of the state that an alarm is in, unless they are switched off. */
function runActions(state: AlarmsState, topics: TopicPublisher, alarm: Alarm, oldState: StateValue): void {
  const actions = alarm.actionsEnabled ? actionsFor(alarm, alarm.state) : [];
  if (actions.length === 0) {
    return;
  }
  const { subject, message } = alarmNotification(alarm, oldState, state.core);
  for (const action of actions) {
    recordAction(state, alarm, action, message, act(topics, alarm, action, subject, message));
  }
}

/** Runs an action; returns why it failed. CloudWatch does not try again. */
function act(
  topics: TopicPublisher,
  { arn }: Alarm,
  action: string,
  subject: string,
  message: string,
): string | undefined {
  try {
    topics.publish(action, subject, message, { service: "cloudwatch.amazonaws.com", sourceArn: arn });
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) {
      return error.message;
    }
    throw error;
  }
}

/** https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger shows what a failure looks like. */
function recordAction(
  state: AlarmsState,
  { name, kind, stateUpdatedAt }: Alarm,
  action: string,
  message: string,
  failure: string | undefined,
): void {
  state.history.add({
    alarm: name,
    kind,
    time: state.core.clock.now(),
    type: "Action",
    summary:
      failure === undefined
        ? `Successfully executed action ${action}`
        : `Failed to execute action ${action}. Received error: "${failure}"`,
    data: JSON.stringify({
      actionState: failure === undefined ? "Succeeded" : "Failed",
      stateUpdateTimestamp: Math.floor(stateUpdatedAt),
      notificationResource: action,
      publishedMessage: JSON.stringify({ default: message }),
      ...(failure === undefined ? {} : { error: failure }),
    }),
  });
}

function actionsFor(alarm: Alarm, state: StateValue): readonly string[] {
  switch (state) {
    case "OK":
      return alarm.okActions;
    case "ALARM":
      return alarm.alarmActions;
    case "INSUFFICIENT_DATA":
      return alarm.insufficientDataActions;
  }
}

function describeState({ state, reason, reasonData }: NewState): Record<string, unknown> {
  return {
    stateValue: state,
    stateReason: reason,
    ...(reasonData === undefined ? {} : { stateReasonData: parsed(reasonData) }),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
