import { errorFingerprint, type TimeWindow } from "@slipway/analysis";
import type { LogEvent, LogsReader } from "../ports/logs.ts";

/** Lines that are read for one look: enough to say that there are many, and few enough to read them every minute. */
const MOST_LINES = 20_000;

/** Which errors a version has logged, and for how many of its calls. */
export interface LoggedErrors {
  /** Times of the calls that logged an error, one for each, oldest first. */
  readonly times: readonly number[];
  /** How often each error was logged, by its fingerprint. */
  readonly kinds: ReadonlyMap<string, number>;
}

interface Found {
  readonly times: number[];
  readonly kinds: Map<string, number>;
  readonly requests: Set<string>;
}

/**
 * The errors in a function's log, by the version that logged them, which Lambda writes into the name of the stream. It is read once, on
 * and on, as the canary goes on.
 *
 * What is counted is calls, not lines: one that fails can log a hundred of them. Lines that name no request count once a second and
 * instance.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
 */
export class ErrorLog {
  readonly #logs: LogsReader;
  readonly #question: { readonly groups: readonly string[]; readonly filter: string };
  readonly #functionName: string;
  readonly #versions = new Map<string, Found>();
  #until: number;

  constructor(
    logs: LogsReader,
    { functionName, groups, filter }: { functionName: string; groups: readonly string[]; filter: string },
    from: number,
  ) {
    this.#logs = logs;
    this.#question = { groups: [...new Set(groups)], filter };
    this.#functionName = functionName;
    this.#until = from;
  }

  /**
   * Reads on to a time.
   *
   * @returns up to when it was read: earlier where there were too many lines, which then say enough
   * @throws {ReleaseError} when it cannot be read
   */
  async readUntil(to: number, signal?: AbortSignal): Promise<number> {
    if (to <= this.#until) {
      return to;
    }
    const window: TimeWindow = { from: this.#until, to };
    const lines: { event: LogEvent; version: string; kind: string }[] = [];
    let read = 0;
    let until = to;
    for await (const event of this.#logs.events(this.#question, window, signal)) {
      if (read === MOST_LINES) {
        until = event.at;
        break;
      }
      read += 1;
      const version = versionOf(event.stream, this.#functionName);
      const kind = version === undefined ? undefined : errorFingerprint(event.message)?.id;
      if (version !== undefined && kind !== undefined) {
        lines.push({ event, version, kind });
      }
    }
    // Only when all was read: a reading that broke off is begun again.
    for (const { event, version, kind } of lines.filter((line) => line.event.at < until)) {
      this.#add(event, version, kind);
    }
    this.#until = until;
    return until;
  }

  of(version: string): LoggedErrors {
    return this.#versions.get(version) ?? { times: [], kinds: new Map() };
  }

  #add(event: LogEvent, version: string, kind: string): void {
    const found: Found = this.#versions.get(version) ?? { times: [], kinds: new Map(), requests: new Set() };
    this.#versions.set(version, found);
    found.kinds.set(kind, (found.kinds.get(kind) ?? 0) + 1);
    const request = requestOf(event);
    if (!found.requests.has(request)) {
      found.requests.add(request);
      found.times.push(event.at);
    }
  }
}

/** `2026/11/28/[13]0a1b2c...`; with a log group of one's own `2026/11/28/orders-prod[13]0a1b2c...`. */
function versionOf(stream: string, functionName: string): string | undefined {
  const [, name, version] = /([^/[\]]*)\[(\d+|\$LATEST)\][^/]*$/.exec(stream) ?? [];
  return name === "" || name === functionName ? version : undefined;
}

/** As functions log it, in text and in JSON: `RequestId: 0a...`, `2026-...Z\t0a...\tERROR\t...`, `"requestId": "0a..."`. */
const REQUEST = /(?:"(?:aws_?)?request_?id"\s*:\s*"|\brequest_?id[:=]\s*|^\d{4}-\d\d-\d\dT[\d:.]+Z\t)([\da-f-]{16,})/i;

function requestOf({ message, stream, at }: LogEvent): string {
  return REQUEST.exec(message)?.[1] ?? `${stream} ${Math.floor(at / 1000)}`;
}
