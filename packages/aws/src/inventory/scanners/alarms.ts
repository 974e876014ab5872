import {
  CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import type { FoundResource } from "@slipway/analysis";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

const pageSize = 100;
const minuteSeconds = 60;

/** Alarms on metrics. */
export function metricAlarms(context: ScanContext): ResourceScanner {
  return alarms(context, "metric-alarm");
}

/** Alarms on other alarms. */
export function compositeAlarms(context: ScanContext): ResourceScanner {
  return alarms(context, "composite-alarm");
}

function alarms(context: ScanContext, type: "metric-alarm" | "composite-alarm"): ResourceScanner {
  const cloudwatch = context.client(CloudWatchClient);
  const AlarmTypes = [type === "metric-alarm" ? ("MetricAlarm" as const) : ("CompositeAlarm" as const)];
  return {
    type,
    async list(page) {
      const {
        MetricAlarms = [],
        CompositeAlarms = [],
        NextToken,
      } = await context.call("cloudwatch:DescribeAlarms", "the alarms", (options) =>
        cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes, NextToken: page, MaxRecords: pageSize }), options),
      );
      return {
        items: [
          ...MetricAlarms.map((alarm) => ({ ...common(type, alarm), facts: metricFacts(alarm) })),
          ...CompositeAlarms.map((alarm) => common(type, alarm)),
        ],
        next: NextToken,
      };
    },
    async describe(resource) {
      const answer = await context.callFor(
        "cloudwatch:ListTagsForResource",
        `the alarm ${resource.name}`,
        ["ResourceNotFoundException", "ResourceNotFound"],
        (options) => cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: resource.arn }), options),
      );
      return answer && { ...resource, tags: tagRecord(answer.Tags) };
    },
  };
}

function common(type: FoundResource["type"], alarm: MetricAlarm | CompositeAlarm): FoundResource {
  const { AlarmName: id = "", AlarmArn: arn = "", StateUpdatedTimestamp, StateValue } = alarm;
  const since = StateUpdatedTimestamp?.toISOString().slice(0, 10) ?? "its creation";
  return {
    ...{ type, id, name: id, arn },
    // AWS does not say when an alarm was made, only when it was configured last.
    modifiedAt: alarm.AlarmConfigurationUpdatedTimestamp?.getTime(),
    use:
      StateValue === "INSUFFICIENT_DATA"
        ? { verdict: "idle", why: `no data since ${since}` }
        : { verdict: "used", why: `${StateValue} since ${since}` },
  };
}

function metricFacts({ Metrics, Period }: MetricAlarm): FoundResource["facts"] {
  const watched = (Metrics ?? []).filter(({ MetricStat }) => MetricStat !== undefined);
  const periods = [Period, ...watched.map(({ MetricStat }) => MetricStat?.Period)];
  return {
    alarmMetrics: Math.max(1, watched.length),
    isHighResolution: periods.some((period) => period !== undefined && period < minuteSeconds),
  };
}
