import { type StepResult, stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** A function that this release has published, as the ledger knows it. */
export interface PublishedFunction extends StepResult<"code.publish"> {
  /** By its name in the configuration. */
  readonly name: string;
  /** Versions that this release has had the alias at, or given a share to; any other was chosen by somebody else. */
  readonly mine: readonly string[];
}

/**
 * The functions that a release has published, in the order of its plan, and those that a rollback sends to earlier versions: from the
 * ledger, so that also a process that knows nothing else can put them back. A rollback's are put back to where they were before it, also
 * where it has published another version since.
 */
export function publishedFunctions({ plan, steps }: Pick<ReleaseRecord, "plan" | "steps">): PublishedFunction[] {
  const published = ownVersions({ plan, steps });
  const returned = (plan.rollsBack?.functions ?? []).map((target) => {
    const { function: name, functionName, alias, version, from: previousVersion } = target;
    const own = published.find((each) => each.name === name);
    if (own !== undefined && own.functionName !== functionName) {
      // The infrastructure that is there again has it under another name: that one has versions of its own.
      return own;
    }
    const last = own?.version ?? version;
    const mine = [...new Set([previousVersion, version, last])];
    return { name, functionName, alias, version: last, previousVersion, changed: last !== previousVersion, mine };
  });
  return [...returned, ...published.filter(({ name }) => !returned.some((each) => each.name === name))];
}

function ownVersions({ plan, steps }: Pick<ReleaseRecord, "plan" | "steps">): PublishedFunction[] {
  return plan.steps.flatMap(({ id, kind, function: name = id }) => {
    const step = steps.get(id);
    const isDone = step?.state === "done" || step?.state === "nothing-to-do";
    if (kind !== "code.publish" || !isDone) {
      return [];
    }
    const result = stepResultSchemas["code.publish"].parse(step.result);
    return [{ name, ...result, mine: [result.previousVersion, result.version] }];
  });
}
