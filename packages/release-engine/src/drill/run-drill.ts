import type { Evidence } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { Clock } from "../ports/clock.ts";
import type { DrilledCommand, OpenedStage, TypedHow } from "../ports/drill-stage.ts";
import type { Progress } from "../ports/progress.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { runPhase } from "../run-phase.ts";
import { DrillFailure } from "./drill-failure.ts";
import { type DrillFinding, type DrillPath, drillCheckId } from "./drill-path.ts";
import type { DrillSubject } from "./drill-subject.ts";

export interface RunDrillPorts {
  /** The target's: dates the evidence, which the target's checklist judges. */
  readonly clock: Clock;
  /** Measures. */
  readonly systemClock: Clock;
  readonly progress: Progress;
  /** Evidence quotes what commands print. */
  readonly redactor: Redactor;
}

export interface RunDrillOptions {
  readonly environment: string;
  readonly paths: readonly DrillPath[];
  readonly subject: DrillSubject;
  /** How long the proof may be used. */
  readonly lifetimeMs: number;
  /** Flags that commands to type next must have, with a space before each. */
  readonly flags: string;
  readonly signal: AbortSignal;
}

/** The ground is not there: why. */
export interface ClosedStage {
  readonly closed: { readonly found: string; readonly next: string };
}

const LABEL = "rehearsed on local AWS";

/**
 * Rehearses each path, one after the other, all of them from the same ground: what one has left behind, or broken, the next does not see.
 *
 * @returns evidence, one for each path, in their order
 * @throws {ReleaseError} `interrupted` when asked to stop
 */
export async function runDrill(
  ports: RunDrillPorts,
  stage: OpenedStage | ClosedStage,
  options: RunDrillOptions,
): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  let isFresh = true;
  for (const path of options.paths) {
    assertNotInterrupted(options.signal, `before the drill's path ${path.name}`);
    if ("closed" in stage) {
      evidence.push(dated(path, { status: "unknown", ...stage.closed }, ports, options));
      continue;
    }
    const hindered = hindrance(path, stage, options);
    if (hindered !== undefined) {
      evidence.push(dated(path, hindered, ports, options));
      continue;
    }
    if (!isFresh) {
      await stage.rewind();
    }
    isFresh = false;
    evidence.push(await rehearse(path, stage, ports, options));
  }
  return evidence;
}

/** Why a path cannot be rehearsed at all. Not known is not passed. */
function hindrance(
  { needs }: DrillPath,
  stage: OpenedStage,
  { environment, subject, flags }: RunDrillOptions,
): DrillFinding | undefined {
  if (needs === "nothing" || stage.ground.earlier !== undefined) {
    return undefined;
  }
  return subject.earlier === undefined
    ? unknown(`${environment} has no earlier release that could be gone back to`)
    : unknown(
        `${subject.earlier.release} could not be released first: ${stage.withoutEarlier ?? "nobody says why"}`,
        `correct that, then slipway drill ${environment}${flags}`,
      );
}

async function rehearse(
  path: DrillPath,
  { ground }: OpenedStage,
  ports: RunDrillPorts,
  options: RunDrillOptions,
): Promise<Evidence> {
  const { systemClock, progress } = ports;
  const typed: DrilledCommand[] = [];
  const { value, durationMs } = await runPhase(
    { clock: systemClock, progress },
    { phase: `drill.${path.name}`, title: path.title },
    async (line) => {
      const watched = {
        ...ground,
        async slipway(words: readonly string[], how: TypedHow = {}) {
          line(`slipway ${words.join(" ")}`);
          const ran = await ground.slipway(words, { ...how, onLine: line });
          typed.push(ran);
          return ran;
        },
      };
      const finding = await judged(path, watched, ports, options);
      const [summary = ""] = finding.found.split("\n");
      const outcome = finding.status === "pass" ? "done" : "failed";
      return { value: finding, outcome, summary: ports.redactor.text(summary) };
    },
  );
  const command = typed.map((each) => each.command).join("\n");
  return { ...dated(path, value, ports, options), durationMs, ...(command === "" ? {} : { command }) };
}

async function judged(
  path: DrillPath,
  ground: OpenedStage["ground"],
  { systemClock }: RunDrillPorts,
  { environment, flags, signal }: RunDrillOptions,
): Promise<DrillFinding> {
  const next = `slipway drill ${environment}${flags} --only ${path.name} --keep`;
  try {
    const { found, ...finding } = await path.rehearse({ ground, clock: systemClock });
    return { ...finding, found: `${LABEL}: ${found}` };
  } catch (error) {
    assertNotInterrupted(signal, `in the drill's path ${path.name}`);
    if (error instanceof DrillFailure) {
      return { status: "fail", found: `${LABEL}: ${error.message}`, next };
    }
    // Not the path but its rehearsal went wrong: nobody knows whether it leads back.
    if (error instanceof ReleaseError) {
      return { status: "unknown", found: `${error.what}: ${error.why}`, next: error.next };
    }
    throw error;
  }
}

function unknown(found: string, next?: string): DrillFinding {
  return { status: "unknown", found, ...(next === undefined ? {} : { next }) };
}

function dated(
  path: DrillPath,
  finding: DrillFinding,
  { clock, redactor }: RunDrillPorts,
  { subject: { inputs }, lifetimeMs }: RunDrillOptions,
): Evidence {
  const now = clock.now();
  return redactor.json({
    ...{ check: drillCheckId(path), title: path.title, ...finding, at: new Date(now).toISOString() },
    ...(inputs === undefined ? {} : { inputs }),
    expires: new Date(now + lifetimeMs).toISOString(),
  });
}
