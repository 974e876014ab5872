import { GitSourceRepository } from "@slipway/aws";
import type { DrillReport, EnvironmentConfig, SlipwayConfig, SourceRevision } from "@slipway/contracts";
import {
  createRedactor,
  DRILL_STEP,
  type DrillPath,
  type DrillSubject,
  drillSubject,
  learnEnvironment,
  type Progress,
  redactedProgress,
  releases,
  runDrill,
  systemClock,
  verdictOf,
} from "@slipway/release-engine";
import { openEnvironmentLedger } from "../release/open-ledger.ts";
import { thisActor } from "../release/this-actor.ts";
import type { TargetAws } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";
import { enterDrillPlace } from "./drill-place.ts";
import { type DrillStage, type DrillStagePlace, openDrillStage } from "./open-drill-stage.ts";

/** What is drilled. */
export interface DrillRequest {
  /** Absolute path of the folder with slipway.config.ts. */
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  /** Whose live release is gone back to, and whose ledger gets the proof; nothing else of it is touched. */
  readonly target: TargetAws;
  readonly paths: readonly DrillPath[];
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Whether what the drill has made stays. */
  readonly keep: boolean;
}

const DAY_MS = 86_400_000;

/**
 * Rehearses the ways back of an environment, and writes down what came of it. The ledger is read before anything is done, so that whoever
 * may not read it need not wait to be told so.
 *
 * @param openStage makes the ground; on a local AWS of the drill's own, unless given
 * @throws UserError when there is no git repository, or another drill runs
 * @throws ReleaseError when the ledger cannot be read or written; `interrupted` when asked to stop: then nothing is written
 */
export async function drillEnvironment(
  request: DrillRequest,
  openStage: (given: DrillStagePlace) => Promise<DrillStage> = openDrillStage,
): Promise<DrillReport> {
  const startedAt = performance.now();
  const { repository, config, environment: name, target, env, signal, keep } = request;
  const environment = config.environments[name] as EnvironmentConfig;
  const redactor = createRedactor();
  learnEnvironment(redactor, env);
  const opened = await openEnvironmentLedger({ config, environment: name, target, env, signal, redactor });
  try {
    const source = new GitSourceRepository(repository, env);
    const subject = drillSubject(
      name,
      environment,
      releases(await opened.ledger.read(signal)),
      await source.revision(signal),
    );
    const { inputs } = subject;
    if (inputs === undefined) {
      throw new UserError(
        `${repository} is no git repository, so nobody could tell later which files a drill was of. git init, and commit them.`,
      );
    }
    const place = await enterDrillPlace(repository, env);
    let drill: DrillStage | undefined;
    try {
      const progress = redactedProgress(request.progress, redactor);
      drill = await openStage({ ...request, progress, subject, place });
      const ports = { clock: opened.clock, systemClock, progress, redactor };
      const { testedWithinDays } = environment.release.checklist.recovery;
      const evidence = await runDrill(ports, drill.stage, {
        ...{ environment: name, paths: request.paths, subject, signal, flags: target.flags },
        lifetimeMs: testedWithinDays * DAY_MS,
      });
      assertSame(subject, await source.revision(signal));
      const by = await thisActor({ repository, env, principal: opened.principal });
      const entry = await opened.ledger.append({
        ...{ by, release: null, body: { type: "evidence", step: DRILL_STEP, evidence } },
      });
      return {
        ...{ version: 1, label: "rehearsed on local AWS", environment: name, target: target.label },
        earlier: subject.earlier === undefined ? null : { ...subject.earlier },
        ...{ current: subject.current, inputs, verdict: verdictOf(evidence), evidence, entry: entry.sequence },
        ...(keep ? { kept: place.folder } : {}),
        durationMs: Math.round(performance.now() - startedAt),
      };
    } finally {
      await drill?.close();
      await place.leave({ keep });
    }
  } finally {
    opened.close();
  }
}

/** @throws UserError when files have changed meanwhile: nobody knows which of them the evidence is about */
function assertSame({ current }: DrillSubject, now: SourceRevision): void {
  if (now.tree !== current.tree) {
    throw new UserError(
      "Files were changed while they were rehearsed, so that the drill proves nothing, and nothing was written down. See git status, then type the same command again.",
    );
  }
}
