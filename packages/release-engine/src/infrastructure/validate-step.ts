import { byRisk, findingName, judgeResources } from "@slipway/analysis";
import type { Evidence, InfrastructureFinding, LedgerEntry, PlanSummary } from "@slipway/contracts";
import { lookAtResources } from "../look-at-resources.ts";
import { acceptInForce } from "../policy/accept-in-force.ts";
import type { StateResource } from "../ports/terraform-states.ts";
import type { StepContext, StepHandler } from "../release/step-handler.ts";
import { waiveInRehearsal } from "../waive-in-rehearsal.ts";
import { countApprovals } from "./count-approvals.ts";
import type { InfrastructureDeps } from "./infrastructure-deps.ts";
import { knownPolicy } from "./known-policy.ts";
import { planAgain } from "./plan-again.ts";

/** Looks without which nothing can be released: what they are about is not there, or does not work. All others are for people to judge. */
const NEEDED = new Set(["deployment.resource-there", "deployment.function-active", "deployment.table-active"]);
/** In one entry of the ledger. */
const MOST_EVIDENCE = 200;

/**
 * `infrastructure.validate`: looks at what is deployed, and judges again what only the apply could tell. Whether code and AWS agree is not
 * asked: the plan has just said so. Of a rollback it is, by another plan: its files are older than what is there. Nor is the API: its functions may have no code yet.
 */
export function validateStep(deps: InfrastructureDeps): StepHandler<"infrastructure.validate"> {
  return async (context) => {
    const { environment } = context.plan;
    const state = await deps.state.read(context.signal);
    const resources = state?.resources ?? [];
    const progress = { report: () => undefined };
    const looked = await lookAtResources({ checks: deps.checks, clock: deps.clock, progress }, resources, {
      phase: environment,
      validation: deps.validation,
      signal: context.signal,
    });
    const entries = await deps.entries();
    const plans = plansOf(entries, context.plan.release);
    const judged = plans.some(({ changed }) => changed)
      ? await judgeAgain(deps, context, entries, { plans, resources })
      : undefined;
    const again = context.plan.rollsBack === undefined ? undefined : await planAgain(deps, context);
    const evidence = [
      ...looked,
      ...(judged === undefined ? [] : [judged.evidence]),
      ...(again === undefined ? [] : [again]),
    ];
    for (let index = 0; index < evidence.length; index += MOST_EVIDENCE) {
      const part = evidence.slice(index, index + MOST_EVIDENCE);
      await context.write({ type: "evidence", step: context.step.id, evidence: part });
    }
    const result = countStatuses(evidence);
    const broken = looked.filter(({ check, status }) => status === "fail" && NEEDED.has(check));
    if (broken.length > 0) {
      const [first] = broken;
      return {
        outcome: "failed",
        summary: `${broken.length} resources are not there or do not work: ${first?.subject}: ${first?.found}`,
        next: first?.next ?? `slipway validate ${environment}${deps.flags}`,
        result,
      };
    }
    if (again?.status === "fail") {
      return {
        outcome: "failed",
        summary: `the plan afterwards is not clean: ${again.found}`,
        next: again.next ?? `slipway show ${environment}${deps.flags}`,
        result,
      };
    }
    if (judged !== undefined && judged.open.length > 0) {
      const { open } = judged;
      const [first] = open;
      const planDigest = plans.at(-1)?.planDigest ?? "";
      // So that who is asked to accept them sees them.
      await context.write({ type: "plan.settled", planDigest, findings: [...open] });
      const summary = `the apply has shown what the plan could not: ${open.map(findingName).join(", ")} (${first?.reason})`;
      if (deps.whenNotApproved === "go-on") {
        context.line(`a rehearsal goes on: ${summary}`);
      } else {
        const accept = open.map((finding) => ` --accept ${finding.id} '${finding.address}'`).join("");
        return { outcome: "paused", summary, next: `slipway approve ${environment}${deps.flags}${accept}`, result };
      }
    }
    return { outcome: "done", summary: describe(evidence), result };
  };
}

interface JudgedAgain {
  /** What stops, and nobody has accepted. */
  readonly open: readonly InfrastructureFinding[];
  readonly evidence: Evidence;
}

async function judgeAgain(
  deps: InfrastructureDeps,
  context: StepContext,
  entries: readonly LedgerEntry[],
  facts: { readonly plans: readonly PlanSummary[]; readonly resources: readonly StateResource[] },
): Promise<JudgedAgain> {
  const { target, clock, whenNotApproved } = deps;
  const { root, isProtected, policy } = target;
  const { plans, resources } = facts;
  const found = [
    ...plans.flatMap((plan) => settledChanges(entries, plan)),
    ...judgeResources(resources, { isProtected, requiredTags: policy.requiredTags }).map((each) => ({ ...each, root })),
  ];
  const at = new Date(clock.now()).toISOString();
  const inForce = await knownPolicy(deps, context);
  const { approvals, signatures } = inForce;
  // Nothing comes later that could tell: what is still unknown is for a person.
  const stopping = byRisk(acceptInForce(found, policy.accepted, inForce, at.slice(0, 10))).filter(
    ({ severity, status }) => severity === "high" && status !== "waived",
  );
  const allowed = new Set<string>();
  for (const plan of plans) {
    // What was certain before the apply was let through then.
    for (const finding of plan.findings.filter(({ status }) => status === "fail")) {
      allowed.add(findingName(finding));
    }
    const { acceptedNames } = await countApprovals(entries, {
      ...{ summary: plan, approvals },
      ...(signatures === undefined ? {} : { signatures }),
    });
    for (const name of acceptedNames) {
      allowed.add(name);
    }
  }
  const open = stopping.filter((each) => !allowed.has(findingName(each)));
  const title = "What was known only after the apply is as it must be";
  const common = { check: "infrastructure.settled", title, at };
  const [first] = open;
  if (first === undefined) {
    const found = `${resources.length} resources were judged as they are now`;
    return { open, evidence: { ...common, status: "pass", found } };
  }
  const evidence: Evidence = {
    ...common,
    status: first.status === "unknown" ? "unknown" : "fail",
    found: open.map((each) => `${findingName(each)}: ${each.reason}`).join("\n"),
    next: first.next,
  };
  return {
    open,
    evidence:
      whenNotApproved === "go-on"
        ? waiveInRehearsal(evidence, "a rehearsal is alone with its local AWS; a release to AWS would wait")
        : evidence,
  };
}

/** The plans of a release, in their order: more than one where an apply was broken off, or the state moved. */
function plansOf(entries: readonly LedgerEntry[], release: string): PlanSummary[] {
  return entries.flatMap(({ body, release: of }) =>
    of === release && body.type === "plan.made" ? [body.summary] : [],
  );
}

/** Changes that were not known, as they came out; still unknown where a process was killed before it could look. */
function settledChanges(entries: readonly LedgerEntry[], plan: PlanSummary): InfrastructureFinding[] {
  const settled = entries.findLast(({ body }) => body.type === "plan.settled" && body.planDigest === plan.planDigest);
  const isOfPlan = ({ id }: InfrastructureFinding) => id.startsWith("plan.");
  return settled?.body.type === "plan.settled"
    ? settled.body.findings.filter(isOfPlan)
    : plan.findings.filter((finding) => isOfPlan(finding) && finding.status === "unknown");
}

function countStatuses(evidence: readonly Evidence[]) {
  const count = (status: Evidence["status"]) => evidence.filter((each) => each.status === status).length;
  return { pass: count("pass"), fail: count("fail"), unknown: count("unknown"), waived: count("waived") };
}

function describe(evidence: readonly Evidence[]): string {
  const { pass, fail, unknown } = countStatuses(evidence);
  const names = evidence.filter(({ status }) => status === "fail").map(({ check, subject }) => subject ?? check);
  return [
    `${pass} passed`,
    ...(fail === 0 ? [] : [`${fail} for people to look at: ${names.slice(0, 3).join(", ")}`]),
    ...(unknown === 0 ? [] : [`${unknown} unknown`]),
  ].join(", ");
}
