import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import { setAlias } from "./canary/set-alias.ts";
import { artifactKey } from "./code/artifact-key.ts";
import { type PublishedVersion, publishCode } from "./code/publish-code.ts";
import type { Artifact } from "./package-function.ts";
import type { ArtifactStore } from "./ports/artifact-store.ts";
import type { Clock } from "./ports/clock.ts";
import type { FunctionDeployer, FunctionReader } from "./ports/functions.ts";
import type { Progress } from "./ports/progress.ts";
import { runPhase } from "./run-phase.ts";

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

export interface CodeResult {
  functionVersion: string;
  /** The version behind the alias before; the same as `functionVersion` where nothing changed. */
  previousVersion: string;
  artifactSha256: string;
  changed: boolean;
  durationsMs: { publish: number; alias: number; total: number };
}

/**
 * Takes an artifact to an alias at once: uploads it, makes a version of it, moves the alias. Without a canary, so for a rehearsal's
 * first release only.
 *
 * @throws {ReleaseError} `conflict` when somebody else changes the function or the alias meanwhile
 */
export async function releaseCode(ports: ReleaseCodePorts, options: ReleaseCodeOptions): Promise<CodeResult> {
  const { phase, functionName, alias, signal } = options;
  const startedAt = ports.clock.now();
  const published = await runPhase(
    ports,
    { phase: `${phase}.publish`, title: `publish ${functionName}` },
    async (line) => {
      const value = await uploadAndPublish(ports, options, line);
      return value.changed
        ? { value, summary: `version ${value.version}` }
        : { value, summary: `version ${value.version} has this code already`, outcome: "nothing-to-do" as const };
    },
  );
  const { version, previousVersion, changed } = published.value;

  let aliasMs = 0;
  if (changed) {
    assertNotInterrupted(signal, `before the alias ${alias} was moved`);
    const moved = await runPhase(ports, { phase: `${phase}.alias`, title: `move the alias ${alias}` }, async () => ({
      value: await setAlias(ports, { functionName, alias, version, mine: [previousVersion, version] }),
      summary: `version ${previousVersion} -> version ${version}`,
    }));
    aliasMs = moved.durationMs;
  }
  return {
    functionVersion: version,
    previousVersion,
    artifactSha256: options.artifact.sha256,
    changed,
    durationsMs: { publish: published.durationMs, alias: aliasMs, total: ports.clock.now() - startedAt },
  };
}

async function uploadAndPublish(
  ports: ReleaseCodePorts,
  options: ReleaseCodeOptions,
  line: (text: string) => void,
): Promise<PublishedVersion> {
  const { functionName, bucket, artifact, alias, timeoutMs, signal } = options;
  const { bytes, sha256Base64 } = artifact;
  const key = artifactKey(functionName, artifact);
  const put = await ports.store.putOnce({ bucket, key, bytes, sha256Base64 });
  line(`${put === "stored" ? "uploaded" : "found"} s3://${bucket}/${key} (${bytes.length} bytes)`);
  return publishCode(ports, { functionName, alias, bucket, key, sha256Base64, timeoutMs, line, signal });
}
