import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  PutLogEventsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { LocalAwsProcess } from "../support/local-aws-process.ts";

const logGroupName = "/aws/lambda/items-api";
const logStreamName = "2026/11/28/[1]0123456789abcdef";
/** Events of one call; with their lines they stay below the megabyte that it may have. */
const BATCH = 2500;
const IN_FLIGHT = 3;
const OPERATIONS = ["createItem", "getItem", "listItems"] as const;
const BIN_MS = 300_000;
/** Less than the day that the events of one call may lie apart. */
const SPAN_MS = 20 * 3600 * 1000;
const POLL_MS = 20;

/** What one query came to. */
export interface MeasuredQuery {
  /** From its start to the answer that says `Complete`, as a client of the SDK sees it. */
  readonly seconds: number;
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly statistics: GetQueryResultsCommandOutput["statistics"];
}

/** A local AWS in a process of its own, with a group that has many events. */
export class QueryLoad {
  readonly localAws: LocalAwsProcess;
  readonly #client: CloudWatchLogsClient;
  readonly #start: number;
  readonly #count: number;

  private constructor(localAws: LocalAwsProcess, client: CloudWatchLogsClient, start: number, count: number) {
    this.localAws = localAws;
    this.#client = client;
    this.#start = start;
    this.#count = count;
  }

  /** Starts it and puts the events there, as clients do. */
  static async start(count: number): Promise<QueryLoad> {
    const localAws = await LocalAwsProcess.start();
    const client = new CloudWatchLogsClient(localAws.client);
    const load = new QueryLoad(localAws, client, Date.now() - SPAN_MS, count);
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    let next = 0;
    const put = async (): Promise<void> => {
      for (let from = next; from < count; from = next) {
        next = from + BATCH;
        const size = Math.min(BATCH, count - from);
        const logEvents = Array.from({ length: size }, (_, index) => load.#event(from + index));
        const answer = await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
        if (answer.rejectedLogEventsInfo !== undefined) {
          throw new Error(`Events were rejected: ${JSON.stringify(answer.rejectedLogEventsInfo)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, put));
    return load;
  }

  /** Runs a query over all events. */
  async run(queryString: string): Promise<MeasuredQuery> {
    const began = performance.now();
    const range = { startTime: Math.floor(this.#start / 1000), endTime: Math.ceil(Date.now() / 1000) };
    const { queryId } = await this.#client.send(new StartQueryCommand({ logGroupName, queryString, ...range }));
    for (;;) {
      const { status, results = [], statistics } = await this.#client.send(new GetQueryResultsCommand({ queryId }));
      if (status === "Complete") {
        const seconds = (performance.now() - began) / 1000;
        const rows = results.map((row) => Object.fromEntries(row.map(({ field = "", value = "" }) => [field, value])));
        return { seconds, rows, statistics };
      }
      if (status !== "Scheduled" && status !== "Running") {
        throw new Error(`The query has ended as ${status}: ${queryString}`);
      }
      await wait(POLL_MS);
    }
  }

  /** How many events lie in which five minutes, the last first, counted here. */
  expectedCounts(): { "bin(5m)": string; "count()": string }[] {
    const counts = new Map<number, number>();
    for (let index = this.#count - 1; index >= 0; index--) {
      const bin = Math.floor(this.#timeOf(index) / BIN_MS) * BIN_MS;
      counts.set(bin, (counts.get(bin) ?? 0) + 1);
    }
    return [...counts].map(([bin, count]) => ({
      "bin(5m)": new Date(bin).toISOString().replace("T", " ").replace("Z", ""),
      "count()": String(count),
    }));
  }

  /** Calls and the median of their durations by operation, in the order of their names, counted here. */
  expectedDurations(): { operation: string; calls: string; p50: string }[] {
    return OPERATIONS.map((operation, offset) => {
      const durations: number[] = [];
      for (let index = offset; index < this.#count; index += OPERATIONS.length) {
        durations.push(durationOf(index));
      }
      const median = durations.sort((left, right) => left - right)[Math.ceil(durations.length / 2) - 1];
      return { operation, calls: String(durations.length), p50: String(median) };
    });
  }

  /** Megabytes that the process takes, or has taken at the most; `undefined` where the system does not tell. */
  memoryMb(which: "now" | "peak"): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.localAws.pid}/status`, "utf8");
      const [, kilobytes] = new RegExp(`^${which === "now" ? "VmRSS" : "VmHWM"}:\\s+(\\d+) kB`, "m").exec(status) ?? [];
      return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    this.#client.destroy();
    await this.localAws.stop();
  }

  #timeOf(index: number): number {
    return this.#start + Math.floor((index * (SPAN_MS - 60_000)) / this.#count);
  }

  #event(index: number): { timestamp: number; message: string } {
    const timestamp = this.#timeOf(index);
    const status = index % 50 === 0 ? 500 : 200;
    const line = {
      ...{ level: status === 500 ? "ERROR" : "INFO", time: new Date(timestamp).toISOString(), message: "request" },
      ...{ service: "items-api", requestId: `7b6c8c5e-1c1c-4b1b-9a1a-${String(index).padStart(12, "0")}` },
      ...{ operation: OPERATIONS[index % OPERATIONS.length], method: "GET", path: "/items/{id}", status },
      ...{ durationMs: durationOf(index), functionVersion: "3", coldStart: false, requests: 1, faults: 0 },
    };
    return { timestamp, message: JSON.stringify(line) };
  }
}

/** From 0 to 99.9, in no order that time has. */
function durationOf(index: number): number {
  return ((index * 7919) % 1000) / 10;
}
