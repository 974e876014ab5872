import type { ChecklistConfig, Evidence, EvidenceStatus, StepKind } from "@slipway/contracts";
import type { ChecklistFacts } from "./checklist-facts.ts";

/** The headings of the guide's "Pre-Deployment Checklist", in its order. */
export const CHECKLIST_SECTIONS = [
  "Code Quality",
  "Infrastructure Validation",
  "Documentation",
  "Security",
  "Backup & Recovery",
] as const;

export type ChecklistSection = (typeof CHECKLIST_SECTIONS)[number];

/** What a check came to, for one of the things that it looks at. */
export interface ChecklistFinding {
  readonly subject?: string;
  readonly status: Extract<EvidenceStatus, "pass" | "fail" | "unknown">;
  readonly found: string;
  readonly next?: string;
  /** What was run or asked. */
  readonly command?: string;
  /**
   * The step of a release that decides it: where it is unknown because that step is still to come, or where it failed by an earlier plan, and that
   * step stops until somebody accepts what is wrong with the release's own.
   */
  readonly decidedIn?: StepKind;
}

/** One line of the guide's pre-deployment checklist. */
export interface ChecklistCheck {
  /** Last part of its id: `checklist.NAME`, unless it has another. */
  readonly name: string;
  /** Where a step of a release asks the same, and knows it by that name. */
  readonly id?: string;
  readonly section: ChecklistSection;
  /** In the guide's words; with the limit of the configuration, where they have one. */
  readonly title: string | ((config: ChecklistConfig) => string);
  /** `slow`: it takes minutes and the machine to itself, so that a quick checklist leaves it out. */
  readonly pace: "quick" | "slow";
  /** For how long what it saw may be used again, while its inputs are the same. */
  readonly lifetimeMs: number;
  /** The step of a release that comes to the same, where this one was left out. */
  readonly decidedIn?: StepKind;
  /**
   * Why it need not pass in a rehearsal, where it is about what other people have to do before production changes.
   */
  readonly notInRehearsal?: string;
  /**
   * Everything that it depends on beside the time; undefined where that cannot be told, so that it is looked at anew each time.
   *
   * @throws {ReleaseError} when it cannot be found out
   */
  inputs(facts: ChecklistFacts): Promise<readonly unknown[] | undefined>;
  /**
   * Looks. One finding at least.
   *
   * @throws {ReleaseError} when something could not be looked at: that is `unknown`
   */
  judge(facts: ChecklistFacts, line: (text: string) => void): Promise<readonly ChecklistFinding[]>;
}

/** `checklist.tests`. */
export function checkId({ name, id = `checklist.${name}` }: Pick<ChecklistCheck, "name" | "id">): string {
  return id;
}

export function titleOf({ title }: ChecklistCheck, config: ChecklistConfig): string {
  return typeof title === "string" ? title : title(config);
}

/** The worst of them, as a whole checklist comes out. */
export function verdictOf(evidence: readonly Evidence[]): "pass" | "fail" | "unknown" {
  const has = (status: EvidenceStatus) => evidence.some((each) => each.status === status);
  return has("fail") ? "fail" : has("unknown") ? "unknown" : "pass";
}
