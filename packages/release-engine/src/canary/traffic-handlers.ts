import type { EnvironmentConfig } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionInvoker } from "../ports/function-invoker.ts";
import type { FunctionDeployer, FunctionReader } from "../ports/functions.ts";
import type { LogsReader } from "../ports/logs.ts";
import type { MetricsReader } from "../ports/metrics.ts";
import type { StepHandlers } from "../release/step-handler.ts";
import { judgeStep } from "./judge-step.ts";
import { promoteStep } from "./promote-step.ts";
import { restoreStep } from "./restore-step.ts";
import { returnStep } from "./return-step.ts";
import { shiftStep } from "./shift-step.ts";

/** What it takes to move the traffic of all functions together, and to judge the new versions meanwhile. */
export interface TrafficDeps {
  readonly environment: Pick<EnvironmentConfig, "functions" | "api" | "smoke" | "validation" | "release">;
  readonly reader: FunctionReader;
  /** Guarded: each call asserts first that the lease is held. */
  readonly deployer: FunctionDeployer;
  /** Guarded, too: what a version is asked may change data. */
  readonly invoker: FunctionInvoker;
  readonly metrics: MetricsReader;
  readonly logs: LogsReader;
  /** The target's: for holds, and the windows of metrics. */
  readonly clock: Clock;
  /** The machine's own: for bounded waits on AWS. */
  readonly systemClock: Clock;
  /** What commands to type next need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
}

/** The steps that move traffic, and `traffic.judge`. All functions of a release move together, or none. */
export function trafficHandlers(
  deps: TrafficDeps,
): Pick<StepHandlers, "traffic.shift" | "traffic.judge" | "traffic.promote" | "traffic.return" | "traffic.restore"> {
  return {
    "traffic.shift": shiftStep(deps),
    "traffic.judge": judgeStep(deps),
    "traffic.promote": promoteStep(deps),
    "traffic.return": returnStep(deps),
    "traffic.restore": restoreStep(deps),
  };
}
