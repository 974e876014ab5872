import { type StepResult, stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** A function that this release has published, as the ledger knows it. */
export interface PublishedFunction extends StepResult<"code.publish"> {
  /** By its name in the configuration. */
  readonly name: string;
}

/**
 * The functions that a release has published, in the order of its plan, and those that a rollback sends to earlier versions: from the
 * ledger, so that also a process that knows nothing else can put them back. A rollback's are put back to where they were before it, also
 * where it has published another version since.
 */
export function publishedFunctions({ plan, steps }: Pick<ReleaseRecord, "plan" | "steps">): PublishedFunction[] {
  const published = ownVersions({ plan, steps });
  const returned = (plan.rollsBack?.functions ?? []).map(
    ({ function: name, functionName, alias, version, from: previousVersion }) => {
      const own = published.find((each) => each.name === name)?.version ?? version;
      return { name, functionName, alias, version: own, previousVersion, changed: own !== previousVersion };
    },
  );
  return [...returned, ...published.filter(({ name }) => !returned.some((each) => each.name === name))];
}

function ownVersions({ plan, steps }: Pick<ReleaseRecord, "plan" | "steps">): PublishedFunction[] {
  return plan.steps.flatMap(({ id, kind, function: name = id }) => {
    const step = steps.get(id);
    const isDone = step?.state === "done" || step?.state === "nothing-to-do";
    return kind === "code.publish" && isDone ? [{ name, ...stepResultSchemas["code.publish"].parse(step.result) }] : [];
  });
}
