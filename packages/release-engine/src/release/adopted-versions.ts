import type { AdoptedVersion, FunctionConfig } from "@slipway/contracts";
import { hasPredecessor } from "@slipway/release-plan";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { outputText } from "../output-text.ts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionReader } from "../ports/functions.ts";
import type { MetricsReader } from "../ports/metrics.ts";
import type { TerraformState } from "../ports/terraform-states.ts";
import { ReleaseError } from "../release-error.ts";
import { aliasAtLatest } from "./alias-at-latest.ts";
import { isStepDone, stepResult } from "./step-result.ts";

/** What is looked at. */
export interface AdoptionPorts {
  /** The environment's state: it says what the functions are called. */
  state(signal?: AbortSignal): Promise<TerraformState | undefined>;
  readonly reader: Pick<FunctionReader, "readAlias">;
  readonly metrics: Pick<MetricsReader, "read">;
  /** The target's. */
  readonly clock: Pick<Clock, "now">;
}

const DAY_MS = 86_400_000;
/** Whoever is called less often than that has no traffic to be careful with. */
const LOOKED_AT_MS = 14 * DAY_MS;
const PERIOD_SECONDS = 86_400;

/**
 * The published versions that have traffic although no release of the ledger has made them: an environment that was deployed by hand until
 * now. A release is compared with them, and can be put back to them, as with those of a release.
 *
 * Terraform's placeholder is a published version, too. It is told from somebody's work by its traffic: it has none. One that an earlier first
 * release has found before it stays a placeholder, whoever has called it since.
 *
 * @param records the ledger's releases, none of which has the traffic
 * @throws {ReleaseError} `conflict` where an alias points at `$LATEST`; when it cannot be found out what is there
 */
export async function adoptedVersions(
  ports: AdoptionPorts,
  {
    functions,
    records,
    signal,
  }: { functions: readonly FunctionConfig[]; records: readonly ReleaseRecord[]; signal?: AbortSignal },
): Promise<AdoptedVersion[]> {
  const state = await ports.state(signal);
  if (state === undefined) {
    return [];
  }
  const found: AdoptedVersion[] = [];
  for (const { name, outputs } of functions) {
    const names = [state.outputs[outputs.functionName], state.outputs[outputs.alias]];
    if (names.includes(undefined)) {
      // It comes with this release.
      continue;
    }
    const functionName = outputText(state.outputs, outputs.functionName, `functions[${name}].outputs.functionName`);
    const alias = outputText(state.outputs, outputs.alias, `functions[${name}].outputs.alias`);
    const version = await versionOf(ports.reader, functionName, alias);
    if (version === "$LATEST") {
      // Publishing refuses it, too, for whoever moves it meanwhile: by then the infrastructure is applied.
      throw aliasAtLatest(functionName, alias, "type the same command again");
    }
    if (
      version !== undefined &&
      !isPlaceholder(records, name, version) &&
      (await hasTraffic(ports, functionName, alias, signal))
    ) {
      found.push({ function: name, functionName, alias, version });
    }
  }
  return found;
}

async function versionOf(
  reader: Pick<FunctionReader, "readAlias">,
  functionName: string,
  alias: string,
): Promise<string | undefined> {
  try {
    return (await reader.readAlias(functionName, alias)).version;
  } catch (error) {
    if (error instanceof ReleaseError && error.kind === "not-found") {
      return undefined;
    }
    throw error;
  }
}

/** Whether a release before which nothing ran has found a version there. */
function isPlaceholder(records: readonly ReleaseRecord[], name: string, version: string): boolean {
  return records.some((record) => {
    const id = `code.publish.${name}`;
    return (
      !hasPredecessor(record.plan) &&
      isStepDone(record, id) &&
      stepResult(record, "code.publish", id).previousVersion === version
    );
  });
}

/** What cannot be measured is taken for traffic: the careful way costs time only. */
async function hasTraffic(
  { metrics, clock }: AdoptionPorts,
  functionName: string,
  alias: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const dimensions = { FunctionName: functionName, Resource: `${functionName}:${alias}` };
  const metric = { namespace: "AWS/Lambda", name: "Invocations", dimensions };
  const to = clock.now();
  try {
    const window = { from: to - LOOKED_AT_MS, to };
    const series = await metrics.read([{ id: "calls", metric, statistic: "Sum" }], window, PERIOD_SECONDS, signal);
    return series.some(({ points }) => points.some(({ value }) => value > 0));
  } catch (error) {
    if (error instanceof ReleaseError && error.kind !== "interrupted") {
      return true;
    }
    throw error;
  }
}
