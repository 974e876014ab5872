import type { LogEvent, LogsReader } from "../ports/logs.ts";
import type { Redactor } from "./redactor.ts";

/**
 * Logs whose events have no secrets in them: what is said of them later has their numbers taken out, or is cut, and a secret in it would
 * not be known again.
 */
export function redactedLogs(logs: LogsReader, redactor: Redactor): LogsReader {
  return {
    events: (...asked) => redacted(logs.events(...asked), redactor),
    follow: (...asked) => redacted(logs.follow(...asked), redactor),
    async query(...asked) {
      const answer = await logs.query(...asked);
      return { ...answer, rows: redactor.json(answer.rows) };
    },
    savedQueries: (...asked) => logs.savedQueries(...asked),
  };
}

async function* redacted(events: AsyncIterable<LogEvent>, redactor: Redactor): AsyncIterable<LogEvent> {
  for await (const event of events) {
    yield { ...event, message: redactor.text(event.message) };
  }
}
