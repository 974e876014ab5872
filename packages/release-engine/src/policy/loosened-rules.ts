import type { InfrastructureFinding, Waiver } from "@slipway/contracts";
import { isGuardedCheck } from "./is-guarded-check.ts";
import type { ReleaseRules } from "./release-rules.ts";

/** The only finding's id: an approval accepts it as `policy.loosened release.approvals.signers`. */
export const LOOSENED = "policy.loosened";

/**
 * What a change of the rules makes easier for whoever made it. Each is a finding that stops the release until somebody else accepts it by
 * name, under the rules that it loosens. What becomes stricter needs nobody.
 *
 * @param before words for messages: `r12 (3f2a9c1b0d7e)`
 */
export function loosenedRules(old: ReleaseRules, next: ReleaseRules, before: string): InfrastructureFinding[] {
  const found: [key: string, reason: string][] = [];
  if (old.isProtected && !next.isProtected) {
    found.push(["protected", "the environment is protected no more"]);
  }
  if (next.reviewers < old.reviewers) {
    found.push([
      "release.checklist.reviewers",
      `${next.reviewers} people have to read a change, instead of ${old.reviewers}`,
    ]);
  }
  if (next.approvals < old.approvals) {
    const reason = `${next.approvals} people have to approve a plan, instead of ${old.approvals}`;
    found.push(["release.approvals.infrastructure", reason]);
  }
  if (old.signers !== undefined && old.signers.text !== next.signers?.text) {
    const reason =
      next.signers === undefined
        ? `approvals need no signature any more; ${old.signers.name} says whose count`
        : `other keys may sign approvals than those of ${old.signers.name}`;
    found.push(["release.approvals.signers", reason]);
  }
  for (const id of old.rollBackOn) {
    if (!next.rollBackOn.has(id)) {
      found.push([`release.checkpoints.rollBackOn[${id}]`, "a check that fails puts a release back no more"]);
    }
  }
  for (const waiver of next.waivers) {
    if (isGuardedCheck(waiver.check, old.rollBackOn) && !old.waivers.some((each) => covers(each, waiver))) {
      const { check, subject, by, reason, expires } = waiver;
      const about = subject === undefined ? check : `${check} ${subject}`;
      found.push([`release.waivers[${about}]`, `it need not pass until ${expires}, says ${by}: ${reason}`]);
    }
  }
  return found.map(([address, reason]) => ({
    ...{ id: LOOSENED, severity: "high", status: "fail", address },
    reason: `Since ${before}, which has the traffic: ${reason}.`,
    next: "somebody other than the author accepts it by name, or take it back: until then the rules before count",
  }));
}

/** Whether an older waiver says the same of the same, and for as long. */
function covers(old: Waiver, waiver: Waiver): boolean {
  return (
    old.check === waiver.check &&
    (old.subject === undefined || old.subject === waiver.subject) &&
    old.by === waiver.by &&
    waiver.expires <= old.expires
  );
}
