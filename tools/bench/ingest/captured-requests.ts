import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { ClientSettings } from "../support/local-aws-server.ts";

/** A request as an SDK client sends it: signed, and compressed where the SDK compresses. */
export interface CapturedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Things in one request. */
export const batchSize = 1000;
const series = 500;
const streams = 20;
const logGroupName = "/bench/ingest";

/** Makes the group and the streams that log events go to. */
export async function makeStreams(settings: ClientSettings): Promise<void> {
  const client = new CloudWatchLogsClient(settings);
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  for (let stream = 0; stream < streams; stream++) {
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: `host-${stream}` }));
  }
  client.destroy();
}

/** `PutMetricData` with a thousand data points over 500 series, so many times. */
export function metricRequests(settings: ClientSettings, count: number): Promise<CapturedRequest[]> {
  return capture(count, (requestHandler) => {
    const client = new CloudWatchClient({ ...settings, requestHandler, maxAttempts: 1 });
    return (batch) =>
      client.send(
        new PutMetricDataCommand({
          Namespace: "Bench",
          MetricData: Array.from({ length: batchSize }, (_, index) => {
            const n = batch * batchSize + index;
            return {
              MetricName: `metric-${n % 5}`,
              Dimensions: [
                { Name: "Service", Value: "items-api" },
                { Name: "Host", Value: `host-${Math.floor((n % series) / 5)}` },
              ],
              Value: (n * 7919) % 100_003,
              Unit: "Milliseconds" as const,
              Timestamp: new Date(),
            };
          }),
        }),
      );
  });
}

/** `PutLogEvents` with a thousand events of some 170 bytes, to one stream after the other, so many times. */
export function logRequests(settings: ClientSettings, count: number): Promise<CapturedRequest[]> {
  return capture(count, (requestHandler) => {
    const client = new CloudWatchLogsClient({ ...settings, requestHandler, maxAttempts: 1 });
    return (batch) =>
      client.send(
        new PutLogEventsCommand({
          logGroupName,
          logStreamName: `host-${batch % streams}`,
          logEvents: Array.from({ length: batchSize }, (_, index) => ({
            timestamp: Date.now(),
            message: `{"level":"INFO","message":"request completed","n":${batch * batchSize + index},"requestId":"8c2f0a6e-0000-4000-8000-${String(index).padStart(12, "0")}","path":"/items","status":200,"ms":${index % 97}}`,
          })),
        }),
      );
  });
}

/** What the SDK's HTTP handler is given. */
interface Sent {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | string;
}

interface Handler {
  handle(request: Sent): Promise<never>;
}

/** Lets a client make requests, and keeps them instead of sending them. */
async function capture(
  count: number,
  open: (handler: Handler) => (batch: number) => Promise<unknown>,
): Promise<CapturedRequest[]> {
  const captured: CapturedRequest[] = [];
  const notSent = new Error("kept for later");
  const send = open({
    handle({ path, headers, body }) {
      captured.push({ path, headers, body: typeof body === "string" ? Buffer.from(body) : body });
      return Promise.reject(notSent);
    },
  });
  for (let batch = 0; batch < count; batch++) {
    await send(batch).catch((error: unknown) => {
      if (error !== notSent) {
        throw error;
      }
    });
  }
  return captured;
}
