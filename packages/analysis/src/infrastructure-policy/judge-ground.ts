import type { InfrastructureFinding, PlanGround } from "@slipway/contracts";
import { finding } from "./finding.ts";

/** Arguments of a provider that change what things are called, and not where they are or who makes them. */
const HARMLESS = new Set(["default_tags", "ignore_tags", "max_retries", "retry_mode"]);

/**
 * What changed below a plan since the one that was applied last: which providers, told what, and where the state lies. None of it is in a
 * plan's JSON.
 *
 * @param before undefined for the first plan: then there is nothing to compare with
 */
export function judgeGround(now: PlanGround, before: PlanGround | undefined): InfrastructureFinding[] {
  return before === undefined
    ? []
    : [...judgeBackend(now, before), ...judgeProviders(now, before), ...judgeBlocks(now, before)];
}

function judgeBackend({ backend: now }: PlanGround, { backend: before }: PlanGround): InfrastructureFinding[] {
  const names = differences({ type: now.type, ...now.settings }, { type: before.type, ...before.settings });
  if (names.length === 0) {
    return [];
  }
  const words = {
    id: "plan.backend-changed",
    severity: "high",
    reason: `The state would lie elsewhere than before (${names.join(", ")}): what is there now would be made once more, or be forgotten.`,
    next: "put the backend back; move a state only with terraform init -migrate-state, and approve it by name",
  } as const;
  return [finding({ address: "backend", attribute: names.join(", ") }, words)];
}

function judgeProviders(now: PlanGround, before: PlanGround): InfrastructureFinding[] {
  const old = new Map(before.providers.map(({ source, version }) => [source, version]));
  const changed = now.providers.flatMap(({ source, version }) => {
    const was = old.get(source);
    if (was === undefined) {
      const words = {
        id: "plan.provider-changed",
        severity: "high",
        reason: `The provider ${source} ${version} is new: it runs with the credentials of the apply.`,
        next: "check where it comes from, and approve it by name",
      } as const;
      return [finding({ address: `provider.${source}` }, words)];
    }
    if (was === version) {
      return [];
    }
    const words = {
      id: "plan.provider-changed",
      severity: "medium",
      reason: `The provider is ${version} and was ${was}: the same configuration may mean something else to it.`,
      next: "read its change log, and look for changes in the plan that nobody asked for",
    } as const;
    return [finding({ address: `provider.${source}`, attribute: "version" }, words)];
  });
  const words = {
    id: "plan.provider-changed",
    severity: "low",
    reason: `Terraform is ${now.terraform} and was ${before.terraform}: an older one may not read the state any more.`,
    next: "let everybody who plans use the same version",
  } as const;
  return [...changed, ...(now.terraform === before.terraform ? [] : [finding({ address: "terraform" }, words)])];
}

function judgeBlocks(now: PlanGround, before: PlanGround): InfrastructureFinding[] {
  const old = new Map(before.providerBlocks.map((block) => [block.name, block.arguments]));
  return now.providerBlocks.flatMap((block) => {
    // A block that is new, with a provider that was there: nothing of what is there is made by it.
    const was = old.get(block.name);
    const names = was === undefined ? [] : differences(block.arguments, was).filter((name) => !HARMLESS.has(name));
    if (names.length === 0) {
      return [];
    }
    const words = {
      id: "plan.provider-changed",
      severity: "high",
      reason: `The provider ${block.name} is told something else than before (${names.join(", ")}): it may work in another account, Region or role.`,
      next: "check that it is meant, and approve it by name",
    } as const;
    return [finding({ address: `provider.${block.name}`, attribute: names.join(", ") }, words)];
  });
}

function differences(now: Readonly<Record<string, string>>, before: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(before)])]
    .filter((name) => now[name] !== before[name])
    .sort();
}
