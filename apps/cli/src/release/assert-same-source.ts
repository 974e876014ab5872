import type { StepKind } from "@slipway/contracts";
import { ReleaseError, type ReleaseRecord, type SourceRepository } from "@slipway/release-engine";
import { remainingSteps } from "@slipway/release-plan";
import type { DeployRequest } from "./deploy-release.ts";
import { sourceWords } from "./render-plan.ts";

/**
 * Steps that read the files that are checked out, or what their slipway.config.ts demands: a canary must not be judged by the limits of
 * other files. All others have what they need from the ledger.
 */
const NEEDS_FILES: ReadonlySet<StepKind> = new Set([
  "checklist",
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
 * What only has to end, or to go back, needs no files any more, whatever its plan still had.
 *
 * @throws {ReleaseError} `conflict` where a step that is left needs the files of the release, and others are checked out
 */
export async function assertSameSource(
  source: Pick<SourceRepository, "revision">,
  { name, signal, flags }: Pick<DeployRequest, "name" | "signal" | "flags">,
  record: ReleaseRecord,
): Promise<void> {
  const { id, plan } = record;
  if (plan.rollsBack !== undefined) {
    // Its code is the ledger's, and its infrastructure that of a commit, which it checks out beside.
    return;
  }
  const waiting = remainingSteps(plan, record).find(({ kind }) => NEEDS_FILES.has(kind));
  if (waiting === undefined) {
    return;
  }
  const { commit, tree } = await source.revision(signal);
  if (commit !== plan.source.commit || tree !== plan.source.tree) {
    throw new ReleaseError({
      kind: "conflict",
      what: `Other files are checked out than those of ${id}`,
      why: `it was begun with ${sourceWords(plan.source)}, and its step "${waiting.title}" still needs them`,
      next: `git checkout ${plan.source.commit ?? "that commit"}, then type the same command again; or slipway rollback ${name}${flags}`,
    });
  }
}
