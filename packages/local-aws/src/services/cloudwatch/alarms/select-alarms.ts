import type { InputOf } from "../../../core/service.ts";
import { type CloudWatch, invalidValue, validationError } from "../cloudwatch-state.ts";
import type { Alarm, AlarmsState, CompositeAlarm } from "./alarm.ts";
import { compileCompositeRule } from "./composite-rule.ts";

type DescribeInput = InputOf<CloudWatch, "DescribeAlarms">;

/** The alarms that a request asks for, and which of their members it is shown. */
export interface Selection {
  readonly found: readonly Alarm[];
  show<T extends object>(alarm: T): T;
}

const MAX_NAMES = 100;
const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"];

/** What is shown of the alarms that a composite alarm looks at, and of those that look at an alarm. */
const OF_CHILDREN = ["AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp"];
const OF_PARENTS = ["AlarmName", "AlarmArn"];

/**
 * Finds alarms by name, by prefix, or by their place in composite alarms; all of the asked types without any of these.
 *
 * @throws AwsError `ValidationError` for parameters that exclude each other
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export function selectAlarms(state: AlarmsState, input: DescribeInput): Selection {
  const { alarms } = state;
  const { AlarmNames: names = [], AlarmNamePrefix: prefix, StateValue: value, ActionPrefix: action } = input;
  const { ChildrenOfAlarmName: parent, ParentsOfAlarmName: child } = input;
  if (value !== undefined && !STATES.includes(value)) {
    throw invalidValue(value, "StateValue");
  }
  if (parent !== undefined) {
    checkAlone(input, "ChildrenOfAlarmName");
    const alarm = alarms.get(parent);
    const children = alarm?.kind === "CompositeAlarm" ? compileCompositeRule(alarm.rule).children : [];
    return { found: [...children].flatMap((name) => alarms.get(name) ?? []), show: only(OF_CHILDREN) };
  }
  if (child !== undefined) {
    checkAlone(input, "ParentsOfAlarmName");
    return { found: parentsOf(alarms.values(), child), show: only(OF_PARENTS) };
  }
  if (names.length > MAX_NAMES) {
    throw validationError(`The collection AlarmNames must not have a size greater than ${MAX_NAMES}.`);
  }
  if (names.length > 0 && prefix !== undefined) {
    throw validationError("The parameters AlarmNames and AlarmNamePrefix are mutually exclusive.");
  }
  const candidates = names.length > 0 ? names.flatMap((name) => alarms.get(name) ?? []) : alarms.values(prefix ?? "");
  const found = candidates.filter(
    (alarm) =>
      input.AlarmTypes?.includes(alarm.kind) &&
      (value === undefined || alarm.state === value) &&
      (action === undefined ||
        [alarm.okActions, alarm.alarmActions, alarm.insufficientDataActions]
          .flat()
          .some((candidate) => candidate.startsWith(action))),
  );
  return { found, show: (alarm) => alarm };
}

/** The composite alarms whose rules speak of an alarm. */
export function parentsOf(alarms: readonly Alarm[], child: string): CompositeAlarm[] {
  return alarms.filter(
    (alarm): alarm is CompositeAlarm =>
      alarm.kind === "CompositeAlarm" && compileCompositeRule(alarm.rule).children.has(child),
  );
}

/** `AlarmTypes` is set by default; what a request may add is named by AWS: how many, and from where. */
function checkAlone(input: DescribeInput, parameter: "ChildrenOfAlarmName" | "ParentsOfAlarmName"): void {
  const others = [
    "AlarmNames",
    "AlarmNamePrefix",
    "StateValue",
    "ActionPrefix",
    "ChildrenOfAlarmName",
    "ParentsOfAlarmName",
  ] as const;
  const other = others.find((candidate) => candidate !== parameter && input[candidate] !== undefined);
  if (other !== undefined) {
    throw validationError(`${parameter} can be combined with MaxRecords and NextToken only, not with ${other}.`);
  }
}

function only(members: readonly string[]): Selection["show"] {
  return <T extends object>(alarm: T) =>
    Object.fromEntries(Object.entries(alarm).filter(([member]) => members.includes(member))) as T;
}
