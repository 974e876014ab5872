import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListDashboardsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import type { AlarmUsage, ResourceUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";
import { missing, textIn, unreadable } from "./resource-facts.ts";
import type { UsageContext } from "./usage-context.ts";

const ALARMS_PER_CALL = 100;
/** A period below a minute makes an alarm a high-resolution one. https://aws.amazon.com/cloudwatch/pricing/ */
const STANDARD_PERIOD_SECONDS = 60;

/** Sees alarms, a hundred in one call. */
export async function observeAlarms(
  context: UsageContext,
  resources: readonly StateResource[],
): Promise<ResourceUsage[]> {
  const cloudwatch = context.aws.client(CloudWatchClient);
  const usages: ResourceUsage[] = [];
  for (let begin = 0; begin < resources.length; begin += ALARMS_PER_CALL) {
    const batch = resources.slice(begin, begin + ALARMS_PER_CALL).map((resource) => ({
      address: resource.address,
      type: resource.type,
      name: textIn(resource, "alarm_name") ?? resource.id ?? resource.name,
    }));
    const found = await context.ask("cloudwatch:DescribeAlarms", `${batch.length} alarms`, (options) =>
      cloudwatch.send(
        new DescribeAlarmsCommand({
          AlarmNames: batch.map(({ name }) => name),
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          MaxRecords: ALARMS_PER_CALL,
        }),
        options,
      ),
    );
    for (const facts of batch) {
      if (found.kind !== "answer") {
        usages.push(unreadable(facts, found.kind === "failed" ? found.why : "CloudWatch does not know them"));
        continue;
      }
      const { MetricAlarms = [], CompositeAlarms = [] } = found.value;
      const metric = MetricAlarms.find(({ AlarmName }) => AlarmName === facts.name);
      const composite = CompositeAlarms.find(({ AlarmName }) => AlarmName === facts.name);
      if (metric === undefined && composite === undefined) {
        usages.push(missing(facts));
      } else {
        usages.push({
          kind: "alarm",
          ...facts,
          isComposite: metric === undefined,
          metrics: metric === undefined ? 0 : metricsOf(metric),
          isHighResolution: metric !== undefined && isHighResolution(metric),
          withoutDataSince: metric === undefined ? undefined : withoutDataSince(context, metric),
        } satisfies AlarmUsage);
      }
    }
  }
  return usages;
}

/** The metrics that an alarm is billed for: each that its expression reads, and three of anomaly detection. */
function metricsOf({ Metrics = [], ThresholdMetricId }: MetricAlarm): number {
  if (Metrics.length === 0) {
    return 1;
  }
  const read = Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
  const bands = ThresholdMetricId === undefined ? 0 : 2;
  return Math.max(1, read) + bands;
}

function isHighResolution({ Period, Metrics = [] }: MetricAlarm): boolean {
  const periods = [Period, ...Metrics.map(({ MetricStat, Period: own }) => MetricStat?.Period ?? own)];
  return periods.some((period) => period !== undefined && period < STANDARD_PERIOD_SECONDS);
}

/** Since when an alarm has had no data, if that is the whole window: a younger one may just not have begun. */
function withoutDataSince(
  { window }: UsageContext,
  { StateValue, StateTransitionedTimestamp, StateUpdatedTimestamp, TreatMissingData }: MetricAlarm,
): number | undefined {
  // An alarm that takes no data for good is quiet on purpose.
  if (StateValue !== "INSUFFICIENT_DATA" || TreatMissingData === "notBreaching") {
    return undefined;
  }
  const since = (StateTransitionedTimestamp ?? StateUpdatedTimestamp)?.getTime();
  return since !== undefined && since <= window.from ? since : undefined;
}

/** Sees whether a dashboard is there. */
export async function observeDashboard(context: UsageContext, resource: StateResource): Promise<ResourceUsage> {
  const name = textIn(resource, "dashboard_name") ?? resource.id ?? resource.name;
  const facts = { address: resource.address, type: resource.type, name };
  const cloudwatch = context.aws.client(CloudWatchClient);
  const found = await context.ask("cloudwatch:ListDashboards", `the dashboard ${name}`, (options) =>
    cloudwatch.send(new ListDashboardsCommand({ DashboardNamePrefix: name }), options),
  );
  if (found.kind === "failed") {
    return unreadable(facts, found.why);
  }
  const isThere =
    found.kind === "answer" &&
    found.value.DashboardEntries?.some(({ DashboardName }) => DashboardName === name) === true;
  return isThere ? { kind: "dashboard", ...facts } : missing(facts);
}
