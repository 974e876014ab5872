import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Json } from "@slipway/contracts";
import type { LiveFinding } from "./ports/live-checks.ts";
import type { Terraform, TerraformInit } from "./ports/terraform.ts";
import { ReleaseError } from "./release-error.ts";

/** What is compared with its code. */
export interface DriftQuestion extends Omit<TerraformInit, "onLine"> {
  /** Absolute path; the file is made for the look at drift, and deleted again. */
  planFile: string;
  variables: Readonly<Record<string, Json>>;
}

const DEMAND = { check: "no-drift", title: "The configuration and AWS agree" } as const;

/** What is said where nobody compares. */
export const driftUnknown: LiveFinding = {
  ...DEMAND,
  ...{ status: "unknown", found: "no plan was made (--no-plan)", next: "leave --no-plan out" },
};

/**
 * Whether the configuration and AWS still agree: whether a plan has nothing to do.
 *
 * @throws {ReleaseError} `interrupted` when asked to stop; that no plan can be made is `unknown`
 */
export async function checkDrift(
  terraform: Terraform,
  { planFile, variables, ...init }: DriftQuestion,
  onLine: (text: string) => void,
): Promise<LiveFinding> {
  await rm(planFile, { force: true });
  await mkdir(dirname(planFile), { recursive: true, mode: 0o700 });
  try {
    const workspace = await terraform.init({ ...init, onLine });
    const { changed, counts } = await workspace.plan({ planFile, variables, onLine, signal: init.signal });
    return changed
      ? {
          ...DEMAND,
          status: "fail",
          found: `a plan has ${counts.add} to add, ${counts.change} to change, ${counts.destroy} to destroy`,
          next: "read the plan: somebody changed AWS by hand, or the code is ahead of what was applied",
        }
      : { ...DEMAND, status: "pass", found: "a plan has nothing to do" };
  } catch (error) {
    if (error instanceof ReleaseError && error.kind !== "interrupted") {
      return { ...DEMAND, status: "unknown", found: `${error.what}: ${error.why}`, next: error.next };
    }
    throw error;
  } finally {
    await rm(planFile, { force: true });
  }
}
