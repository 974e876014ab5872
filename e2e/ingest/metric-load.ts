import { deepEqual } from "node:assert/strict";
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";

import type { ClientSettings } from "../support/local-aws-process.ts";
import type { Load } from "./load.ts";

const NAMESPACE = "Ingest";
/** Each name on each host is a series. */
const NAMES = ["Latency", "QueueDepth", "BytesIn", "BytesOut", "Retries"];
const HOSTS = 100;
export const SERIES = NAMES.length * HOSTS;
/** The most that one request takes. */
const BATCH = 1000;
/** Queries that one `GetMetricData` takes. */
const QUERIES = 500;

/** Data points over 500 series, nearly every one with another value. */
export function metricLoad(settings: ClientSettings, since: Date): Load {
  const client = new CloudWatchClient(settings);
  return {
    name: "metric data points",
    batchSize: BATCH,
    prepare: async () => {},
    async send(batch) {
      const Timestamp = new Date();
      const MetricData = Array.from({ length: BATCH }, (_, index) => datum(batch * BATCH + index, Timestamp));
      await client.send(new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData }));
    },
    async verify(batches) {
      const expected = Array.from({ length: SERIES }, () => ({ SampleCount: 0, Sum: 0 }));
      for (let n = 0; n < batches * BATCH; n++) {
        const each = expected[n % SERIES] as { SampleCount: number; Sum: number };
        each.SampleCount += 1;
        each.Sum += valueAt(n);
      }
      const found = { SampleCount: await read(client, "SampleCount", since), Sum: await read(client, "Sum", since) };
      const actual = expected.map((_, series) => ({ SampleCount: found.SampleCount[series], Sum: found.Sum[series] }));
      deepEqual(actual, expected);
      return found.SampleCount.reduce((total, count) => total + count, 0);
    },
    close: () => client.destroy(),
  };
}

/** Whole numbers, so that sums are exact: 100,003 of them before they come again. */
function valueAt(n: number): number {
  return (n * 7919) % 100_003;
}

function identity(series: number) {
  return {
    MetricName: NAMES[series % NAMES.length] as string,
    Dimensions: [
      { Name: "Service", Value: "items-api" },
      { Name: "Host", Value: `host-${Math.floor(series / NAMES.length)}` },
    ],
  };
}

function datum(n: number, Timestamp: Date): MetricDatum {
  return { ...identity(n % SERIES), Value: valueAt(n), Unit: "Milliseconds", Timestamp };
}

/** A statistic of every series over the whole time. */
async function read(client: CloudWatchClient, Stat: "SampleCount" | "Sum", since: Date): Promise<number[]> {
  const totals: number[] = [];
  for (let first = 0; first < SERIES; first += QUERIES) {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: since,
        EndTime: new Date(Date.now() + 60_000),
        MetricDataQueries: Array.from({ length: Math.min(QUERIES, SERIES - first) }, (_, index) => ({
          Id: `s${first + index}`,
          MetricStat: { Metric: { Namespace: NAMESPACE, ...identity(first + index) }, Period: 60, Stat },
        })),
      }),
    );
    totals.push(...MetricDataResults.map(({ Values = [] }) => Values.reduce((total, value) => total + value, 0)));
  }
  return totals;
}
