import { AwsError } from "../../../core/aws-error.ts";
import type { TopicPublisher } from "../../../core/ports.ts";
import type { Alarm, AlarmsState, StateValue } from "./alarm.ts";
import { alarmNotification } from "./alarm-notification.ts";

/** A state to put an alarm into. */
export interface NewState {
  readonly state: StateValue;
  readonly reason: string;
  /** JSON. */
  readonly reasonData?: string | undefined;
}

/**
 * Puts an alarm into a state. A transition goes into the history and runs the actions of the new state, whose outcome goes there, too.
 *
 * @returns the alarm as it is stored now
 */
export function changeState(state: AlarmsState, topics: TopicPublisher, alarm: Alarm, next: NewState): Alarm {
  const now = state.core.clock.now();
  const transition = alarm.state !== next.state;
  const changed: Alarm = {
    ...alarm,
    state: next.state,
    stateReason: next.reason,
    stateReasonData: next.reasonData,
    stateUpdatedAt: now,
    stateTransitionedAt: transition ? now : alarm.stateTransitionedAt,
  };
  const actions = transition && alarm.actionsEnabled ? actionsFor(alarm, next.state) : [];
  state.core.store.transaction(() => {
    state.alarms.put(alarm.name, changed);
    if (!transition) {
      return;
    }
    const base = { alarm: alarm.name, kind: alarm.kind, time: now };
    state.history.add({
      ...base,
      type: "StateUpdate",
      summary: `Alarm updated from ${alarm.state} to ${next.state}`,
      data: JSON.stringify({
        version: "1.0",
        oldState: describeState({ state: alarm.state, reason: alarm.stateReason, reasonData: alarm.stateReasonData }),
        newState: describeState(next),
      }),
    });
  });
  if (actions.length > 0) {
    const { subject, message } = alarmNotification(changed, alarm.state, state.core);
    for (const action of actions) {
      const failure = act(topics, changed, action, subject, message);
      recordAction(state, changed, action, now, failure);
    }
  }
  return changed;
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
  { name, kind }: Alarm,
  action: string,
  now: number,
  failure: string | undefined,
): void {
  state.history.add({
    alarm: name,
    kind,
    time: now,
    type: "Action",
    summary:
      failure === undefined
        ? `Successfully executed action ${action}`
        : `Failed to execute action ${action}. Received error: "${failure}"`,
    data: JSON.stringify({
      actionState: failure === undefined ? "Succeeded" : "Failed",
      stateUpdateTimestamp: Math.floor(now),
      notificationResource: action,
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
