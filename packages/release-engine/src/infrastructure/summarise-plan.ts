import { acceptFindings, byRisk, judgeGround, judgePlan, stopsPlan } from "@slipway/analysis";
import type {
  ChangeCounts,
  InfrastructureFinding,
  PlanGround,
  PlannedResource,
  PlanSummary,
  SourceRevision,
} from "@slipway/contracts";
import type { ShownPlan } from "../ports/release-terraform.ts";
import { ReleaseError } from "../release-error.ts";
import type { PlannedRoot } from "./infrastructure-deps.ts";

/** What a plan's own file does not say. */
export interface PlanFacts {
  readonly environment: string;
  readonly release: string | null;
  readonly source: SourceRevision;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly changed: boolean;
  readonly counts: ChangeCounts;
  readonly target: Pick<PlannedRoot, "root" | "isProtected" | "policy">;
  /** What the plan that was applied last stood on; undefined where none was. */
  readonly before: PlanGround | undefined;
}

/** An entry of the ledger has to have room for all of it. */
const MOST_RESOURCES = 400;
const MOST_FINDINGS = 250;

/**
 * Judges a plan, and says what a person has to know of it: no values.
 *
 * @throws {ReleaseError} when more stops it than anybody could approve by name
 */
export function summarisePlan(shown: ShownPlan, facts: PlanFacts): PlanSummary {
  const findings = byRisk(judge(shown, facts));
  const stopping = findings.filter(stopsPlan).length;
  if (stopping > MOST_FINDINGS) {
    throw new ReleaseError({
      kind: "failed",
      what: `The plan of ${facts.environment} has ${stopping} findings that stop it`,
      why: `nobody reads so many before they approve them by name; the first is ${findings[0]?.id} at ${findings[0]?.address}: ${findings[0]?.reason}`,
      next: "split the change, or accept what is meant in slipway.config.ts (infrastructurePolicy.accepted)",
    });
  }
  const resources = [...shown.reading.resources].sort(byLoss);
  return {
    version: 1,
    ...{ environment: facts.environment, release: facts.release, source: facts.source },
    planDigest: shown.digest,
    stateSerial: shown.state.serial,
    stateLineage: shown.state.lineage,
    at: new Date(facts.now).toISOString(),
    ...{ changed: facts.changed, counts: facts.counts },
    resources: resources.slice(0, MOST_RESOURCES),
    omitted: Math.max(0, resources.length - MOST_RESOURCES),
    outputs: [...shown.reading.outputs],
    findings: findings.slice(0, MOST_FINDINGS),
    omittedFindings: Math.max(0, findings.length - MOST_FINDINGS),
    gate: stopping > 0 ? "stopped" : "open",
    ground: shown.ground,
  };
}

function judge({ reading, ground }: ShownPlan, { target, now, before }: PlanFacts): InfrastructureFinding[] {
  const { root, isProtected, policy } = target;
  const found = [
    ...judgePlan(reading.plan, { isProtected, requiredTags: policy.requiredTags }),
    ...judgeGround(ground, before),
  ].map((finding) => withoutSecrets({ ...finding, root }, reading.isSensitive));
  const today = new Date(now).toISOString().slice(0, 10);
  return acceptFindings(found, { accepted: policy.accepted, today, isComplete: false }).map((finding) => ({
    ...finding,
    next: policy.next[finding.id] ?? finding.next,
  }));
}

/** A reason may quote a policy. Where that is marked as sensitive, nobody is told more than that there is something. */
function withoutSecrets(
  finding: InfrastructureFinding,
  isSensitive: (address: string, attribute: string) => boolean,
): InfrastructureFinding {
  const names = (finding.attribute ?? "").split(", ").map((path) => path.split(".")[0] ?? "");
  if (!names.some((name) => isSensitive(finding.address, name))) {
    return finding;
  }
  const { statement: _, ...rest } = finding;
  return {
    ...rest,
    reason: "What is wrong is in a sensitive value, and so not shown; the finding's name says its kind.",
  };
}

const LOSS: readonly PlannedResource["action"][] = ["destroy", "replace", "forget", "change", "import", "move", "add"];

/** What is lost comes first. */
function byLoss(left: PlannedResource, right: PlannedResource): number {
  return LOSS.indexOf(left.action) - LOSS.indexOf(right.action) || (left.address < right.address ? -1 : 1);
}
