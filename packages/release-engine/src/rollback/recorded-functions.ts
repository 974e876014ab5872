import { type ReturnedFunction, stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** A version of a function, and the code that it has, as a release has left them in the ledger. */
export type RecordedFunction = Omit<ReturnedFunction, "from">;

/**
 * The functions of a release that was live, with all that it takes to send traffic to them again, or to publish their code once more.
 *
 * @returns names of functions in `missing` whose record is not complete, because another Slipway wrote it
 */
export function recordedFunctions(record: Pick<ReleaseRecord, "plan" | "steps" | "functions">): {
  readonly functions: readonly RecordedFunction[];
  readonly missing: readonly string[];
} {
  const functions: RecordedFunction[] = [];
  const missing: string[] = [];
  for (const { name, functionName, alias, version, artifactSha256 } of record.functions) {
    const artifact = artifactOf(record, name);
    if (artifact === undefined) {
      missing.push(name);
    } else {
      functions.push({ function: name, functionName, alias, version, artifactSha256, artifact });
    }
  }
  return { functions, missing };
}

function artifactOf(
  { plan, steps }: Pick<ReleaseRecord, "plan" | "steps">,
  name: string,
): RecordedFunction["artifact"] | undefined {
  // A rollback has taken the code of an earlier release, whatever it has published of it.
  const returned = plan.rollsBack?.functions.find((each) => each.function === name);
  if (returned !== undefined) {
    return returned.artifact;
  }
  const packaged = stepResultSchemas["code.package"].safeParse(steps.get(`code.package.${name}`)?.result).data;
  const uploaded = stepResultSchemas["code.upload"].safeParse(steps.get(`code.upload.${name}`)?.result).data;
  if (packaged === undefined || uploaded === undefined) {
    return undefined;
  }
  const { sha256Base64, bytes } = packaged;
  return { sha256Base64, bytes, ...uploaded };
}
