import {
  type AlarmHistoryItem,
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type MetricAlarm,
  paginateDescribeAlarmHistory,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import {
  type AlarmEvent,
  type AlarmState,
  type AlarmsReader,
  alarmName,
  childrenOfRule,
  type ObservedAlarm,
} from "@slipway/release-engine";
import type { AwsClientOptions } from "../client-settings.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { alarmCondition } from "./alarm-condition.ts";
import { createCloudWatchClient } from "./create-cloudwatch-client.ts";

/** What `DescribeAlarms` takes and gives in one call. */
const ALARMS_PER_CALL = 100;

/** Asked for by name: without types, CloudWatch leaves composite alarms out. */
const ALARM_TYPES = ["MetricAlarm", "CompositeAlarm"] as const;

/** Reads alarms from CloudWatch. */
export class AwsAlarmsReader implements AlarmsReader {
  readonly #client: CloudWatchClient;

  constructor(options: AwsClientOptions) {
    this.#client = createCloudWatchClient(options);
  }

  async describe(names: readonly string[], abortSignal?: AbortSignal): Promise<readonly ObservedAlarm[]> {
    const alarms: ObservedAlarm[] = [];
    const unique = [...new Set(names)];
    for (let begin = 0; begin < unique.length; begin += ALARMS_PER_CALL) {
      const AlarmNames = unique.slice(begin, begin + ALARMS_PER_CALL);
      try {
        const { MetricAlarms = [], CompositeAlarms = [] } = await this.#client.send(
          new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: [...ALARM_TYPES], MaxRecords: ALARMS_PER_CALL }),
          { abortSignal },
        );
        alarms.push(...MetricAlarms.map(metricAlarm), ...CompositeAlarms.map(compositeAlarm));
      } catch (error) {
        const subject = AlarmNames.length === 1 ? `the alarm ${AlarmNames[0]}` : `${AlarmNames.length} alarms`;
        throw translateAwsError(error, { action: "cloudwatch:DescribeAlarms", subject });
      }
    }
    const order = new Map(unique.map((name, index) => [name, index]));
    return alarms.toSorted((left, right) => (order.get(left.name) ?? 0) - (order.get(right.name) ?? 0));
  }

  async history(name: string, since: number, abortSignal?: AbortSignal): Promise<readonly AlarmEvent[]> {
    const events: AlarmEvent[] = [];
    try {
      const pages = paginateDescribeAlarmHistory(
        { client: this.#client },
        {
          AlarmName: name,
          AlarmTypes: [...ALARM_TYPES],
          StartDate: new Date(since),
          ScanBy: "TimestampDescending",
        },
        { abortSignal },
      );
      for await (const { AlarmHistoryItems = [] } of pages) {
        events.push(...AlarmHistoryItems.map((item) => eventOf(name, item)));
      }
    } catch (error) {
      throw translateAwsError(error, { action: "cloudwatch:DescribeAlarmHistory", subject: `the alarm ${name}` });
    }
    return events;
  }

  /** Closes the connections. */
  close(): void {
    this.#client.destroy();
  }
}

function metricAlarm(alarm: MetricAlarm): ObservedAlarm {
  // What CloudWatch does where nothing is said: metrics of DynamoDB are sent only when there is something to count.
  const unsaid = alarm.Namespace === "AWS/DynamoDB" ? "ignore" : "missing";
  return {
    ...common(alarm),
    kind: "metric",
    condition: alarmCondition(alarm),
    children: [],
    missingData: alarm.TreatMissingData ?? unsaid,
  };
}

function compositeAlarm(alarm: CompositeAlarm): ObservedAlarm {
  const { AlarmRule = "", ActionsSuppressor, ActionsSuppressedBy, ActionsSuppressedReason } = alarm;
  return {
    ...common(alarm),
    kind: "composite",
    condition: AlarmRule,
    children: childrenOfRule(AlarmRule),
    ...(ActionsSuppressor === undefined || ActionsSuppressor === ""
      ? {}
      : {
          suppressor: {
            alarm: alarmName(ActionsSuppressor),
            ...(ActionsSuppressedBy === undefined
              ? {}
              : { suppressedBecause: ActionsSuppressedReason ?? ActionsSuppressedBy }),
          },
        }),
  };
}

function common(alarm: MetricAlarm | CompositeAlarm) {
  const { AlarmDescription, StateTransitionedTimestamp, StateUpdatedTimestamp } = alarm;
  return {
    name: alarm.AlarmName ?? "",
    arn: alarm.AlarmArn ?? "",
    ...(AlarmDescription === undefined || AlarmDescription === "" ? {} : { description: AlarmDescription }),
    state: stateOf(alarm.StateValue) ?? "INSUFFICIENT_DATA",
    reason: alarm.StateReason ?? "",
    since: (StateTransitionedTimestamp ?? StateUpdatedTimestamp)?.getTime() ?? 0,
    actionsEnabled: alarm.ActionsEnabled !== false,
    alarmActions: alarm.AlarmActions ?? [],
    okActions: alarm.OKActions ?? [],
  };
}

function stateOf(value: StateValue | string | undefined): AlarmState | undefined {
  return value === "OK" || value === "ALARM" || value === "INSUFFICIENT_DATA" ? value : undefined;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html */
function eventOf(alarm: string, item: AlarmHistoryItem): AlarmEvent {
  const { HistoryItemType: type = "", HistorySummary: summary = "", HistoryData = "" } = item;
  const data = parsed(HistoryData);
  const base = { alarm, at: item.Timestamp?.getTime() ?? 0, summary };
  if (type.endsWith("StateUpdate")) {
    const from = stateOf(textAt(data, "oldState", "stateValue"));
    const to = stateOf(textAt(data, "newState", "stateValue"));
    const reason = textAt(data, "newState", "stateReason");
    return {
      ...base,
      kind: "state",
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(reason === undefined ? {} : { detail: reason }),
    };
  }
  if (type.endsWith("Action")) {
    const state = textAt(data, "actionState");
    const detail = textAt(data, "error") ?? textAt(data, "notificationResource");
    return {
      ...base,
      kind: "action",
      // In words where the data do not say: they are for people, and have changed before.
      succeeded: state === undefined ? !/^Failed\b/.test(summary) : state === "Succeeded",
      ...(detail === undefined ? {} : { detail }),
    };
  }
  return { ...base, kind: "configuration" };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let at: unknown = value;
  for (const name of path) {
    at = typeof at === "object" && at !== null ? (at as Readonly<Record<string, unknown>>)[name] : undefined;
  }
  return typeof at === "string" ? at : undefined;
}
