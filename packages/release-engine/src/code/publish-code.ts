import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { Clock } from "../ports/clock.ts";
import type { AliasState, FunctionDeployer, FunctionReader, FunctionState } from "../ports/functions.ts";
import { aliasAtLatest } from "../release/alias-at-latest.ts";
import { ReleaseError } from "../release-error.ts";
import { waitUntil } from "../wait-until.ts";

export interface PublishPorts {
  readonly reader: FunctionReader;
  readonly deployer: FunctionDeployer;
  readonly clock: Clock;
}

export interface PublishRequest {
  readonly functionName: string;
  readonly alias: string;
  /** Where the artifact is. */
  readonly bucket: string;
  readonly key: string;
  /** Of the artifact: what Lambda calls `CodeSha256`. */
  readonly sha256Base64: string;
  /** How long Lambda may take for one change: 5 minutes. */
  readonly timeoutMs?: number;
  line(text: string): void;
  readonly signal?: AbortSignal;
}

/** A version that runs the wanted code and configuration. */
export interface PublishedVersion {
  readonly version: string;
  /** The version behind the alias; the same as `version` where nothing changed. */
  readonly previousVersion: string;
  /** Whether the alias has to be moved to the version. */
  readonly changed: boolean;
}

const DEFAULT_TIMEOUT_MS = 300_000;

/**
 * Takes an artifact that is in its bucket to a version: updates the function, publishes, and waits until the version can run. What only
 * Terraform has changed, such as a variable, makes a version, too.
 *
 *     look at the alias and at $LATEST, once no update goes on
 *     ├─ the alias' version has this code and configuration ── nothing to do
 *     ├─ $LATEST has other code ── update it, if it is as it was seen; look: is it ours?
 *     └─ publish: Lambda makes a version, or names the newest where nothing differs; look until it is active
 *
 * Killed anywhere, it comes to the same version the next time: the update is seen by its digest, and publishing again names what was
 * published.
 *
 * @throws {ReleaseError} `conflict` when somebody else changes the function meanwhile or the alias points at `$LATEST`, `busy` when the alias splits its traffic
 */
export async function publishCode(ports: PublishPorts, request: PublishRequest): Promise<PublishedVersion> {
  const { functionName, sha256Base64, signal, line } = request;
  const alias = await readWholeAlias(ports, request);
  const [current, latest] = await Promise.all([
    ports.reader.readFunction(functionName, alias.version),
    readSettled(ports, request),
  ]);
  if (isReleased(current, latest, sha256Base64)) {
    return { version: alias.version, previousVersion: alias.version, changed: false };
  }

  let settled = latest;
  if (latest.codeSha256 !== sha256Base64 || latest.lastUpdateStatus === "Failed") {
    assertNotInterrupted(signal, `before the code of ${functionName} was updated`);
    settled = await updateCode(ports, request, latest);
    line(`updated the code of ${functionName}`);
  }

  assertNotInterrupted(signal, `before a version of ${functionName} was published`);
  const published = await ports.deployer.publishVersion({ functionName, codeSha256: sha256Base64 });
  const active = await waitUntil(ports.clock, {
    what: `the start of version ${published.version} of ${functionName}`,
    timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    look: () => ports.reader.readFunction(functionName, published.version),
    isOver: (seen) => isActive(seen, functionName),
    signal,
  });
  assertIsReleased(active, settled, request);
  line(`version ${published.version} of ${functionName} is active`);
  const { version } = published;
  return { version, previousVersion: alias.version, changed: version !== alias.version };
}

/** Updates `$LATEST`. An answer may have been lost, and a repeated call is a conflict with ourselves: look before giving up. */
async function updateCode(ports: PublishPorts, request: PublishRequest, latest: FunctionState): Promise<FunctionState> {
  const { functionName, bucket, key, sha256Base64 } = request;
  let failure: ReleaseError | undefined;
  try {
    await ports.deployer.updateCode({ functionName, bucket, key, revisionId: latest.revisionId });
  } catch (error) {
    if (!(error instanceof ReleaseError) || !mayHaveArrived(error)) {
      throw error;
    }
    failure = error;
  }
  const settled = await readSettled(ports, request);
  if (settled.lastUpdateStatus === "Failed") {
    throw failed(`The update of ${functionName} failed`, settled, functionName);
  }
  if (failure !== undefined && settled.codeSha256 !== sha256Base64) {
    throw settled.codeSha256 === latest.codeSha256 && failure.kind !== "conflict"
      ? failure
      : otherCode(`The function ${functionName} was changed by somebody else during the release`, settled, failure);
  }
  if (settled.codeSha256 !== sha256Base64) {
    throw otherCode(`${functionName} has other code than what was uploaded for it`, settled);
  }
  return settled;
}

/** What a call that was done can end with, when its answer was lost and the SDK has sent it again, or given up. */
function mayHaveArrived({ kind }: ReleaseError): boolean {
  return kind === "conflict" || kind === "busy" || kind === "unreachable" || kind === "failed";
}

/** Whether the alias' version already is what this release would make: the same code under the same configuration. */
function isReleased(current: FunctionState, latest: FunctionState, sha256Base64: string): boolean {
  return (
    current.state !== "Failed" &&
    latest.lastUpdateStatus === "Successful" &&
    current.codeSha256 === sha256Base64 &&
    current.configurationDigest !== undefined &&
    current.configurationDigest === latest.configurationDigest
  );
}

async function readWholeAlias({ reader }: PublishPorts, { functionName, alias }: PublishRequest): Promise<AliasState> {
  const state = await reader.readAlias(functionName, alias);
  if (state.version === "$LATEST") {
    throw aliasAtLatest(functionName, alias, "slipway rollback, which ends this release, and deploy again");
  }
  const [other] = Object.entries(state.weights);
  if (other !== undefined) {
    throw new ReleaseError({
      kind: "busy",
      what: `The alias ${alias} of ${functionName} splits its traffic`,
      why: `version ${other[0]} gets ${other[1] * 100} % beside version ${state.version}: a shift is going on, or was left behind`,
      next: `finish the shift, or end it: aws lambda update-alias --function-name ${functionName} --name ${alias} --routing-config '{"AdditionalVersionWeights": {}}'`,
    });
  }
  return state;
}

/** `$LATEST` once no update of it is going on, Terraform's included. */
function readSettled(
  { reader, clock }: PublishPorts,
  { functionName, timeoutMs = DEFAULT_TIMEOUT_MS, signal }: PublishRequest,
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

/** The version has the code that was uploaded, and the configuration that was looked at. */
function assertIsReleased(
  seen: FunctionState,
  { configurationDigest }: FunctionState,
  { functionName, sha256Base64 }: PublishRequest,
): void {
  const what = `Version ${seen.version} of ${functionName} is not what is released`;
  if (seen.codeSha256 !== sha256Base64) {
    throw otherCode(what, seen);
  }
  const digests = [seen.configurationDigest, configurationDigest];
  if (!digests.includes(undefined) && digests[0] !== digests[1]) {
    throw new ReleaseError({
      kind: "conflict",
      what,
      why: "its configuration is another than the function had a moment before: somebody changed it meanwhile",
      next: "find out who else deploys; when they are done, type the same command again",
    });
  }
}

function otherCode(what: string, { codeSha256, version }: FunctionState, cause?: unknown): ReleaseError {
  return new ReleaseError(
    {
      kind: "conflict",
      what,
      why: `the CodeSha256 of ${version} is ${codeSha256}, neither what was there before nor what is released`,
      next: "find out who else deploys or writes to the artifact bucket; when they are done, type the same command again",
    },
    { cause },
  );
}

function failed(
  what: string,
  { reason = "Lambda gives no reason" }: FunctionState,
  functionName: string,
): ReleaseError {
  const next = `aws lambda get-function-configuration --function-name ${functionName}`;
  return new ReleaseError({ kind: "failed", what, why: reason, next });
}
