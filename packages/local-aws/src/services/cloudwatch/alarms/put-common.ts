import { AwsError } from "../../../core/aws-error.ts";
import type { InputOf } from "../../../core/service.ts";
import { type CloudWatch, invalidValue, missing, validationError } from "../cloudwatch-state.ts";
import type { Alarm } from "./alarm.ts";

/** An alarm's configuration, checked; its state comes from the alarm before it, or from birth. */
export type AlarmConfiguration<A extends Alarm> = Omit<
  A,
  | "arn"
  | "configuredAt"
  | "state"
  | "stateReason"
  | "stateReasonData"
  | "stateUpdatedAt"
  | "stateTransitionedAt"
  | "tags"
>;

/** What all alarms have of that. */
export type CommonConfiguration = Pick<
  AlarmConfiguration<Alarm>,
  "name" | "description" | "actionsEnabled" | "okActions" | "alarmActions" | "insufficientDataActions"
>;

const MAX_ACTIONS = 5;

/**
 * Checks what all alarms have.
 *
 * @throws AwsError `ValidationError` and others as CloudWatch; `NotImplemented` for actions other than SNS topics
 */
export function readCommon(input: InputOf<CloudWatch, "PutMetricAlarm" | "PutCompositeAlarm">): CommonConfiguration {
  const { AlarmName: name = "", AlarmDescription: description } = input;
  if (name === "") {
    throw missing("AlarmName");
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (name.length > 255 || /[\x00-\x1f\x7f]/.test(name)) {
    throw invalidValue(name, "AlarmName");
  }
  if (description !== undefined && description.length > 1024) {
    throw validationError("The parameter AlarmDescription must have length less than or equal to 1024.");
  }
  return {
    name,
    description,
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: readActions(input.OKActions, "OKActions"),
    alarmActions: readActions(input.AlarmActions, "AlarmActions"),
    insufficientDataActions: readActions(input.InsufficientDataActions, "InsufficientDataActions"),
  };
}

function readActions(given: readonly string[] | undefined, parameter: string): readonly string[] {
  const actions = [...new Set(given)];
  if (actions.length > MAX_ACTIONS) {
    throw validationError(`The collection ${parameter} must not have a size greater than ${MAX_ACTIONS}.`);
  }
  for (const action of actions) {
    if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(action)) {
      throw validationError(`Invalid arn syntax: ${action}`);
    }
    if (!/^arn:aws:sns:[^:]+:\d{12}:[^:]+$/.test(action)) {
      throw new AwsError(
        "NotImplemented",
        `Local AWS runs alarm actions on SNS topics only: ${parameter} has ${action}.`,
      );
    }
  }
  return actions;
}
