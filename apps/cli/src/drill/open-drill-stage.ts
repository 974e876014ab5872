import { join } from "node:path";
import { openCommitWorktree, ProcessCommandRunner } from "@slipway/aws";
import type { EnvironmentConfig, RehearsalReport, SlipwayConfig } from "@slipway/contracts";
import { type LocalAws, startLocalAws } from "@slipway/local-aws";
import {
  assertNotInterrupted,
  type ClosedStage,
  type DrillSubject,
  loadConfig,
  type OpenedStage,
  type Progress,
  ReleaseError,
  runPhase,
  systemClock,
} from "@slipway/release-engine";
import { drillEnv } from "./drill-env.ts";
import type { DrillPlace } from "./drill-place.ts";
import { localDrillGround } from "./local-drill-ground.ts";
import { typeRehearsal } from "./type-rehearsal.ts";

/** What is drilled, and where. */
export interface DrillStagePlace {
  /** Absolute path of the folder with slipway.config.ts. */
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly subject: DrillSubject;
  readonly place: DrillPlace;
}

/** The ground of a drill, ready or not. */
export interface DrillStage {
  readonly stage: OpenedStage | ClosedStage;
  /** Ends its local AWS. */
  close(): Promise<void>;
}

const MOMENT = "both-released";

/**
 * Makes the ground of a drill: a local AWS of its own, on which the earlier release was released from its own commit, and what is checked out
 * after it; each by `slipway rehearse`, with the real configuration and the real Terraform. Nobody but the drill knows of it: nothing is
 * told to people, and no other local AWS is touched.
 *
 * @throws ReleaseError `interrupted` when asked to stop
 */
export async function openDrillStage(given: DrillStagePlace): Promise<DrillStage> {
  const { config, environment: name, env, place } = given;
  const environment = config.environments[name] as EnvironmentConfig;
  const localAws = await startLocalAws({ port: 0, dataDir: place.dataDir, region: config.region });
  const drill: Drill = {
    ...given,
    env: drillEnv(env, [config]),
    port: localAws.port,
    install: environment.release.drill.install,
  };
  place.startedAt(localAws.endpoint);
  const close = () => localAws.stop();
  try {
    const earlier = await releaseEarlier(drill, localAws);
    return { stage: await releaseCurrent(drill, localAws, earlier), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the steps work with. */
interface Drill extends DrillStagePlace {
  readonly port: number;
  readonly install: readonly string[];
}

/** The earlier release: where its files are, or why it is not there; neither where there is none. */
interface EarlierReleased {
  readonly earlierFiles?: string;
  readonly withoutEarlier?: string;
}

async function releaseEarlier(drill: Drill, localAws: LocalAws): Promise<EarlierReleased> {
  const { subject, signal } = drill;
  if (subject.earlier === undefined) {
    return {};
  }
  const { release, source } = subject.earlier;
  if (source.commit === null || source.dirty) {
    return {
      withoutEarlier: `${release} was released with changes that no commit has, so that nobody can check it out`,
    };
  }
  try {
    const { directory, env } = await checkOutEarlier(drill, source.commit);
    await releaseFrom({ ...drill, env }, directory, `release ${release} (${source.commit.slice(0, 12)}) first`);
    return { earlierFiles: directory };
  } catch (error) {
    assertNotInterrupted(signal, `while ${release} was released for the drill`);
    if (!(error instanceof ReleaseError)) {
      throw error;
    }
    // What it has left behind would be in the way of the other.
    await localAws.reset();
    return { withoutEarlier: `${error.what}: ${error.why}` };
  }
}

/** @returns where its files are, and the variables that its commands get */
async function checkOutEarlier(
  drill: Drill,
  commit: string,
): Promise<{ readonly directory: string; readonly env: NodeJS.ProcessEnv }> {
  const { repository, config, environment: name, env, signal, progress, place, install } = drill;
  const { value } = await runPhase(
    { clock: systemClock, progress },
    { phase: "drill.install", title: `install ${commit.slice(0, 12)} beside` },
    async (line) => {
      const worktree = { repository, env, signal, folder: place.worktree, packages: "none" } as const;
      const { directory, takeVariables } = await openCommitWorktree(worktree, commit);
      const { code, tail } = await new ProcessCommandRunner(directory, env).run(install, { onLine: line, signal });
      if (code !== 0) {
        throw new ReleaseError({
          ...{ kind: "failed", what: `${install.join(" ")} ended with ${code} in ${commit.slice(0, 12)}` },
          why: tail.trim().split("\n").slice(-3).join("\n") || "it said nothing",
          next: "see release.drill.install in slipway.config.ts",
        });
      }
      const then = await loadConfig(join(directory, "slipway.config.ts"), { takesAnyWaiver: true });
      const root = ({ environments }: SlipwayConfig) => environments[name]?.terraform.directory;
      const to = root(then);
      if (to !== undefined) {
        // As a rollback of the infrastructure takes them.
        const taken = await takeVariables(root(config) ?? "", to);
        if (taken.length > 0) {
          line(`values that git does not have come from the checkout: ${taken.join(", ")}`);
        }
      }
      return { value: { directory, env: drillEnv(env, [config, then]) } };
    },
  );
  return value;
}

async function releaseCurrent(
  drill: Drill,
  localAws: LocalAws,
  { earlierFiles, withoutEarlier }: EarlierReleased,
): Promise<OpenedStage | ClosedStage> {
  const { repository, signal, environment } = drill;
  let report: RehearsalReport;
  try {
    report = await releaseFrom(drill, repository, "release what is checked out");
  } catch (error) {
    assertNotInterrupted(signal, "while what is checked out was released for the drill");
    if (!(error instanceof ReleaseError)) {
      throw error;
    }
    const found = `what is checked out could not be released on local AWS, so that nothing could be gone back from: ${error.what}: ${error.why}`;
    return { closed: { found, next: `slipway rehearse ${environment}` } };
  }
  const ground = await localDrillGround({
    ...{ ...drill, apiUrl: report.apiUrl },
    ...(earlierFiles === undefined ? {} : { earlierFiles }),
  });
  await localAws.saveSnapshot(MOMENT);
  return {
    ...{ ground, rewind: () => localAws.restoreSnapshot(MOMENT) },
    ...(withoutEarlier === undefined ? {} : { withoutEarlier }),
  };
}

function releaseFrom(drill: Drill, directory: string, title: string): Promise<RehearsalReport> {
  const { environment, progress, env, port, signal } = drill;
  return typeRehearsal({ directory, env, port, signal }, { environment, progress, phase: "drill.release", title });
}
