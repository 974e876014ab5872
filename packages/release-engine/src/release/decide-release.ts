import type { ReleasedFunction, SourceRevision } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import type { FunctionReader } from "../ports/functions.ts";

/** What is looked at; nothing is changed. They are asked in turn, the quickest first, and only as long as nothing differs. */
export interface DecideReleasePorts {
  readonly reader: FunctionReader;
  /** Builds and packages every function: the artifact's SHA-256 (hexadecimal) by the function's name in the configuration. */
  packageFunctions(): Promise<ReadonlyMap<string, string>>;
  /** Plans the infrastructure, and throws the plan away. */
  planInfrastructure(): Promise<{ readonly changed: boolean; readonly summary: string }>;
}

/** Whether there is anything to release, and why. */
export interface ReleaseDecision {
  readonly release: boolean;
  /** One line. */
  readonly because: string;
}

/**
 * Whether a release would change anything. It is decided before a release begins, so that "nothing to do" leaves no release behind,
 * with a checklist, approvals and checkpoints of nothing; what is found out here is not used again by the release, which looks for itself.
 *
 * There is nothing to do when all of this holds: the same files as the release that has the traffic (git's tree, where there is one);
 * each function's alias with all of its traffic on the version that the ledger says, under the function's present configuration; the same
 * artifact from a build made now; and no change in Terraform's plan. What could not be seen counts as a difference.
 *
 * @param current the release that has the traffic (`releaseWithTraffic`)
 * @throws {ReleaseError} when something cannot be looked at
 */
export async function decideRelease(
  ports: DecideReleasePorts,
  { current, source }: { readonly current: ReleaseRecord | undefined; readonly source: SourceRevision },
): Promise<ReleaseDecision> {
  if (current === undefined) {
    return { release: true, because: "nothing has been released before" };
  }
  const { id, plan, functions } = current;
  if (plan.source.tree !== source.tree) {
    return { release: true, because: `the files differ from those of ${id}` };
  }
  for (const each of functions) {
    const difference = await lookAtFunction(ports.reader, each);
    if (difference !== undefined) {
      return { release: true, because: difference };
    }
  }
  const artifacts = await ports.packageFunctions();
  const recorded = new Map(functions.map(({ name, artifactSha256 }) => [name, artifactSha256]));
  for (const name of new Set([...artifacts.keys(), ...recorded.keys()])) {
    if (artifacts.get(name) !== recorded.get(name)) {
      return { release: true, because: `the code of ${name} is not that of ${id}` };
    }
  }
  const infrastructure = await ports.planInfrastructure();
  return infrastructure.changed
    ? { release: true, because: `the infrastructure changes: ${infrastructure.summary}` }
    : { release: false, because: `${id} runs exactly this, and the infrastructure is as planned` };
}

/** What is not as the ledger says; undefined when all of it is. */
async function lookAtFunction(
  reader: FunctionReader,
  { name, functionName, alias, version }: ReleasedFunction,
): Promise<string | undefined> {
  const [pointer, released, latest] = await Promise.all([
    reader.readAlias(functionName, alias),
    reader.readFunction(functionName, version),
    reader.readFunction(functionName),
  ]);
  if (pointer.version !== version || Object.keys(pointer.weights).length > 0) {
    return `${name}'s traffic does not all go to version ${version}`;
  }
  return released.configurationDigest === undefined || released.configurationDigest !== latest.configurationDigest
    ? `the configuration of ${name} is another one than that of version ${version}`
    : undefined;
}
