import type { StartLiveTailResponseStream } from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../../core/aws-error.ts";
import type { Cancel, Clock } from "../../../core/clock.ts";
import type { LogLine } from "../../../core/ports.ts";
import { type FilterPattern, LogText } from "../filter-pattern/filter-pattern.ts";

/** What a session follows. */
export interface LiveTailScope {
  /** ARNs of the groups, by their names. */
  readonly groups: ReadonlyMap<string, string>;
  /** Streams that it is limited to; all without. */
  readonly logStreamNames: readonly string[] | undefined;
  readonly logStreamNamePrefixes: readonly string[] | undefined;
  readonly pattern: FilterPattern;
  readonly patternText: string | undefined;
  /** Id of the request that started it. */
  readonly requestId: string;
  readonly sessionId: string;
}

type Update = StartLiveTailResponseStream.SessionUpdateMember["sessionUpdate"];
type Result = NonNullable<Update["sessionResults"]>[number];

const UPDATE_MS = 1000;
const LONGEST_MS = 3 * 3600 * 1000;
const MAX_RESULTS = 500;
const MAX_UPDATES = 10;

/**
 * A live tail: every second of the clock an update with the events that came in and match, sampled down to 500.
 *
 * A client that reads too slowly loses the oldest updates once ten wait for it. After three hours it ends with
 * `SessionTimeoutException`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html
 */
export class LiveTailSession {
  readonly #clock: Clock;
  readonly #scope: LiveTailScope;
  readonly #onEnd: () => void;
  readonly #endsAt: number;
  readonly #updates: Update[] = [];
  /** A fair sample of what matched since the last update, with its place in it. */
  #sample: { readonly place: number; readonly result: Result }[] = [];
  #matched = 0;
  #cancel: Cancel;
  #end: "timeout" | "closed" | "gone" | undefined;
  #wake: () => void = () => {};

  /** @param onEnd - told once, however it ends */
  constructor(clock: Clock, scope: LiveTailScope, onEnd: () => void) {
    this.#clock = clock;
    this.#scope = scope;
    this.#onEnd = onEnd;
    this.#endsAt = clock.now() + LONGEST_MS;
    this.#cancel = this.#schedule(clock.now() + UPDATE_MS);
  }

  /** Takes events that have just been stored. */
  offer(group: string, stream: string, lines: readonly LogLine[], ingestionTime: number): void {
    const logGroupIdentifier = this.#scope.groups.get(group);
    if (logGroupIdentifier === undefined || !this.#follows(stream)) {
      return;
    }
    for (const { message, timestamp } of lines) {
      if (this.#scope.pattern.match(new LogText(message)) !== undefined) {
        this.#keep({ logGroupIdentifier, logStreamName: stream, message, timestamp, ingestionTime });
      }
    }
  }

  /** Ends it because local AWS stops, or exchanges its state. */
  close(): void {
    this.#finish("closed");
  }

  /**
   * What goes over the wire. Its `return` ends the session: the client has gone.
   *
   * @throws AwsError `SessionTimeoutException` or `SessionStreamingException`, as the last of its events
   */
  events(): AsyncIterable<StartLiveTailResponseStream> {
    let started = false;
    const next = async (): Promise<IteratorResult<StartLiveTailResponseStream>> => {
      if (!started) {
        started = true;
        return { done: false, value: { sessionStart: this.#sessionStart() } as StartLiveTailResponseStream };
      }
      while (this.#updates.length === 0 && this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      const sessionUpdate = this.#updates.shift();
      if (sessionUpdate !== undefined) {
        return { done: false, value: { sessionUpdate } as StartLiveTailResponseStream };
      }
      if (this.#end === "timeout") {
        throw new AwsError("SessionTimeoutException", "The Live Tail session has been open for three hours.");
      }
      if (this.#end === "closed") {
        throw new AwsError("SessionStreamingException", "Local AWS has ended this Live Tail session.");
      }
      return { done: true, value: undefined };
    };
    const end = async (): Promise<IteratorResult<StartLiveTailResponseStream>> => {
      this.#finish("gone");
      return { done: true, value: undefined };
    };
    return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
  }

  #sessionStart() {
    const { groups, logStreamNames = [], logStreamNamePrefixes = [], patternText, requestId, sessionId } = this.#scope;
    return {
      requestId,
      sessionId,
      logGroupIdentifiers: [...groups.values()],
      logStreamNames: [...logStreamNames],
      logStreamNamePrefixes: [...logStreamNamePrefixes],
      logEventFilterPattern: patternText ?? "",
    };
  }

  #follows(stream: string): boolean {
    const { logStreamNames, logStreamNamePrefixes } = this.#scope;
    return (
      (logStreamNames?.includes(stream) ?? true) &&
      (logStreamNamePrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true)
    );
  }

  /** Every match has the same chance to be in the sample (reservoir sampling), and the sample is all that is kept. */
  #keep(result: Result): void {
    const place = this.#matched++;
    if (this.#sample.length < MAX_RESULTS) {
      this.#sample.push({ place, result });
      return;
    }
    const chosen = Math.floor(Math.random() * this.#matched);
    if (chosen < MAX_RESULTS) {
      this.#sample[chosen] = { place, result };
    }
  }

  #schedule(at: number): Cancel {
    return this.#clock.schedule(at, () => {
      this.#updates.push(this.#takeUpdate());
      if (this.#updates.length > MAX_UPDATES) {
        this.#updates.shift();
      }
      if (at >= this.#endsAt) {
        this.#finish("timeout");
        return;
      }
      this.#cancel = this.#schedule(at + UPDATE_MS);
      this.#wake();
    });
  }

  #takeUpdate(): Update {
    const sampled = this.#matched > MAX_RESULTS;
    const sample = sampled ? this.#sample.sort((left, right) => left.place - right.place) : this.#sample;
    this.#sample = [];
    this.#matched = 0;
    return { sessionMetadata: { sampled }, sessionResults: sample.map(({ result }) => result) };
  }

  #finish(how: "timeout" | "closed" | "gone"): void {
    if (this.#end !== undefined) {
      return;
    }
    this.#end = how;
    this.#cancel();
    this.#onEnd();
    this.#wake();
  }
}
