import { type TestCore, testCore } from "../../../../test/test-core.ts";
import { LogsStore } from "../../logs-store.ts";
import type { QueryStatistics } from "../run/query-job.ts";
import { runQuery } from "../run/run-query.ts";
import {
  ACCESS_GROUP,
  ACCESS_LINES,
  FUNCTION_GROUP,
  FUNCTION_LINES,
  type Line,
  PLAIN_GROUP,
  PLAIN_LINES,
  START,
} from "./log-lines.ts";

/** A row of results by its columns, without its `@ptr`. */
export type ResultObject = Record<string, string>;

/** Groups with lines, and queries about them that run in the test's own thread. */
export interface QueryFixture {
  readonly core: TestCore;
  readonly store: LogsStore;
  /** Adds lines, making the group where missing. */
  add(group: string, lines: readonly Line[]): void;
  run(query: string, ...groups: string[]): { rows: ResultObject[]; statistics: QueryStatistics };
  dispose(): void;
}

const AN_HOUR_MS = 3_600_000;

/** Makes a {@link QueryFixture} with the common lines, unless told otherwise. */
export function queryFixture({ isEmpty = false } = {}): QueryFixture {
  const core = testCore();
  const store = new LogsStore(core);
  const fixture: QueryFixture = {
    core,
    store,
    add(name, lines) {
      const standard = {
        name,
        createdAt: START,
        logGroupClass: "STANDARD",
        deletionProtection: false,
        tags: {},
      } as const;
      const group = store.groups.find(name) ?? store.groups.create(standard);
      core.store.transaction(() => {
        for (const [after, stream, message] of lines) {
          store.append(group, stream, [{ timestamp: START + after, message }]);
        }
      });
    },
    run(queryString, ...names) {
      const groups = names.map((name) => ({ id: store.groups.find(name)?.id ?? 0, name, from: START }));
      const rows: ResultObject[] = [];
      const job = { queryId: "q", queryString, groups, until: START + AN_HOUR_MS, now: START + AN_HOUR_MS };
      const statistics = runQuery(
        { ...job, accountId: core.accountId, file: core.store.database.location() ?? "" },
        {
          progress: () => {},
          row: (row) => {
            const pairs = Array.from({ length: row.length / 2 }, (_, index) => [row[index * 2], row[index * 2 + 1]]);
            const { "@ptr": _pointer, ...rest } = Object.fromEntries(pairs) as ResultObject;
            rows.push(rest);
          },
        },
      );
      return { rows, statistics };
    },
    dispose: () => core.dispose(),
  };
  if (!isEmpty) {
    fixture.add(FUNCTION_GROUP, FUNCTION_LINES);
    fixture.add(ACCESS_GROUP, ACCESS_LINES);
    fixture.add(PLAIN_GROUP, PLAIN_LINES);
  }
  return fixture;
}
