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
 * Puts an alarm into a state. A transition goes into the history and runs the actions of the new state.
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
    for (const action of actions) {
      state.history.add({
        ...base,
        type: "Action",
        summary: `Successfully executed action ${action}`,
        data: JSON.stringify({
          actionState: "Succeeded",
          stateUpdateTimestamp: Math.floor(now),
          notificationResource: action,
        }),
      });
    }
  });
  if (actions.length > 0) {
    const { subject, message } = alarmNotification(changed, alarm.state, state.core);
    for (const action of actions) {
      topics.publish(action, subject, message);
    }
  }
  return changed;
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
