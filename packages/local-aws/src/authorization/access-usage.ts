import type { AccessDecision, AccessNeed } from "../core/access.ts";

/** A kind of access that somebody asked for since local AWS started. */
export interface UsedAccess {
  /** ARN of the role or user, or the service's name. */
  readonly principal: string;
  /** The first need of this kind, with its conditions. */
  readonly need: AccessNeed;
  readonly decision: AccessDecision;
  readonly count: number;
}

/** More kinds than any rehearsal has; beyond them nothing new is remembered. */
const MOST_KINDS = 20_000;

/**
 * Remembers which access was asked for, and which statements decided: what shows that a statement is needed, or that none uses it.
 * In memory, since local AWS started.
 */
export class AccessUsage {
  readonly #kinds = new Map<string, { principal: string; need: AccessNeed; decision: AccessDecision; count: number }>();

  add(principal: string, need: AccessNeed, decision: AccessDecision): void {
    let key = `${principal}\n${need.action}\n${need.resource}\n${decision.allowed}`;
    for (const { policy, statement } of decision.by) {
      key += `\n${policy}#${statement}`;
    }
    const known = this.#kinds.get(key);
    if (known !== undefined) {
      known.count += 1;
    } else if (this.#kinds.size < MOST_KINDS) {
      // Copied: what a need reads late, such as the policy of a key, shall stay what it was.
      this.#kinds.set(key, { principal, need: { ...need }, decision, count: 1 });
    }
  }

  /** Everything that was asked for, in order of first appearance. */
  list(): readonly UsedAccess[] {
    return [...this.#kinds.values()];
  }
}
