import { afterEach, beforeEach, expect, test } from "vitest";
import { FUNCTION_GROUP } from "../test/log-lines.ts";
import { type QueryFixture, queryFixture } from "../test/query-fixture.ts";
import type { QueryJob, WorkerMessage } from "./query-job.ts";
import { QueryThreads, THREAD_OPTIONS, type ThreadOptions } from "./query-threads.ts";

type Told = readonly [queryId: string, what: WorkerMessage["kind"] | "started" | "timeout", reason?: string];

let fixture: QueryFixture;
let threads: QueryThreads;
let told: Told[];
let waiting: (() => void)[];

beforeEach(() => {
  fixture = queryFixture();
  told = [];
  waiting = [];
});

afterEach(async () => {
  await threads.close();
  fixture.dispose();
});

function open(options: Partial<ThreadOptions> = {}): void {
  const tell = (...line: Told): void => {
    told.push(line);
    for (const resolve of waiting.splice(0)) {
      resolve();
    }
  };
  threads = new QueryThreads(
    {
      started: (queryId) => tell(queryId, "started"),
      message: (queryId, message) =>
        message.kind === "failed" ? tell(queryId, message.kind, message.reason) : tell(queryId, message.kind),
      timeout: (queryId) => tell(queryId, "timeout"),
    },
    { ...THREAD_OPTIONS, ...options },
  );
}

function run(queryId: string, queryString: string): void {
  const group = fixture.store.groups.find(FUNCTION_GROUP);
  const job: QueryJob = {
    ...{ queryId, queryString, groups: [{ id: group?.id ?? 0, name: FUNCTION_GROUP, from: 0 }] },
    ...{
      until: Number.MAX_SAFE_INTEGER,
      now: 0,
      accountId: "000000000000",
      file: fixture.core.store.database.location() ?? "",
    },
  };
  threads.run(job);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

const kindsOf = (queryId: string) => told.filter(([id]) => id === queryId).map(([, what]) => what);
const isOver = (queryId: string) => ["complete", "failed", "timeout"].includes(kindsOf(queryId).at(-1) ?? "");

/** Fills the memory: every event comes out a thousand times over, and nothing of it may be dropped before the end. */
const GREEDY = `fields ${Array.from({ length: 40 }, () => "concat(@message, @message)").join(", ")} | fields jsonParse('[${Array(900).fill(1)}]') as list | unnest list into one | unnest list into two | sort concat(@message, one, two, @message) | limit 100000`;
/** Takes for ever: a regular expression that tries all ways to part a long line. */
const ENDLESS = "filter concat('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', @message) like /^(a+)+$/";

test("a query that takes too much memory fails alone, and the next one runs", async () => {
  open({ memoryMb: 24, threads: 1 });
  run("greedy", GREEDY);
  run("next", "stats count(*)");
  await until(() => isOver("next"));
  expect(told.find(([id, what]) => id === "greedy" && what === "failed")?.[2]).toContain("more than the 24 MB");
  expect(kindsOf("next")).toEqual(["started", "page", "complete"]);
});

test("a query that takes too long is ended", async () => {
  open({ timeoutMs: 500 });
  run("endless", ENDLESS);
  await until(() => isOver("endless"));
  expect(kindsOf("endless")).toEqual(["started", "timeout"]);
});

test("a query that is cancelled is not heard of again, whether it runs or waits", async () => {
  open({ threads: 1 });
  run("endless", ENDLESS);
  run("waiting", "stats count(*)");
  run("next", "stats count(*)");
  threads.cancel("waiting");
  threads.cancel("endless");
  await until(() => isOver("next"));
  expect(kindsOf("endless")).toEqual(["started"]);
  expect(kindsOf("waiting")).toEqual([]);
});

test("closing ends what runs", async () => {
  open();
  run("endless", ENDLESS);
  await threads.close();
  expect(kindsOf("endless")).toEqual(["started"]);
});
