import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ReleaseError, type StateVersion } from "@slipway/release-engine";
import { strFromU8, unzipSync } from "fflate";

/** What a plan file says by itself, without Terraform. */
export interface PlanFile {
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly digest: string;
  /** The state that it was made on. Terraform refuses to apply it to another one. */
  readonly state: StateVersion;
  /** The lock file of providers that it was made with, as text. */
  readonly lockFile: string;
}

/** The state as the plan found it, and the lock file, in the zip that a plan file is. */
const members = { state: "tfstate", lockFile: ".terraform.lock.hcl" } as const;

/**
 * Reads what a plan file has beside the plan. Terraform compares serial and lineage of the state in it with the current state's, and
 * applies nothing where they differ; its JSON does not have them.
 *
 * @throws {ReleaseError} when it is not there, or no plan file
 * @see https://github.com/hashicorp/terraform/blob/v1.11.4/internal/plans/planfile/writer.go
 */
export async function readPlanFile(path: string): Promise<PlanFile> {
  try {
    const bytes = await readFile(path);
    const names = new Set<string>(Object.values(members));
    const files = unzipSync(bytes, { filter: ({ name }) => names.has(name) });
    const state = files[members.state];
    if (state === undefined) {
      throw new Error(`it has no ${members.state}`);
    }
    const { serial, lineage }: { serial?: unknown; lineage?: unknown } = JSON.parse(strFromU8(state));
    if (typeof serial !== "number" || typeof lineage !== "string") {
      throw new Error("its state has no serial and lineage");
    }
    const lockFile = files[members.lockFile];
    return {
      digest: createHash("sha256").update(bytes).digest("hex"),
      state: { serial, lineage },
      lockFile: lockFile === undefined ? "" : strFromU8(lockFile),
    };
  } catch (cause) {
    throw unreadablePlan(path, cause);
  }
}

export function unreadablePlan(path: string, cause: unknown): ReleaseError {
  return new ReleaseError(
    {
      kind: "failed",
      what: `The plan file ${path} cannot be read`,
      why: cause instanceof Error ? cause.message : String(cause),
      next: "plan again: type the same command again",
    },
    { cause },
  );
}
