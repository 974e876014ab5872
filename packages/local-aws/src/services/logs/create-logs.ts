import type { Core } from "../../core/core.ts";
import type { KeyDirectory, LogSink, MetricSink, TagSource } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { logsAccess } from "./access.ts";
import { filterLogEvents } from "./filter-log-events.ts";
import { getLogEvents } from "./get-log-events.ts";
import { groupOperations } from "./group-operations.ts";
import { Ingest } from "./ingest.ts";
import { insightsOperations } from "./insights/operations/insights-operations.ts";
import { Queries } from "./insights/operations/queries.ts";
import { LiveTails } from "./live-tail/live-tails.ts";
import { startLiveTail } from "./live-tail/start-live-tail.ts";
import { groupArn, type Logs, type LogsState } from "./logs-state.ts";
import { LogsStore } from "./logs-store.ts";
import { metricFilterOperations } from "./metric-filter-operations.ts";
import { MetricFilters } from "./metric-filters.ts";
import { putLogEvents } from "./put-log-events.ts";
import { savedOperations } from "./saved-operations.ts";
import { streamOperations } from "./stream-operations.ts";

/** What CloudWatch Logs asks of other services. */
export interface LogsDependencies {
  /** Takes what metric filters count and what lines carry in the embedded metric format. */
  readonly metrics: MetricSink;
  /** Checks the KMS keys of groups; without it any key ARN is taken. */
  readonly keys?: KeyDirectory;
}

/** CloudWatch Logs with the ports that it implements. */
export interface LogsService {
  readonly service: Service;
  readonly sink: LogSink;
  readonly tags: TagSource;
}

const SWEEP_MS = 3600 * 1000;

/**
 * Makes Amazon CloudWatch Logs: groups, streams, events, filter patterns, live tails, metric filters, the embedded metric format, Logs
 * Insights, saved queries, resource policies and tags. Events past their group's retention are invisible at once and deleted every hour
 * of the clock.
 */
export function createLogs(core: Core, { metrics, keys }: LogsDependencies): LogsService {
  const store = new LogsStore(core);
  const filters = new MetricFilters(core.store.collection("logs/metric-filters"));
  const tails = new LiveTails(core.clock);
  const ingest = new Ingest(core, store, { filters, tails, metrics });
  const state: LogsState = {
    core,
    store,
    ingest,
    filters,
    tails,
    keys,
    queryDefinitions: core.store.collection("logs/query-definitions"),
    resourcePolicies: core.store.collection("logs/resource-policies"),
  };
  const queries = new Queries(core);
  let cancelSweep = scheduleSweep();

  function scheduleSweep() {
    return core.clock.schedule(core.clock.now() + SWEEP_MS, () => {
      store.expire();
      queries.expire();
      cancelSweep = scheduleSweep();
    });
  }

  const service = defineService<Logs>({
    id: "logs",
    signingNames: ["logs"],
    load: () => import("@aws-sdk/client-cloudwatch-logs"),
    client: "CloudWatchLogsClient",
    targetPrefixes: ["Logs_20140328"],
    operations: {
      ...groupOperations(state),
      ...streamOperations(state),
      ...metricFilterOperations(state),
      ...savedOperations(state),
      ...insightsOperations(state, queries),
      PutLogEvents: (input) => putLogEvents(state, input),
      GetLogEvents: (input) => getLogEvents(state, input),
      FilterLogEvents: (input) => filterLogEvents(state, input),
      StartLiveTail: (input, context) => startLiveTail(state, input, context),
    },
    access: logsAccess(state),
    close: async () => {
      cancelSweep();
      await queries.close();
      ingest.flush();
      tails.close();
    },
    inventory: () => {
      ingest.flush();
      return [
        ...store.groups.all().map(({ name }) => `AWS::Logs::LogGroup ${name}`),
        ...filters.all().map(({ logGroupName, filterName }) => `AWS::Logs::MetricFilter ${logGroupName} ${filterName}`),
        ...state.queryDefinitions.values().map(({ name }) => `AWS::Logs::QueryDefinition ${name}`),
        ...state.resourcePolicies.values().map(({ policyName }) => `AWS::Logs::ResourcePolicy ${policyName}`),
      ];
    },
  });
  return {
    service,
    sink: ingest,
    tags: {
      taggedResources: () =>
        store.groups.all().map(({ name, tags }) => ({ arn: groupArn(core, name), type: "logs:log-group", tags })),
    },
  };
}
