import { AwsError } from "../../../core/aws-error.ts";
import type { TopicPublisher } from "../../../core/ports.ts";
import type { Operations } from "../../../core/service.ts";
import {
  type CloudWatch,
  invalidValue,
  missing,
  readMetricName,
  readToken,
  validationError,
  writeToken,
} from "../cloudwatch-state.ts";
import type { Alarm, AlarmsState, MetricAlarm } from "./alarm.ts";
import type { AlarmEvaluator } from "./alarm-evaluator.ts";
import { changeState } from "./change-state.ts";
import { deleteAlarms } from "./delete-alarms.ts";
import { describeCompositeAlarm, describeMetricAlarm } from "./describe-alarm.ts";
import { readMetricAlarm } from "./put-alarm.ts";
import { readCompositeAlarm } from "./put-composite-alarm.ts";
import { selectAlarms } from "./select-alarms.ts";
import { putAlarm, switchActions } from "./store-alarm.ts";

const MAX_PAGE = 100;
const STANDARD_PAGE = 50;
/** Characters of a reason that is set by hand, and of its data. */
const MAX_REASON = 1023;
const MAX_REASON_DATA = 4000;

/** Alarms: put, described, set, switched and deleted. */
export function alarmOperations(
  state: AlarmsState,
  evaluator: AlarmEvaluator,
  topics: TopicPublisher,
): Operations<CloudWatch> {
  const { alarms } = state;
  return {
    PutMetricAlarm(input, context) {
      putAlarm(state, readMetricAlarm(state, input), input.Tags, context);
      evaluator.configurationChanged();
      return {};
    },

    PutCompositeAlarm(input, context) {
      const { name, what } = putAlarm(state, readCompositeAlarm(state, input), input.Tags, context);
      evaluator.configurationChanged();
      evaluator.evaluateComposite(name, what);
      return {};
    },

    DeleteAlarms({ AlarmNames: names = [] }) {
      if (names.length === 0) {
        throw missing("AlarmNames");
      }
      deleteAlarms(state, names);
      evaluator.configurationChanged();
      return {};
    },

    DescribeAlarms(input) {
      const { MaxRecords, NextToken, AlarmTypes = ["MetricAlarm"] } = input;
      for (const type of AlarmTypes) {
        checkOneOf(type, ["MetricAlarm", "CompositeAlarm"], "AlarmTypes");
      }
      const limit = MaxRecords ?? STANDARD_PAGE;
      if (limit < 1 || limit > MAX_PAGE) {
        throw invalidValue(limit, "MaxRecords");
      }
      const { found, show } = selectAlarms(state, { ...input, AlarmTypes });
      const start = readToken(NextToken);
      const page = found.slice(start, start + limit);
      return {
        MetricAlarms: page.flatMap((alarm) => (alarm.kind === "MetricAlarm" ? show(describeMetricAlarm(alarm)) : [])),
        CompositeAlarms: page.flatMap((alarm) =>
          alarm.kind === "CompositeAlarm" ? show(describeCompositeAlarm(alarm)) : [],
        ),
        NextToken: start + limit < found.length ? writeToken(start + limit) : undefined,
      };
    },

    DescribeAlarmsForMetric(input) {
      readMetricName(input);
      const wanted = (input.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).sort();
      const found = alarms
        .values()
        .filter(
          (alarm): alarm is MetricAlarm =>
            alarm.kind === "MetricAlarm" &&
            alarm.metric?.name === input.MetricName &&
            alarm.metric?.namespace === input.Namespace &&
            (input.Statistic === undefined || alarm.metric?.statistic === input.Statistic) &&
            (input.ExtendedStatistic === undefined || alarm.metric?.extendedStatistic === input.ExtendedStatistic) &&
            (input.Period === undefined || alarm.metric?.period === input.Period) &&
            (input.Unit === undefined || alarm.metric?.unit === input.Unit) &&
            JSON.stringify(alarm.metric?.dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort()) ===
              JSON.stringify(wanted),
        );
      return { MetricAlarms: found.map(describeMetricAlarm) };
    },

    SetAlarmState({ AlarmName, StateValue, StateReason, StateReasonData }) {
      const alarm = requireAlarm(state, AlarmName);
      if (StateValue !== "OK" && StateValue !== "ALARM" && StateValue !== "INSUFFICIENT_DATA") {
        throw invalidValue(StateValue, "StateValue");
      }
      if (StateReason === undefined) {
        throw missing("StateReason");
      }
      checkLength(StateReason, MAX_REASON, "StateReason");
      if (StateReasonData !== undefined) {
        checkLength(StateReasonData, MAX_REASON_DATA, "StateReasonData");
        checkJson(StateReasonData);
      }
      const next = { state: StateValue, reason: StateReason, reasonData: StateReasonData };
      if (changeState(state, topics, alarm, next)) {
        evaluator.follow([alarm.name]);
      }
      return {};
    },

    EnableAlarmActions({ AlarmNames = [] }) {
      switchActions(state, AlarmNames, true);
      return {};
    },

    DisableAlarmActions({ AlarmNames = [] }) {
      switchActions(state, AlarmNames, false);
      return {};
    },

    DescribeAlarmHistory(input) {
      const limit = input.MaxRecords ?? MAX_PAGE;
      if (limit < 1 || limit > MAX_PAGE) {
        throw invalidValue(limit, "MaxRecords");
      }
      checkOneOf(input.HistoryItemType, ["ConfigurationUpdate", "StateUpdate", "Action"], "HistoryItemType");
      checkOneOf(input.ScanBy, ["TimestampAscending", "TimestampDescending"], "ScanBy");
      for (const type of input.AlarmTypes ?? []) {
        checkOneOf(type, ["MetricAlarm", "CompositeAlarm"], "AlarmTypes");
      }
      const offset = readToken(input.NextToken);
      const found = state.history.read({
        alarm: input.AlarmName,
        kinds: input.AlarmTypes ?? ["MetricAlarm"],
        type: input.HistoryItemType,
        from: input.StartDate?.getTime() ?? 0,
        to: input.EndDate?.getTime() ?? Number.MAX_SAFE_INTEGER,
        ascending: input.ScanBy === "TimestampAscending",
        offset,
        limit: limit + 1,
      });
      return {
        AlarmHistoryItems: found.slice(0, limit).map(({ alarm, kind, time, type, summary, data }) => ({
          AlarmName: alarm,
          AlarmType: kind,
          Timestamp: new Date(time),
          HistoryItemType: type,
          HistorySummary: summary,
          HistoryData: data,
        })),
        NextToken: found.length > limit ? writeToken(offset + limit) : undefined,
      };
    },
  };
}

function requireAlarm({ alarms }: AlarmsState, name: string | undefined): Alarm {
  const alarm = alarms.get(name ?? "");
  if (alarm === undefined) {
    throw new AwsError("ResourceNotFound", `The alarm ${name ?? ""} does not exist.`);
  }
  return alarm;
}

function checkOneOf(given: string | undefined, allowed: readonly string[], parameter: string): void {
  if (given !== undefined && !allowed.includes(given)) {
    throw invalidValue(given, parameter);
  }
}

function checkLength(given: string, most: number, parameter: string): void {
  if (given.length > most) {
    throw validationError(`The parameter ${parameter} must have length less than or equal to ${most}.`);
  }
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError("InvalidFormatFault", "StateReasonData is not a JSON document.");
  }
}
