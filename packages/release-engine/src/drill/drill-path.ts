import type { Evidence } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type { DrillGround } from "../ports/drill-stage.ts";

/** What came of rehearsing a path. */
export interface DrillFinding {
  readonly status: Extract<Evidence["status"], "pass" | "fail" | "unknown">;
  /** With the times and counts that were measured. */
  readonly found: string;
  readonly next?: string;
}

/** What a path has to work with. */
export interface DrillTools {
  readonly ground: DrillGround;
  /** Measures. */
  readonly clock: Clock;
}

/** One way back that is rehearsed before it is needed. */
export interface DrillPath {
  /** Last part of its check's id, `drill.NAME`, and the word for `--only`. */
  readonly name: string;
  /** What has to hold, as a sentence can begin with it. */
  readonly title: string;
  /** `earlier-release`: it leads to one, so that it cannot be rehearsed without. */
  readonly needs: "earlier-release" | "nothing";
  /**
   * Rehearses it, by commands alone.
   *
   * @throws {DrillFailure} when one of them came to something else than it has to
   */
  rehearse(tools: DrillTools): Promise<DrillFinding>;
}

/** `drill.code`. */
export function drillCheckId({ name }: Pick<DrillPath, "name">): string {
  return `drill.${name}`;
}
