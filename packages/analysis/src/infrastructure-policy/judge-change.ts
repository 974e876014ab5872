import type { InfrastructureFinding } from "@slipway/contracts";
import { type FindingWords, finding } from "./finding.ts";
import type { PlannedChange } from "./plan-json.ts";
import { POLICY_ARGUMENTS } from "./resource-policies.ts";
import { isRecord, look, type ResourceView, unknownFinding } from "./resource-view.ts";
import { STATEFUL } from "./stateful.ts";
import { widenedBy } from "./widening.ts";

/** Facts about the whole plan that a single change is judged by. */
export interface PlanFacts {
  /** Whether nothing was there before. */
  readonly isFirst: boolean;
}

/** What a change would do to what is there. */
export function judgeChange(change: PlannedChange, facts: PlanFacts): InfrastructureFinding[] {
  if (change.mode !== "managed" || change.change.actions.every((action) => action === "no-op" || action === "read")) {
    return [];
  }
  return [...judgeLoss(change), ...judgeAlias(change), ...judgeCode(change), ...judgeRights(change, facts)];
}

function judgeLoss({ address, type, change }: PlannedChange): InfrastructureFinding[] {
  const what = STATEFUL[type];
  const { actions, replace_paths = [] } = change;
  if (what === undefined) {
    return [];
  }
  if (actions.includes("delete") && actions.includes("create")) {
    const paths = replace_paths.map((path) => path.join("."));
    const because = paths.length === 0 ? "" : ` because of ${paths.join(", ")}`;
    const words = {
      id: "plan.replace-stateful",
      severity: "high",
      reason: `The ${what} would be deleted and made anew${because}: what is in it is lost.`,
      next: "keep the arguments that force it, or move the data first and approve the replacement by name",
    } as const;
    return [finding({ address, ...(paths.length === 0 ? {} : { attribute: paths.join(", ") }) }, words)];
  }
  if (actions.includes("delete")) {
    const words = {
      id: "plan.delete-stateful",
      severity: "high",
      reason: `The ${what} would be deleted, with what is in it.`,
      next: "put it back into the configuration, or destroy it on purpose: slipway destroy",
    } as const;
    return [finding({ address }, words)];
  }
  if (actions.includes("forget")) {
    const words = {
      id: "plan.forget-stateful",
      severity: "medium",
      reason: `Terraform would forget the ${what}: it stays, costs, and belongs to nobody.`,
      next: "keep it in the configuration, or note who looks after it (orphans.rules in slipway.config.ts)",
    } as const;
    return [finding({ address }, words)];
  }
  return [];
}

/** The alias belongs to the release engine: an apply that moves it in the middle of a canary ends the canary. */
function judgeAlias(planned: PlannedChange): InfrastructureFinding[] {
  if (planned.type !== "aws_lambda_alias" || !isRecord(planned.change.before)) {
    return [];
  }
  return judgeOwnedFields(planned, ["function_version", "routing_config"], {
    id: "plan.alias-moved",
    severity: "high",
    reason:
      "Terraform would move the alias, which the release engine owns: traffic would go to another version unjudged.",
    next: "ignore function_version and routing_config in the alias's lifecycle block",
  });
}

/** So does the code. */
function judgeCode(planned: PlannedChange): InfrastructureFinding[] {
  // A function that goes takes its code along: nothing of another one is put there.
  if (planned.type !== "aws_lambda_function" || !isRecord(planned.change.before) || !isRecord(planned.change.after)) {
    return [];
  }
  const fields = ["filename", "image_uri", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash"];
  return judgeOwnedFields(planned, fields, {
    id: "plan.code-replaced",
    severity: "high",
    reason:
      "Terraform would put other code into the function, which the release engine owns: it would be released untested.",
    next: "ignore s3_bucket, s3_key, s3_object_version and source_code_hash in the function's lifecycle block",
  });
}

function judgeOwnedFields(
  { address, change }: PlannedChange,
  fields: readonly string[],
  words: FindingWords,
): InfrastructureFinding[] {
  if (change.actions.includes("delete")) {
    return [finding({ address }, words)];
  }
  const { before } = change;
  const view = afterView({ address, change });
  const findings: InfrastructureFinding[] = [];
  for (const attribute of fields) {
    const after = look(view, attribute);
    if (!after.known) {
      findings.push(unknownFinding({ address, attribute }, words));
    } else if (!sameValue(isRecord(before) ? before[attribute] : undefined, after.value)) {
      findings.push(finding({ address, attribute }, words));
    }
  }
  return findings;
}

/** Whether somebody would be allowed more than before. Nothing is more than nothing: not in the first apply of all. */
function judgeRights({ address, type, change }: PlannedChange, { isFirst }: PlanFacts): InfrastructureFinding[] {
  if (isFirst) {
    return [];
  }
  const before = isRecord(change.before) ? change.before : undefined;
  const view = isRecord(change.after) ? afterView({ address, change }) : undefined;
  const findings: InfrastructureFinding[] = [];
  const argument = POLICY_ARGUMENTS[type]?.argument;
  if (argument !== undefined) {
    const after = view === undefined ? ({ known: true, value: undefined } as const) : look(view, argument);
    const place = { address, attribute: argument };
    // A policy that goes takes its allowances along, and leaves its denials behind.
    const widened = after.known ? widenedBy(before?.[argument], after.value) : undefined;
    if (!after.known) {
      findings.push(unknownFinding(place, widenedWords("the policy allows more than before")));
    } else if (widened === undefined) {
      findings.push(unknownFinding(place, widenedWords("the policy, which cannot be read, allows more than before")));
    } else if (widened.length > 0) {
      findings.push(finding(place, widenedWords(`more would be allowed than before: ${widened.join("; ")}`)));
    }
  }
  findings.push(...judgeBoundary({ address, type, before, view }), ...judgeAddition({ address, type, before, view }));
  return findings;
}

interface RightsChange {
  readonly address: string;
  readonly type: string;
  readonly before: Record<string, unknown> | undefined;
  readonly view: ResourceView | undefined;
}

function judgeBoundary({ address, type, before, view }: RightsChange): InfrastructureFinding[] {
  const old = before?.permissions_boundary;
  if (!/^aws_iam_(role|user)$/.test(type) || typeof old !== "string" || old === "" || view === undefined) {
    return [];
  }
  const place = { address, attribute: "permissions_boundary" };
  const now = look(view, "permissions_boundary");
  if (!now.known) {
    return [unknownFinding(place, widenedWords("the boundary is another one"))];
  }
  return now.value === old ? [] : [finding(place, widenedWords(`the boundary ${old} is taken off or replaced`))];
}

/** Rights that come as a resource of their own. */
function judgeAddition({ address, type, before, view }: RightsChange): InfrastructureFinding[] {
  const isAttachment = /^aws_iam_(\w+_policy_attachment|policy_attachment)$/.test(type);
  if (view === undefined || !(isAttachment || type === "aws_lambda_permission") || isUnchanged(before, view)) {
    return [];
  }
  const what = look(view, isAttachment ? "policy_arn" : "principal");
  const who = what.known ? String(what.value) : "what is not known yet";
  return [finding({ address }, widenedWords(isAttachment ? `${who} is attached` : `${who} may invoke the function`))];
}

function isUnchanged(before: Record<string, unknown> | undefined, { values }: ResourceView): boolean {
  const names = ["policy_arn", "role", "principal", "source_arn", "source_account", "function_name", "qualifier"];
  return before !== undefined && names.every((name) => sameValue(before[name], values[name]));
}

function widenedWords(what: string): FindingWords {
  return {
    id: "plan.iam-widened",
    severity: "high",
    reason: `Rights would grow: ${what}.`,
    next: "check that it is meant, and approve it by name",
  };
}

function afterView({ address, change }: Pick<PlannedChange, "address" | "change">): ResourceView {
  return {
    ...{ address, module: "", type: "" },
    values: change.after as Record<string, unknown>,
    unknown: change.after_unknown ?? {},
  };
}

/** Nothing, an empty text and an empty list are the same to the provider. */
function sameValue(left: unknown, right: unknown): boolean {
  const plain = (value: unknown) =>
    value === undefined || value === "" || (Array.isArray(value) && value.length === 0) ? null : value;
  return JSON.stringify(plain(left)) === JSON.stringify(plain(right));
}
