import { byRisk, judgeGround, judgePlan, stopsPlan } from "@slipway/analysis";
import type {
  ChangeCounts,
  InfrastructureFinding,
  PlanGround,
  PlannedResource,
  PlanSummary,
  SourceRevision,
} from "@slipway/contracts";
import { acceptInForce } from "../policy/accept-in-force.ts";
import type { PolicyInForce } from "../policy/policy-in-force.ts";
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
  /**
   * The rules that the release goes by, where they are not only its own. What it loosens of them the configuration cannot accept; people
   * can.
   */
  readonly inForce?: Pick<PolicyInForce, "loosened" | "accepted" | "because">;
}

const MOST_RESOURCES = 400;
const MOST_FINDINGS = 250;
/** Of JSON, for each of the two lists: an entry of the ledger has to have room for both, and DynamoDB takes 400 KB. */
const MOST_CHARACTERS = 140_000;

/**
 * Judges a plan, and says what a person has to know of it: no values.
 *
 * @throws {ReleaseError} when more stops it than anybody could approve by name
 */
export function summarisePlan(shown: ShownPlan, facts: PlanFacts): PlanSummary {
  const findings = byRisk(judge(shown, facts));
  const stopping = findings.filter(stopsPlan).length;
  const shownFindings = within(findings, MOST_FINDINGS);
  if (stopping > shownFindings.length) {
    throw new ReleaseError({
      kind: "failed",
      what: `The plan of ${facts.environment} has ${stopping} findings that stop it`,
      why: `nobody reads so many before they approve them by name; the first is ${findings[0]?.id} at ${findings[0]?.address}: ${findings[0]?.reason}`,
      next: "split the change, or accept what is meant in slipway.config.ts (infrastructurePolicy.accepted)",
    });
  }
  const resources = [...shown.reading.resources].sort(byLoss);
  const shownResources = within(resources, MOST_RESOURCES);
  return {
    version: 1,
    ...{ environment: facts.environment, release: facts.release, source: facts.source },
    planDigest: shown.digest,
    stateSerial: shown.state.serial,
    stateLineage: shown.state.lineage,
    at: new Date(facts.now).toISOString(),
    ...{ changed: facts.changed, counts: facts.counts },
    resources: shownResources,
    omitted: resources.length - shownResources.length,
    outputs: [...shown.reading.outputs],
    findings: shownFindings,
    omittedFindings: findings.length - shownFindings.length,
    gate: stopping > 0 ? "stopped" : "open",
    ground: shown.ground,
  };
}

function judge({ reading, ground }: ShownPlan, { target, now, before, inForce }: PlanFacts): InfrastructureFinding[] {
  const { root, isProtected, policy } = target;
  const found = [
    ...judgePlan(reading.plan, { isProtected, requiredTags: policy.requiredTags }),
    ...judgeGround(ground, before),
  ].map((finding) => withoutSecrets({ ...finding, root }, reading.isSensitive));
  const today = new Date(now).toISOString().slice(0, 10);
  const accepted = acceptInForce(found, policy.accepted, inForce, today);
  return [...accepted, ...(inForce?.loosened ?? [])].map((finding) => ({
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

/** The first of them, as many as an entry has room for. */
function within<T>(items: readonly T[], most: number): T[] {
  let room = MOST_CHARACTERS;
  return items.slice(0, most).filter((item) => {
    room -= JSON.stringify(item).length;
    return room >= 0;
  });
}

const LOSS: readonly PlannedResource["action"][] = ["destroy", "replace", "forget", "change", "import", "move", "add"];

/** What is lost comes first, data before everything else: whether a rollback may destroy them is decided by this list. */
function byLoss(left: PlannedResource, right: PlannedResource): number {
  const data = Number(right.destroys !== undefined) - Number(left.destroys !== undefined);
  return data || LOSS.indexOf(left.action) - LOSS.indexOf(right.action) || (left.address < right.address ? -1 : 1);
}
