import type { StepKind } from "@slipway/contracts";
import { assertSourceUnchanged, type ReleaseRecord, type SourceRepository } from "@slipway/release-engine";
import { remainingSteps } from "@slipway/release-plan";
import type { DeployRequest } from "./deploy-release.ts";

/**
 * Steps that read the files that are checked out, or what their slipway.config.ts demands: a canary must not be judged by the limits of
 * other files. All others have what they need from the ledger.
 */
const NEEDS_FILES: ReadonlySet<StepKind> = new Set([
  "checklist",
  "data.adopt",
  "infrastructure.plan",
  "infrastructure.apply",
  "code.package",
  "code.upload",
  "code.publish",
  "code.prove",
  "traffic.judge",
  "smoke",
]);

/**
 * Looks before a release is gone on with whether the files that are checked out are still those of the release, as its steps do again right
 * before they use them. What only has to end, or to go back, needs no files any more, whatever its plan still had.
 *
 * @throws {ReleaseError} `conflict` where a step that is left needs the files of the release, and others are checked out
 */
export async function assertSameSource(
  source: Pick<SourceRepository, "revision" | "changedFiles">,
  { signal, flags }: Pick<DeployRequest, "signal" | "flags">,
  record: ReleaseRecord,
): Promise<void> {
  const { plan } = record;
  if (plan.rollsBack !== undefined && plan.rollsBack.restore === undefined) {
    // Its code is the ledger's, and its infrastructure that of a commit, which it checks out beside.
    return;
  }
  const waiting = remainingSteps(plan, record).find(({ kind }) => NEEDS_FILES.has(kind));
  if (waiting !== undefined) {
    await assertSourceUnchanged(source, { plan, signal }, `its step "${waiting.title}", which needs them`, flags);
  }
}
