import type { Evidence, SignOff, ValidationReport, ValidationWindow } from "@slipway/contracts";
import type { CommandIo } from "../command.ts";
import type { loadEnvironment } from "../environment-config.ts";
import { parseMoment } from "../parse-time-range.ts";
import type { TargetAws } from "../target/target-aws.ts";
import { targetClock } from "../target/target-clock.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";
import { WindowEvidence } from "./window-evidence.ts";

/** What is asked for. */
export interface WindowRequest {
  readonly environment: string;
  readonly window: ValidationWindow;
  readonly target: TargetAws;
  /** Whether the immediate window compares with the configuration, too. */
  readonly plan: boolean;
  readonly smoke: boolean;
  /** As it was typed. */
  readonly releasedAt?: string;
  readonly signOff?: Omit<SignOff, "at">;
}

type Loaded = Awaited<ReturnType<typeof loadEnvironment>>;

/**
 * Validates a deployment for one of the guide's windows: looks at what is there, measures, and judges line by line.
 *
 * @throws UserError when nothing is deployed, or a flag cannot be read
 * @throws ReleaseError when the state cannot be read, or it is interrupted
 */
export async function validateWindow(
  request: WindowRequest,
  { repository, config }: Loaded,
  io: CommandIo,
): Promise<ValidationReport> {
  const { environment, window, target, plan, smoke, signOff } = request;
  const { env, signal } = io;
  const at = releasedAtOf(request, (await targetClock(target)).now());
  const progress = new ProgressPrinter(io);
  try {
    const port = new WindowEvidence({ repository, config, environment, target, env, progress });
    const { deployment, measurements } = await port.measureWindow({
      ...{ window, smoke, signal, drift: plan ? "compared" : "left-out" },
      ...(at === undefined ? {} : { released: { at, from: "--released-at" } }),
      ...(signOff === undefined ? {} : { signOff }),
    });
    const evidence = [...deployment, ...port.judge(measurements)];
    return {
      ...{ version: 1, environment, target: target.label, window },
      verdict: verdictOf(evidence),
      evidence,
      measurements,
    };
  } finally {
    progress.stop();
  }
}

/** @throws UserError when it cannot be read, or is yet to come */
function releasedAtOf({ releasedAt: text, target }: WindowRequest, now: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const releasedAt = parseMoment("--released-at", text, now);
  if (releasedAt > now) {
    const [given, clock] = [releasedAt, now].map((at) => `${new Date(at).toISOString().slice(0, 19)}Z`);
    throw new UserError(`--released-at: ${given} is yet to come: on ${target.label} it is ${clock}.`);
  }
  return releasedAt;
}

function verdictOf(evidence: readonly Evidence[]): ValidationReport["verdict"] {
  const has = (status: Evidence["status"]) => evidence.some((each) => each.status === status);
  return has("fail") ? "fail" : has("unknown") ? "unknown" : "pass";
}
