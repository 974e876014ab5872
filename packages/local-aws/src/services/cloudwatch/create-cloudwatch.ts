import type { Core } from "../../core/core.ts";
import type { MetricSink, TagSource, TopicPublisher } from "../../core/ports.ts";
import { defineService, type Operations, type Service } from "../../core/service.ts";
import type { Collection } from "../../store/store.ts";
import { cloudWatchAccess } from "./access.ts";
import type { Alarm, AlarmsState } from "./alarms/alarm.ts";
import { AlarmEvaluator } from "./alarms/alarm-evaluator.ts";
import { AlarmHistory } from "./alarms/alarm-history.ts";
import { alarmOperations } from "./alarms/alarm-operations.ts";
import { AlarmTable } from "./alarms/alarm-table.ts";
import { AlarmDrills } from "./alarms/drills/alarm-drills.ts";
import type { CloudWatch } from "./cloudwatch-state.ts";
import { type Dashboard, dashboardOperations } from "./dashboard-operations.ts";
import { metricOperations } from "./metric-operations.ts";
import { createMetricSink } from "./metric-sink.ts";
import { MetricStore } from "./metric-store.ts";
import { checkTags, tagRecord, unknownResource } from "./tags.ts";

/** What CloudWatch asks of other services. */
export interface CloudWatchDependencies {
  /** Runs the actions of alarms. */
  readonly topics: TopicPublisher;
}

/** CloudWatch with the ports that it implements. */
export interface CloudWatchService {
  readonly service: Service;
  readonly metrics: MetricSink;
  readonly tags: TagSource;
  readonly drills: AlarmDrills;
}

const SWEEP_MS = 3600 * 1000;

/**
 * Makes Amazon CloudWatch: metrics with metric math, alarms evaluated on the clock, composite alarms and dashboards.
 *
 * Anomaly detection, Metrics Insights, insight rules, metric streams and actions other than SNS topics are refused.
 */
export function createCloudWatch(core: Core, { topics }: CloudWatchDependencies): CloudWatchService {
  const metrics = new MetricStore(core);
  const sink = createMetricSink(core, metrics);
  const alarms = new AlarmTable(core.store.collection<Alarm>("monitoring/alarms"));
  const dashboards = core.store.collection<Dashboard>("monitoring/dashboards");
  const history = new AlarmHistory(core.store.database);
  const state: AlarmsState = { core, metrics, alarms, history };
  const evaluator = new AlarmEvaluator(state, topics);
  evaluator.schedule();
  let cancelSweep = scheduleSweep();

  function scheduleSweep() {
    return core.clock.schedule(core.clock.now() + SWEEP_MS, () => {
      try {
        metrics.expire();
        history.expire(core.clock.now());
      } finally {
        cancelSweep = scheduleSweep();
      }
    });
  }

  const service = defineService<CloudWatch>({
    id: "monitoring",
    signingNames: ["monitoring"],
    load: () => import("@aws-sdk/client-cloudwatch"),
    client: "CloudWatchClient",
    queryVersion: "2010-08-01",
    targetPrefixes: ["GraniteServiceVersion20100801"],
    rpcServiceNames: ["GraniteServiceVersion20100801"],
    operations: {
      ...metricOperations(state),
      ...alarmOperations(state, evaluator, topics),
      ...dashboardOperations(core, dashboards),
      ...tagOperations(alarms, dashboards),
    },
    access: cloudWatchAccess({ alarms, dashboards }),
    close: async () => {
      cancelSweep();
      evaluator.stop();
      metrics.close();
    },
    inventory: () => [
      ...alarms.values().map(({ kind, name }) => `AWS::CloudWatch::${kind === "MetricAlarm" ? "Alarm" : kind} ${name}`),
      ...dashboards.values().map(({ name }) => `AWS::CloudWatch::Dashboard ${name}`),
    ],
  });
  return {
    service,
    metrics: sink,
    drills: new AlarmDrills(state, evaluator, topics),
    tags: {
      taggedResources: () => [
        ...alarms.values().map(({ arn, tags }) => ({ arn, type: "cloudwatch:alarm", tags })),
        ...dashboards.values().map(({ arn, tags }) => ({ arn, type: "cloudwatch:dashboard", tags })),
      ],
    },
  };
}

function tagOperations(alarms: Collection<Alarm>, dashboards: Collection<Dashboard>): Operations<CloudWatch> {
  /** Reads the tags of a resource, and writes them where `change` gives others. */
  function withTags(
    arn: string | undefined,
    change?: (tags: Readonly<Record<string, string>>) => Record<string, string>,
  ): Readonly<Record<string, string>> {
    const [, kind, name = ""] = /^arn:aws:cloudwatch:[^:]*:\d{12}:(alarm:|dashboard\/)(.+)$/.exec(arn ?? "") ?? [];
    const collection = (kind === "alarm:" ? alarms : dashboards) as Collection<Alarm | Dashboard>;
    const resource = kind === undefined ? undefined : collection.get(name);
    if (resource === undefined) {
      throw unknownResource(arn);
    }
    if (change === undefined) {
      return resource.tags;
    }
    const tags = change(resource.tags);
    checkTags(tags);
    collection.put(name, { ...resource, tags });
    return tags;
  }

  return {
    TagResource({ ResourceARN, Tags = [] }) {
      withTags(ResourceARN, (tags) => ({ ...tags, ...tagRecord(Tags) }));
      return {};
    },
    UntagResource({ ResourceARN, TagKeys = [] }) {
      withTags(ResourceARN, (tags) =>
        Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))),
      );
      return {};
    },
    ListTagsForResource({ ResourceARN }) {
      return { Tags: Object.entries(withTags(ResourceARN)).map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}
