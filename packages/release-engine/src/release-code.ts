import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import type { Artifact } from "./package-function.ts";
import type { ArtifactStore } from "./ports/artifact-store.ts";
import type { Clock } from "./ports/clock.ts";
import type { AliasState, FunctionDeployer, FunctionReader, FunctionState } from "./ports/functions.ts";
import type { Progress } from "./ports/progress.ts";
import { ReleaseError } from "./release-error.ts";
import { runPhase } from "./run-phase.ts";
import { waitUntil } from "./wait-until.ts";

export interface ReleaseCodePorts {
  store: ArtifactStore;
  reader: FunctionReader;
  deployer: FunctionDeployer;
  clock: Clock;
  progress: Progress;
}

export interface ReleaseCodeOptions {
  /** What phases are called by: `api-handler` makes `api-handler.publish`, `api-handler.alias`. */
  phase: string;
  functionName: string;
  alias: string;
  /** The bucket that artifacts are uploaded to. */
  bucket: string;
  artifact: Artifact;
  /** How long Lambda may take for one change. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** A version that runs the wanted code and configuration, and that nobody is sent to yet, unless `changed` is false. */
export interface PublishedVersion {
  version: string;
  /** The alias as it was looked at. */
  alias: AliasState;
  /** Whether the alias has to be moved to the version. */
  changed: boolean;
}

export interface CodeResult {
  functionVersion: string;
  /** The version behind the alias before; the same as `functionVersion` where nothing changed. */
  previousVersion: string;
  artifactSha256: string;
  changed: boolean;
  durationsMs: { publish: number; alias: number; total: number };
}

const defaultTimeoutMs = 300_000;

/**
 * Takes an artifact to an alias: uploads it once, updates the function, publishes a version, waits for it, moves the alias.
 *
 * Every step looks first, acts only if needed, and looks again: it can be repeated after any interruption, and is done
 * when the alias' version has this code and the function's present configuration.
 *
 * @throws {ReleaseError} `conflict` when somebody else changes the function or the alias meanwhile
 */
export async function releaseCode(ports: ReleaseCodePorts, options: ReleaseCodeOptions): Promise<CodeResult> {
  const { phase, alias, signal } = options;
  const startedAt = ports.clock.now();
  const published = await runPhase(
    ports,
    { phase: `${phase}.publish`, title: `publish ${options.functionName}` },
    async (line) => {
      const value = await publishCode(ports, options, line);
      return value.changed
        ? { value, summary: `version ${value.version}` }
        : { value, summary: `version ${value.version} has this code already`, outcome: "nothing-to-do" as const };
    },
  );
  const { version, alias: before, changed } = published.value;

  let aliasMs = 0;
  if (changed) {
    assertNotInterrupted(signal, `before the alias ${alias} was moved`);
    const moved = await runPhase(ports, { phase: `${phase}.alias`, title: `move the alias ${alias}` }, async () => ({
      value: await moveAlias(ports, options, published.value),
      summary: `version ${before.version} -> version ${version}`,
    }));
    aliasMs = moved.durationMs;
  }
  return {
    functionVersion: version,
    previousVersion: before.version,
    artifactSha256: options.artifact.sha256,
    changed,
    durationsMs: { publish: published.durationMs, alias: aliasMs, total: ports.clock.now() - startedAt },
  };
}

/** The key of an artifact: its digest, so that the same code is uploaded once and a key never changes its content. */
export function artifactKey(functionName: string, artifact: Pick<Artifact, "sha256">): string {
  return `functions/${functionName}/${artifact.sha256}.zip`;
}

async function publishCode(
  ports: ReleaseCodePorts,
  options: ReleaseCodeOptions,
  line: (text: string) => void,
): Promise<PublishedVersion> {
  const { functionName, bucket, artifact, signal } = options;
  const alias = await readWholeAlias(ports, options);
  const [current, latest] = await Promise.all([
    ports.reader.readFunction(functionName, alias.version),
    readSettled(ports, options),
  ]);
  if (isReleased(current, latest, artifact)) {
    return { version: alias.version, alias, changed: false };
  }

  const key = artifactKey(functionName, artifact);
  const { bytes, sha256Base64 } = artifact;
  const put = await ports.store.putOnce({ bucket, key, bytes, sha256Base64 });
  line(`${put === "stored" ? "uploaded" : "found"} s3://${bucket}/${key} (${bytes.length} bytes)`);

  if (latest.codeSha256 !== sha256Base64 || latest.lastUpdateStatus === "Failed") {
    assertNotInterrupted(signal, `before the code of ${functionName} was updated`);
    await updateCode(ports, options, latest, key);
    line(`updated the code of ${functionName}`);
  }

  assertNotInterrupted(signal, `before a version of ${functionName} was published`);
  const published = await ports.deployer.publishVersion({ functionName, codeSha256: sha256Base64 });
  const active = await waitUntil(ports.clock, {
    what: `the start of version ${published.version} of ${functionName}`,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    look: () => ports.reader.readFunction(functionName, published.version),
    isOver: (seen) => isActive(seen, functionName),
    signal,
  });
  assertCode(active, artifact, functionName);
  line(`version ${published.version} of ${functionName} is active`);
  return { version: published.version, alias, changed: published.version !== alias.version };
}

/** Updates `$LATEST`. Should an answer have been lost, the repeated call is a conflict with ourselves: look before giving up. */
async function updateCode(
  ports: ReleaseCodePorts,
  options: ReleaseCodeOptions,
  latest: FunctionState,
  key: string,
): Promise<void> {
  const { functionName, bucket, artifact } = options;
  let conflict: unknown;
  try {
    await ports.deployer.updateCode({ functionName, bucket, key, revisionId: latest.revisionId });
  } catch (error) {
    if (!(error instanceof ReleaseError) || (error.kind !== "conflict" && error.kind !== "busy")) {
      throw error;
    }
    conflict = error;
  }
  const settled = await readSettled(ports, options);
  if (settled.lastUpdateStatus === "Failed") {
    throw failed(`The update of ${functionName} failed`, settled, functionName);
  }
  if (conflict !== undefined && settled.codeSha256 !== artifact.sha256Base64) {
    throw new ReleaseError(
      {
        kind: "conflict",
        what: `The function ${functionName} was changed by somebody else during the release`,
        why: `its code is ${settled.codeSha256} now, neither what was there before nor what is released`,
        next: "find out who else deploys; when they are done, type the same command again",
      },
      { cause: conflict },
    );
  }
  assertCode(settled, artifact, functionName);
}

async function moveAlias(
  ports: ReleaseCodePorts,
  { functionName, alias }: ReleaseCodeOptions,
  { version, alias: before }: PublishedVersion,
): Promise<AliasState> {
  try {
    return await ports.deployer.moveAlias({ functionName, alias, version, revisionId: before.revisionId });
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.kind !== "conflict") {
      throw error;
    }
    // A lost answer and a repeated call look like a conflict: then the alias is where it should be.
    const now = await ports.reader.readAlias(functionName, alias);
    if (now.version === version && Object.keys(now.weights).length === 0) {
      return now;
    }
    throw new ReleaseError(
      {
        kind: "conflict",
        what: `The alias ${alias} of ${functionName} was moved by somebody else during the release`,
        why: `it was at version ${before.version}, is at version ${now.version} now, and should go to ${version}`,
        next: "find out who else deploys; when they are done, type the same command again",
      },
      { cause: error },
    );
  }
}

/** Whether the alias' version already is what this release would make: the same code under the same configuration. */
function isReleased(current: FunctionState, latest: FunctionState, artifact: Artifact): boolean {
  return (
    current.version !== "$LATEST" &&
    current.state !== "Failed" &&
    latest.lastUpdateStatus === "Successful" &&
    current.codeSha256 === artifact.sha256Base64 &&
    current.configurationDigest !== undefined &&
    current.configurationDigest === latest.configurationDigest
  );
}

async function readWholeAlias(
  { reader }: ReleaseCodePorts,
  { functionName, alias }: ReleaseCodeOptions,
): Promise<AliasState> {
  const state = await reader.readAlias(functionName, alias);
  const [other] = Object.entries(state.weights);
  if (other !== undefined) {
    throw new ReleaseError({
      kind: "busy",
      what: `The alias ${alias} of ${functionName} splits its traffic`,
      why: `version ${other[0]} gets ${other[1] * 100} % beside version ${state.version}: a shift is going on, or was left behind`,
      next: `finish the shift, or end it: aws lambda update-alias --function-name ${functionName} --name ${alias} --routing-config '{}'`,
    });
  }
  return state;
}

/** `$LATEST` once no update of it is going on, Terraform's included. */
function readSettled(
  { reader, clock }: ReleaseCodePorts,
  { functionName, timeoutMs = defaultTimeoutMs, signal }: ReleaseCodeOptions,
): Promise<FunctionState> {
  return waitUntil(clock, {
    what: `the update of ${functionName}`,
    timeoutMs,
    look: () => reader.readFunction(functionName),
    // An update that failed is over too: the next one repairs it.
    isOver: (seen) => seen.lastUpdateStatus !== "InProgress" && seen.state !== "Pending",
    signal,
  });
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
function isActive(seen: FunctionState, functionName: string): boolean {
  if (seen.state === "Failed") {
    throw failed(`Version ${seen.version} of ${functionName} cannot run`, seen, functionName);
  }
  // `Inactive` is a version that nobody called for weeks; Lambda wakes it up when it is called.
  return seen.state === "Active" || seen.state === "Inactive";
}

function failed(
  what: string,
  { reason = "Lambda gives no reason" }: FunctionState,
  functionName: string,
): ReleaseError {
  const next = `aws lambda get-function-configuration --function-name ${functionName}`;
  return new ReleaseError({ kind: "failed", what, why: reason, next });
}

function assertCode(seen: FunctionState, artifact: Artifact, functionName: string): void {
  if (seen.codeSha256 !== artifact.sha256Base64) {
    throw new ReleaseError({
      kind: "conflict",
      what: `Version ${seen.version} of ${functionName} has other code than what is released`,
      why: `its CodeSha256 is ${seen.codeSha256}, the artifact's is ${artifact.sha256Base64}`,
      next: "find out who else deploys or writes to the artifact bucket; then type the same command again",
    });
  }
}
