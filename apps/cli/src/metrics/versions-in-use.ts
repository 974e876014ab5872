import {
  type FunctionReader,
  type MetricsReader,
  type MonitoredFunction,
  ReleaseError,
  type VersionsInUse,
} from "@slipway/release-engine";

/**
 * Versions that an alias points to now, or that have answered through it within two weeks, the newest first. Both are asked, because
 * CloudWatch lists a metric only some minutes after its first value.
 *
 * @throws ReleaseError when Lambda or CloudWatch cannot be asked
 */
export async function versionsInUse(
  functions: readonly MonitoredFunction[],
  lambda: Pick<FunctionReader, "readAlias">,
  metrics: MetricsReader,
  signal: AbortSignal,
): Promise<readonly VersionsInUse[]> {
  const pairs = functions.flatMap(({ name, aliases }) => aliases.map((alias) => ({ functionName: name, alias })));
  return Promise.all(
    pairs.map(async ({ functionName, alias }) => {
      const [now, listed] = await Promise.all([
        currentVersions(lambda, functionName, alias),
        metrics.list("AWS/Lambda", { FunctionName: functionName, Resource: `${functionName}:${alias}` }, signal),
      ]);
      const before = listed.flatMap(({ dimensions }) => dimensions.ExecutedVersion ?? []);
      const versions = [...new Set([...now, ...before])].toSorted((left, right) => Number(right) - Number(left));
      return { functionName, alias, versions };
    }),
  );
}

async function currentVersions(
  lambda: Pick<FunctionReader, "readAlias">,
  functionName: string,
  alias: string,
): Promise<readonly string[]> {
  try {
    const { version, weights } = await lambda.readAlias(functionName, alias);
    return [version, ...Object.keys(weights)];
  } catch (error) {
    // The state may have one that is gone: its metrics are there nevertheless.
    if (error instanceof ReleaseError && error.kind === "not-found") {
      return [];
    }
    throw error;
  }
}
