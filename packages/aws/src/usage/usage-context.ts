import type { Measured, TimeWindow } from "@slipway/analysis";
import { ReleaseError } from "@slipway/release-engine";
import type { CallOptions, ScanContext } from "../inventory/scan-context.ts";
import { MetricReader } from "./metric-reader.ts";

/** What services call it when the resource that was asked for is not there. */
const NOT_FOUND = new Set([
  "AWS.SimpleQueueService.NonExistentQueue",
  "NoSuchBucket",
  "NotFound",
  "NotFoundException",
  "QueueDoesNotExist",
  "ResourceNotFoundException",
  "TableNotFoundException",
]);

/** What local AWS says of what it does not play; AWS never says it of these calls. */
const NOT_PLAYED = new Set(["NotImplemented", "UnknownOperationException"]);

/** What a call came to. */
export type Answer<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly why: string };

/** What all observers of one analysis share: AWS, the window, and a list of what could not be seen. */
export class UsageContext {
  readonly aws: ScanContext;
  readonly environment: string;
  readonly window: TimeWindow;
  readonly metrics: MetricReader;
  readonly gaps: string[] = [];
  readonly notes: string[] = [];

  constructor(aws: ScanContext, environment: string, window: TimeWindow) {
    this.aws = aws;
    this.environment = environment;
    this.window = window;
    this.metrics = new MetricReader(this);
  }

  /**
   * Asks AWS, and remembers a gap when it does not answer.
   *
   * @param action as IAM calls it
   * @param subject what it is about, for messages
   */
  async ask<T>(action: string, subject: string, send: (options: CallOptions) => Promise<T>): Promise<Answer<T>> {
    try {
      return { kind: "answer", value: await this.aws.call(action, subject, send) };
    } catch (error) {
      if (!(error instanceof ReleaseError)) {
        throw error;
      }
      const name = error.cause instanceof Error ? error.cause.name : "";
      if (NOT_FOUND.has(name)) {
        return { kind: "missing" };
      }
      if (NOT_PLAYED.has(name)) {
        return { kind: "failed", why: `${action} is not there: ${firstLine(error.why)}` };
      }
      const why = `${error.what}: ${firstLine(error.why)}`;
      if (error.kind === "interrupted") {
        throw error;
      }
      this.gaps.push(why);
      return { kind: "failed", why };
    }
  }

  /** A number out of an answer, or why there is none. */
  measure<T>(answer: Answer<T>, read: (value: T) => number | undefined, otherwise: string): Measured {
    if (answer.kind === "failed") {
      return { unknown: answer.why };
    }
    const value = answer.kind === "answer" ? read(answer.value) : undefined;
    return value === undefined ? { unknown: otherwise } : { value };
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? text;
}
