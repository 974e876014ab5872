import { AwsError } from "../../../core/aws-error.ts";
import type { TopicPublisher } from "../../../core/ports.ts";
import type { Operations, RequestContext } from "../../../core/service.ts";
import { type CloudWatch, invalidValue, missing, readToken, validationError, writeToken } from "../cloudwatch-state.ts";
import { checkTags, tagRecord } from "../tags.ts";
import type { Alarm, AlarmsState, CompositeAlarm, MetricAlarm } from "./alarm.ts";
import type { AlarmEvaluator } from "./alarm-evaluator.ts";
import { changeState } from "./change-state.ts";
import { compileCompositeRule } from "./composite-rule.ts";
import { describeCompositeAlarm, describeMetricAlarm } from "./describe-alarm.ts";
import { type AlarmConfiguration, readCompositeAlarm, readMetricAlarm } from "./put-alarm.ts";

const MAX_PAGE = 100;
const STANDARD_PAGE = 50;
const MAX_DELETED = 100;

/** Alarms: put, described, set, switched and deleted. */
export function alarmOperations(
  state: AlarmsState,
  evaluator: AlarmEvaluator,
  topics: TopicPublisher,
): Operations<CloudWatch> {
  const { alarms } = state;
  return {
    PutMetricAlarm(input, context) {
      put(state, readMetricAlarm(state, input), input.Tags, context);
      evaluator.evaluateComposites();
      evaluator.schedule();
      return {};
    },

    PutCompositeAlarm(input, context) {
      put(state, readCompositeAlarm(state, input), input.Tags, context);
      evaluator.evaluateComposites();
      evaluator.schedule();
      return {};
    },

    DeleteAlarms({ AlarmNames: names = [] }) {
      if (names.length === 0) {
        throw missing("AlarmNames");
      }
      if (names.length > MAX_DELETED) {
        throw validationError(`The collection AlarmNames must not have a size greater than ${MAX_DELETED}.`);
      }
      deleteAlarms(state, names);
      evaluator.schedule();
      return {};
    },

    DescribeAlarms(input) {
      const { StateValue, ActionPrefix, MaxRecords, NextToken, AlarmTypes = ["MetricAlarm"] } = input;
      const unknown = AlarmTypes.find((type) => type !== "MetricAlarm" && type !== "CompositeAlarm");
      if (unknown !== undefined) {
        throw invalidValue(unknown, "AlarmTypes");
      }
      const limit = MaxRecords ?? STANDARD_PAGE;
      if (limit < 1 || limit > MAX_PAGE) {
        throw invalidValue(limit, "MaxRecords");
      }
      const found = select(state, input).filter(
        (alarm) =>
          AlarmTypes.includes(alarm.kind) &&
          (StateValue === undefined || alarm.state === StateValue) &&
          (ActionPrefix === undefined ||
            [alarm.okActions, alarm.alarmActions, alarm.insufficientDataActions]
              .flat()
              .some((action) => action.startsWith(ActionPrefix))),
      );
      const start = readToken(NextToken);
      const page = found.slice(start, start + limit);
      return {
        MetricAlarms: page.filter((alarm) => alarm.kind === "MetricAlarm").map(describeMetricAlarm),
        CompositeAlarms: page.filter((alarm) => alarm.kind === "CompositeAlarm").map(describeCompositeAlarm),
        NextToken: start + limit < found.length ? writeToken(start + limit) : undefined,
      };
    },

    DescribeAlarmsForMetric(input) {
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
      if (StateReasonData !== undefined) {
        checkJson(StateReasonData);
      }
      changeState(state, topics, alarm, { state: StateValue, reason: StateReason, reasonData: StateReasonData });
      evaluator.evaluateComposites(alarm.name);
      return {};
    },

    EnableAlarmActions({ AlarmNames }) {
      switchActions(state, AlarmNames, true);
      return {};
    },

    DisableAlarmActions({ AlarmNames }) {
      switchActions(state, AlarmNames, false);
      return {};
    },

    DescribeAlarmHistory(input) {
      const limit = input.MaxRecords ?? MAX_PAGE;
      if (limit < 1 || limit > MAX_PAGE) {
        throw invalidValue(limit, "MaxRecords");
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

/** Alarms by name, by prefix, or by their place in composite alarms; all without any of these. */
function select(
  { alarms }: AlarmsState,
  input: { AlarmNames?: string[]; AlarmNamePrefix?: string; ChildrenOfAlarmName?: string; ParentsOfAlarmName?: string },
): Alarm[] {
  const { AlarmNames: names, AlarmNamePrefix: prefix, ChildrenOfAlarmName: parent, ParentsOfAlarmName: child } = input;
  if (names !== undefined && names.length > 0) {
    if (prefix !== undefined) {
      throw validationError("The parameters AlarmNames and AlarmNamePrefix are mutually exclusive.");
    }
    return names.flatMap((name) => alarms.get(name) ?? []);
  }
  if (parent !== undefined) {
    const alarm = alarms.get(parent);
    const children = alarm?.kind === "CompositeAlarm" ? compileCompositeRule(alarm.rule).children : [];
    return [...children].flatMap((name) => alarms.get(name) ?? []);
  }
  if (child !== undefined) {
    return parentsOf(alarms.values(), child);
  }
  return alarms.values(prefix ?? "");
}

function parentsOf(alarms: readonly Alarm[], child: string): CompositeAlarm[] {
  return alarms.filter(
    (alarm): alarm is CompositeAlarm =>
      alarm.kind === "CompositeAlarm" && compileCompositeRule(alarm.rule).children.has(child),
  );
}

function put<A extends Alarm>(
  state: AlarmsState,
  configuration: AlarmConfiguration<A>,
  tags: readonly { Key?: string; Value?: string }[] | undefined,
  { region, accountId }: RequestContext,
): void {
  const now = state.core.clock.now();
  const { name, kind } = configuration as { name: string; kind: Alarm["kind"] };
  const existing = state.alarms.get(name);
  if (existing !== undefined && existing.kind !== kind) {
    throw validationError(`An alarm with the name ${name} exists and is of the type ${existing.kind}.`);
  }
  const given = tagRecord(tags ?? []);
  checkTags(given);
  // An alarm that exists keeps its state and its tags; everything else is replaced.
  const kept =
    existing === undefined
      ? {
          state: "INSUFFICIENT_DATA" as const,
          stateReason: "Unchecked: Initial alarm creation",
          stateUpdatedAt: now,
          stateTransitionedAt: now,
          tags: given,
        }
      : {
          state: existing.state,
          stateReason: existing.stateReason,
          stateReasonData: existing.stateReasonData,
          stateUpdatedAt: existing.stateUpdatedAt,
          stateTransitionedAt: existing.stateTransitionedAt,
          tags: existing.tags,
        };
  const arn = `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
  // A new moment for each configuration, since what is derived from it is remembered by it.
  const configuredAt = Math.max(now, (existing?.configuredAt ?? 0) + 1);
  const alarm = { ...configuration, ...kept, arn, configuredAt } as unknown as Alarm;
  state.core.store.transaction(() => {
    state.alarms.put(name, alarm);
    recordConfiguration(state, alarm, existing === undefined ? "created" : "updated");
  });
}

function deleteAlarms(state: AlarmsState, names: readonly string[]): void {
  const doomed = names.flatMap((name) => state.alarms.get(name) ?? []);
  const staying = state.alarms.values().filter(({ name }) => !names.includes(name));
  for (const { name } of doomed) {
    const parents = parentsOf(staying, name);
    if (parents.length > 0) {
      throw validationError(
        `Cannot delete ${name} as there are composite alarm(s) depending on it. Alarm(s): [${parents.map((parent) => parent.name).join(", ")}]`,
      );
    }
  }
  state.core.store.transaction(() => {
    for (const alarm of doomed) {
      state.alarms.delete(alarm.name);
      recordConfiguration(state, alarm, "deleted");
    }
  });
}

function recordConfiguration(state: AlarmsState, alarm: Alarm, what: "created" | "updated" | "deleted"): void {
  const described = alarm.kind === "MetricAlarm" ? describeMetricAlarm(alarm) : describeCompositeAlarm(alarm);
  state.history.add({
    alarm: alarm.name,
    kind: alarm.kind,
    time: state.core.clock.now(),
    type: "ConfigurationUpdate",
    summary: `Alarm "${alarm.name}" ${what}`,
    data: JSON.stringify({
      version: "1.0",
      type: what.replace(/d$/, "").replace(/^./, (first) => first.toUpperCase()),
      [`${what}Alarm`]: described,
    }),
  });
}

function switchActions(state: AlarmsState, names: readonly string[] | undefined, enabled: boolean): void {
  if (names === undefined || names.length === 0) {
    throw missing("AlarmNames");
  }
  const now = state.core.clock.now();
  state.core.store.transaction(() => {
    for (const alarm of names.flatMap((name) => state.alarms.get(name) ?? [])) {
      const changed = { ...alarm, actionsEnabled: enabled, configuredAt: Math.max(now, alarm.configuredAt + 1) };
      state.alarms.put(alarm.name, changed);
      recordConfiguration(state, changed, "updated");
    }
  });
}

function requireAlarm({ alarms }: AlarmsState, name: string | undefined): Alarm {
  const alarm = alarms.get(name ?? "");
  if (alarm === undefined) {
    throw new AwsError("ResourceNotFound", `The alarm ${name ?? ""} does not exist.`);
  }
  return alarm;
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError("InvalidFormatFault", "StateReasonData is not a JSON document.");
  }
}
