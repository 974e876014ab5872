import { AwsError } from "../../../core/aws-error.ts";
import type { InputOf } from "../../../core/service.ts";
import { type CloudWatch, invalidValue, missing, validationError } from "../cloudwatch-state.ts";
import type { AlarmsState, CompositeAlarm } from "./alarm.ts";
import { alarmNameOf } from "./alarm-reference.ts";
import { compileCompositeRule } from "./composite-rule.ts";
import { type AlarmConfiguration, readCommon } from "./put-common.ts";
import type { SuppressorSettings } from "./suppression.ts";

type CompositeInput = InputOf<CloudWatch, "PutCompositeAlarm">;

/** How many composite alarms can look at one alarm. */
const MAX_PARENTS = 150;

/**
 * Checks the input of `PutCompositeAlarm`. Rules that speak of each other in a circle are taken, as AWS does, and not evaluated.
 *
 * @throws AwsError `ValidationError` for a rule that is malformed, speaks of alarms that are not there, or of its own alarm
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function readCompositeAlarm(state: AlarmsState, input: CompositeInput): AlarmConfiguration<CompositeAlarm> {
  if (input.ActionConfiguration !== undefined) {
    throw new AwsError("NotImplemented", "Local AWS does not support ActionConfiguration in composite alarms.");
  }
  const common = readCommon(input);
  const rule = input.AlarmRule ?? "";
  const { children } = compileCompositeRule(rule);
  const unknown = [...children].filter((child) => !state.alarms.has(child));
  if (unknown.length > 0) {
    throw validationError(
      `Could not save the composite alarm as alarms [${unknown.join(", ")}] in the alarm rule do not exist`,
    );
  }
  if (children.has(common.name)) {
    throw validationError(
      `Could not save the composite alarm as its alarm rule refers to the alarm itself: ${common.name}`,
    );
  }
  checkParents(state, common.name, children);
  return { ...common, kind: "CompositeAlarm", rule, suppressor: readSuppressor(state, input) };
}

function checkParents(state: AlarmsState, name: string, children: ReadonlySet<string>): void {
  const others = state.alarms
    .values()
    .filter((alarm): alarm is CompositeAlarm => alarm.kind === "CompositeAlarm" && alarm.name !== name);
  if (others.length < MAX_PARENTS) {
    return;
  }
  const rules = others.map(({ rule }) => compileCompositeRule(rule));
  for (const child of children) {
    if (rules.filter((rule) => rule.children.has(child)).length >= MAX_PARENTS) {
      throw validationError(
        `Could not save the composite alarm as ${MAX_PARENTS} composite alarms refer to the alarm ${child} already`,
      );
    }
  }
}

function readSuppressor(state: AlarmsState, input: CompositeInput): SuppressorSettings | undefined {
  const {
    ActionsSuppressor: alarm,
    ActionsSuppressorWaitPeriod: waitPeriod,
    ActionsSuppressorExtensionPeriod: extensionPeriod,
  } = input;
  if (alarm === undefined || alarm === "") {
    if (waitPeriod !== undefined || extensionPeriod !== undefined) {
      throw validationError(
        "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod can be set together with ActionsSuppressor only.",
      );
    }
    return undefined;
  }
  if (!state.alarms.has(alarmNameOf(alarm)) || alarmNameOf(alarm) === input.AlarmName) {
    throw validationError(
      `Could not save the composite alarm as the actions suppressor ${alarm} is not another alarm that exists`,
    );
  }
  return {
    alarm,
    waitPeriod: readSeconds(waitPeriod, "ActionsSuppressorWaitPeriod"),
    extensionPeriod: readSeconds(extensionPeriod, "ActionsSuppressorExtensionPeriod"),
  };
}

function readSeconds(given: number | undefined, parameter: string): number {
  if (given === undefined) {
    throw missing(parameter);
  }
  if (!Number.isInteger(given) || given < 0) {
    throw invalidValue(given, parameter);
  }
  return given;
}
