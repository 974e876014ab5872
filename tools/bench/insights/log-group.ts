import { setTimeout as wait } from "node:timers/promises";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetQueryResultsCommand,
  PutLogEventsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Cleanup } from "../support/cleanup.ts";
import type { ClientSettings } from "../support/local-aws-server.ts";
import { runInFlight } from "../support/run-in-flight.ts";

const group = { logGroupName: "/bench/insights" };
const stream = { ...group, logStreamName: "one" };
/** Events of one call; with their lines they stay below the megabyte that it may have. */
const batch = 2_500;
const inFlight = 3;
/** Less than the day that the events of one call may lie apart. */
const spanMs = 20 * 3_600_000;
const pollMs = 2;
const operations = ["createItem", "getItem", "listItems"];

/** A log group with many events of request lines, over 20 hours, and queries about all of them. */
export class LogGroup {
  readonly #client: CloudWatchLogsClient;
  readonly #count: number;
  readonly #start = Date.now() - spanMs;

  private constructor(client: CloudWatchLogsClient, count: number) {
    this.#client = client;
    this.#count = count;
  }

  /** Makes it and puts the events there. */
  static async fill(settings: ClientSettings, count: number, cleanup: Cleanup, signal: AbortSignal): Promise<LogGroup> {
    const client = new CloudWatchLogsClient(settings);
    cleanup.defer(async () => client.destroy());
    const made = new LogGroup(client, count);
    await client.send(new CreateLogGroupCommand(group));
    await client.send(new CreateLogStreamCommand(stream));
    await runInFlight(Math.ceil(count / batch), inFlight, async (number) => {
      signal.throwIfAborted();
      const size = Math.min(batch, count - number * batch);
      const logEvents = Array.from({ length: size }, (_, index) => made.#event(number * batch + index));
      await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
    });
    return made;
  }

  /**
   * Runs a query over all events.
   *
   * @returns its rows, and the seconds from its start to the answer that says it is complete
   * @throws Error when it does not end well
   */
  async query(queryString: string): Promise<{ seconds: number; rows: number }> {
    const began = performance.now();
    const range = { startTime: Math.floor(this.#start / 1000), endTime: Math.ceil(Date.now() / 1000) };
    const { queryId } = await this.#client.send(new StartQueryCommand({ ...group, queryString, ...range }));
    for (;;) {
      const { status, results = [], statistics } = await this.#client.send(new GetQueryResultsCommand({ queryId }));
      if (status === "Complete") {
        if (statistics?.recordsScanned !== this.#count) {
          throw new Error(`The query has read ${statistics?.recordsScanned} of ${this.#count} events.`);
        }
        return { seconds: (performance.now() - began) / 1000, rows: results.length };
      }
      if (status !== "Scheduled" && status !== "Running") {
        throw new Error(`The query has ended as ${status}.`);
      }
      await wait(pollMs);
    }
  }

  #event(index: number): { timestamp: number; message: string } {
    const timestamp = this.#start + Math.floor((index * (spanMs - 60_000)) / this.#count);
    const line = {
      ...{ level: "INFO", time: new Date(timestamp).toISOString(), message: "request", service: "items-api" },
      ...{
        requestId: `7b6c8c5e-1c1c-4b1b-9a1a-${String(index).padStart(12, "0")}`,
        method: "GET",
        path: "/items/{id}",
      },
      ...{ operation: operations[index % operations.length], status: 200, durationMs: ((index * 7919) % 1000) / 10 },
      ...{ functionVersion: "3", coldStart: false, requests: 1, faults: 0 },
    };
    return { timestamp, message: JSON.stringify(line) };
  }
}
