import { join } from "node:path";
import { buildFunction } from "@slipway/aws";
import type { EnvironmentConfig, RehearsalReport, ReleaseReport, SlipwayConfig } from "@slipway/contracts";
import type { Health } from "@slipway/local-aws";
import { assertNotInterrupted, type Progress, putBack, releases, unfinishedRelease } from "@slipway/release-engine";
import type { SetupRecord } from "../../../../scripts/setup/setup-record.mjs";
import type { CommandIo } from "../command.ts";
import { BuildAhead } from "../release/build-ahead.ts";
import { type DeployRequest, deployRelease, withLease } from "../release/deploy-release.ts";
import { type OpenRelease, openRelease } from "../release/open-release.ts";
import { runDeployment } from "../release/run-deployment.ts";
import { thisActor } from "../release/this-actor.ts";
import { targetAws } from "../target/target-aws.ts";
import { applyBootstrap } from "./apply-bootstrap.ts";
import { openIdentities } from "./identities.ts";
import { rehearsalReport } from "./rehearsal-report.ts";

/** What a rehearsal needs to know. */
export interface Rehearsal {
  /** The repository that is rehearsed, with its slipway.config.ts. */
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly localAws: Health;
  readonly setup: SetupRecord;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Where it is said how to stop, and what went wrong. */
  readonly stderr: CommandIo["stderr"];
}

/** What came of it. */
export interface Rehearsed {
  readonly release: ReleaseReport;
  /** Where the environment is up. */
  readonly report?: RehearsalReport;
}

/**
 * Takes an environment to production on local AWS: the bootstrap, then a release through the same engine as on AWS, whose waits are passed
 * over with the smoke test's requests meanwhile. The functions are built while Terraform waits for AWS. Everything that is there already is
 * left as it is, and where nothing would change there is no release.
 *
 * @throws ReleaseError when the bootstrap cannot be applied, or no release can be begun
 */
export async function rehearseEnvironment(rehearsal: Rehearsal): Promise<Rehearsed> {
  const startedAt = performance.now();
  const { repository, config, environment: name, localAws, env, progress, signal, stderr } = rehearsal;
  const environment = config.environments[name] as EnvironmentConfig;
  const identities = await openIdentities(rehearsal);
  const builder = new BuildAhead({
    build: ({ directory, ...build }) => buildFunction({ ...build, cwd: directory, env }),
  });
  let open: OpenRelease | undefined;
  try {
    for (const { build, directory } of environment.functions) {
      builder.begin({ argv: build, directory: join(repository, directory) });
    }
    const bootstrap = await applyBootstrap(rehearsal, identities);
    assertNotInterrupted(signal, `before a release of ${name} was begun`);
    const port = new URL(localAws.endpoint).port;
    const target = await targetAws({ port }, { env }, localAws.region);
    open = await openRelease({
      ...{ repository, config, environment: name, target, env, progress, signal, identities, builder },
      ...{ isLocked: true, isRehearsal: true, fastForward: true },
    });
    const request: Omit<DeployRequest, "onHeld"> = {
      ...{ name, command: `slipway rehearse ${name}`, waitFor: "immediate", waivers: [], signal, flags: target.flags },
      actor: await thisActor({ repository, env, principal: open.principal }),
    };
    await clearAway(open, request);
    const opened = open;
    const reported = (apiUrl?: string) => ({
      ...{ command: "deploy" as const, environment: name, target, durationMs: performance.now() - startedAt },
      ...(apiUrl === undefined ? {} : { apiUrl }),
    });
    const release = await runDeployment({ open, target, reported }, { signal, stderr }, name, (onHeld) =>
      deployRelease(opened, { ...request, onHeld }),
    );
    const report = await rehearsalReport(rehearsal, { open, release, bootstrap, roles: identities.used, startedAt });
    return { release, ...(report === undefined ? {} : { report }) };
  } finally {
    open?.close();
    await builder.close();
  }
}

/** A rehearsal begins anew where an earlier one of other files was broken off: nobody but the rehearsal depends on what that has left. */
async function clearAway(open: OpenRelease, request: Omit<DeployRequest, "onHeld">): Promise<void> {
  const { name, signal } = request;
  const unfinished = unfinishedRelease(releases(await open.ledger.read(signal)));
  if (unfinished === undefined) {
    return;
  }
  const { commit, tree } = await open.source.revision(signal);
  if (unfinished.plan.source.commit === commit && unfinished.plan.source.tree === tree) {
    return;
  }
  const reason = `${request.actor.name}: a rehearsal of other files takes its place`;
  await withLease(open, { ...request, onHeld: () => {} }, async (held) => {
    await putBack(open.ports, { held, release: unfinished.id, handlers: open.handlers(held), reason });
    await open.removePlans();
  });
  open.ports.progress.report({ type: "phase-line", phase: name, text: `${unfinished.id} was put back` });
}
