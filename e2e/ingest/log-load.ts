import { deepEqual, equal, ok } from "node:assert/strict";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { ClientSettings } from "../support/local-aws-process.ts";
import type { Load } from "./load.ts";

const logGroupName = "/ingest/items-api";
const STREAMS = 20;
const BATCH = 1000;

/** Log events of some 170 bytes in JSON, over 20 streams of one group. */
export function logLoad(settings: ClientSettings): Load {
  const client = new CloudWatchLogsClient(settings);
  return {
    name: "log events",
    batchSize: BATCH,
    async prepare() {
      await client.send(new CreateLogGroupCommand({ logGroupName }));
      for (let stream = 0; stream < STREAMS; stream++) {
        await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: `host-${stream}` }));
      }
    },
    async send(batch) {
      const timestamp = Date.now();
      const logEvents = Array.from({ length: BATCH }, (_, index) => ({
        timestamp,
        message: messageOf(batch * BATCH + index),
      }));
      const logStreamName = `host-${batch % STREAMS}`;
      const { rejectedLogEventsInfo } = await client.send(
        new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }),
      );
      equal(rejectedLogEventsInfo, undefined);
    },
    async verify(batches) {
      const seen = new Uint8Array(batches * BATCH);
      let found = 0;
      let nextToken: string | undefined;
      do {
        const page = await client.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
        for (const { message = "", logStreamName } of page.events ?? []) {
          const { n } = JSON.parse(message) as { n: number };
          deepEqual([message, logStreamName], [messageOf(n), `host-${Math.floor(n / BATCH) % STREAMS}`]);
          seen[n] = (seen[n] ?? 0) + 1;
          found += 1;
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      ok(
        seen.every((times) => times === 1),
        "an event is missing, or there twice",
      );
      return found;
    },
    close: () => client.destroy(),
  };
}

function messageOf(n: number): string {
  return `{"level":"INFO","message":"request completed","n":${n},"requestId":"8c2f0a6e-0000-4000-8000-${String(n).padStart(12, "0")}","path":"/items","status":${n % 50 === 0 ? 503 : 200},"ms":${n % 997}}`;
}
