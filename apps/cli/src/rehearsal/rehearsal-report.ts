import {
  type EnvironmentConfig,
  type Evidence,
  type RehearsalReport,
  type ReleaseReport,
  type SmokeResult,
  type StepKind,
  type StepResult,
  stepResultSchemas,
} from "@slipway/contracts";
import {
  fetchHttpClient,
  type InfrastructureResult,
  type ReleaseRecord,
  releases,
  runPhase,
  runSmokeTests,
  systemClock,
} from "@slipway/release-engine";
import type { OpenRelease } from "../release/open-release.ts";
import type { Rehearsal } from "./rehearse-environment.ts";

/** What a rehearsal is reported from. */
export interface RehearsedRelease {
  readonly open: OpenRelease;
  readonly release: ReleaseReport;
  readonly bootstrap: InfrastructureResult;
  readonly roles: Readonly<Record<string, string>>;
  /** On `performance`'s clock. */
  readonly startedAt: number;
}

/**
 * The report of a rehearsal whose environment is up, from the ledger; where nothing was to do, the smoke test is run once more.
 *
 * @returns undefined where the release did not come to its end
 */
export async function rehearsalReport(
  rehearsal: Rehearsal,
  { open, release, bootstrap, roles, startedAt }: RehearsedRelease,
): Promise<RehearsalReport | undefined> {
  const { environment: name, config, localAws, signal } = rehearsal;
  const { outcome, apiUrl, functions } = release;
  const entries = await open.ledger.read(signal);
  const record = releases(entries).find(({ id }) => id === release.release);
  if ((outcome !== "live" && outcome !== "nothing-to-do") || record === undefined || apiUrl === undefined) {
    return undefined;
  }
  const isNew = outcome === "live";
  const { smoke: scenario } = config.environments[name] as EnvironmentConfig;
  const smoke = isNew
    ? resultOf(record, "smoke")?.smoke
    : await smokeAgain(rehearsal, () =>
        runSmokeTests({ http: fetchHttpClient, clock: systemClock }, apiUrl, scenario, { signal }),
      );
  const [first] = functions;
  if (smoke === undefined || first === undefined) {
    return undefined;
  }
  const counts = isNew ? resultOf(record, "infrastructure.apply")?.counts : undefined;
  const evidence = entries.flatMap(({ release: id, body }) =>
    id === record.id && body.type === "evidence" && body.step === "checklist" ? [body.evidence] : [],
  );
  const { immediate } = record.checkpoints;
  const released = functions.map(({ name: each, functionName, version, previousVersion, artifactSha256 }) => ({
    ...{ name: each, functionName, functionVersion: version, artifactSha256 },
    previousVersion: isNew ? previousVersion : version,
    changed: isNew && version !== previousVersion,
  }));
  const infrastructure = counts ?? { add: 0, change: 0, destroy: 0 };
  return {
    ...{ version: 1, label: "rehearsed on local AWS", environment: name, endpoint: localAws.endpoint, apiUrl },
    ...{
      functionVersion: first.version,
      artifactSha256: first.artifactSha256,
      functions: released,
      roles: { ...roles },
    },
    terraform: { bootstrap: bootstrap.counts, [name]: infrastructure },
    durationsMs: {
      bootstrap: bootstrap.durationsMs.total,
      [name]: isNew ? timeOf(record, /^infrastructure\./) : 0,
      build: isNew ? timeOf(record, /^code\.package/) : 0,
      code: isNew ? timeOf(record, /^(code\.(upload|publish|prove)|traffic)/) : 0,
      smoke: smoke.durationMs,
      total: Math.round(performance.now() - startedAt),
    },
    smoke,
    changed:
      bootstrap.changed ||
      (isNew && (resultOf(record, "infrastructure.apply")?.changed ?? false)) ||
      released.some(({ changed }) => changed),
    release: { id: record.id, isNew, source: record.plan.source },
    checklist: (evidence.at(-1) ?? []).filter(({ status }: Evidence) => status !== "pass"),
    ...(immediate === undefined
      ? {}
      : { checkpoint: { window: "immediate", verdict: immediate.verdict, at: immediate.at } }),
  };
}

async function smokeAgain({ progress }: Rehearsal, run: () => Promise<SmokeResult>): Promise<SmokeResult> {
  const { value } = await runPhase(
    { clock: systemClock, progress },
    { phase: "smoke", title: "test the API from outside" },
    async () => {
      const value = await run();
      const steps = [...value.steps, ...value.cleanup];
      const passed = steps.filter(({ outcome }) => outcome === "passed").length;
      return { value, summary: `${passed} of ${steps.length} steps passed` };
    },
  );
  return value;
}

function resultOf<K extends StepKind>({ steps }: ReleaseRecord, kind: K): StepResult<K> | undefined {
  const step = [...steps.values()].find((each) => each.kind === kind);
  return stepResultSchemas[kind].safeParse(step?.result).data as StepResult<K> | undefined;
}

function timeOf({ steps }: ReleaseRecord, kinds: RegExp): number {
  const times = [...steps.values()].filter(({ kind }) => kinds.test(kind)).map(({ durationMs = 0 }) => durationMs);
  return times.reduce((sum, time) => sum + time, 0);
}
