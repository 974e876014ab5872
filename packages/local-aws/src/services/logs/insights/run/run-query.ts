import { SAMPLE_ROOM } from "../aggregates/samples.ts";
import { Row } from "../discovery/row.ts";
import { type Column, compileQuery } from "../plan/compile-query.ts";
import { formatValue } from "../values/format-value.ts";
import { EventSource } from "./event-source.ts";
import type { QueryJob, QueryStatistics, ResultRow } from "./query-job.ts";
import type { Run, Sink } from "./sink.ts";

/** Who takes what a run makes. */
export interface RunListener {
  /** Called now and then. */
  progress(statistics: QueryStatistics): void;
  row(row: ResultRow): void;
}

/** Events between two reports of progress. */
const REPORT_EVERY = 50_000;

/**
 * Runs a query to its end. The state of the store at its beginning is what it sees.
 *
 * @throws QueryFailure when it would take more than a query may
 */
export function runQuery(job: QueryJob, listener: RunListener): QueryStatistics {
  const { needs, stages, columns } = compileQuery(job.queryString, job);
  const run: Run = { matched: 0, isEnough: false, room: { values: SAMPLE_ROOM } };
  const last: Sink = { push: (row) => listener.row(resultRow(row, columns)), end: () => {} };
  const first = stages.reduceRight((next, make) => make(next, run), last);
  const source = new EventSource(job.file, job.accountId);
  let scanned = 0;
  let bytesScanned = 0;
  const statistics = (): QueryStatistics => ({
    recordsMatched: run.matched,
    recordsScanned: scanned,
    bytesScanned,
    logGroupsScanned: job.groups.length,
  });
  try {
    let nextReport = REPORT_EVERY;
    for (const portion of source.scan(job.groups, job.until, needs)) {
      for (const { event, bytes } of portion) {
        scanned++;
        bytesScanned += bytes;
        first.push(new Row(event));
        if (run.isEnough) {
          break;
        }
      }
      if (run.isEnough) {
        break;
      }
      if (scanned >= nextReport) {
        nextReport = scanned + REPORT_EVERY;
        listener.progress(statistics());
      }
    }
    first.end();
    return statistics();
  } finally {
    source.close();
  }
}

/** What a row has of the columns; what is missing is left out. */
function resultRow(row: Row, columns: readonly Column[]): ResultRow {
  const result: string[] = [];
  for (const { name, compiled } of columns) {
    const text = formatValue(compiled.get(row), compiled.type);
    if (text !== undefined) {
      result.push(name, text);
    }
  }
  return result;
}
