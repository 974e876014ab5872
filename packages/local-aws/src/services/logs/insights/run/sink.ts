import type { SampleRoom } from "../aggregates/aggregate.ts";
import type { Row } from "../discovery/row.ts";

/** Takes rows, one after the other. */
export interface Sink {
  push(row: Row): void;
  /** No more rows come. */
  end(): void;
}

/** What the stages of one run share. */
export interface Run {
  /** Events that have passed all filters before they were counted, sorted or cut off. */
  matched: number;
  /** Set when nobody needs more rows. */
  isEnough: boolean;
  readonly room: SampleRoom;
}

/** Makes a stage that hands its rows to the next. */
export type MakeStage = (next: Sink, run: Run) => Sink;
