import type {
  AcceptedFinding,
  EnvironmentConfig,
  InfrastructurePolicy,
  ValidationConfig,
  Waiver,
} from "@slipway/contracts";
import { rollBackOn } from "../checkpoints/roll-back-on.ts";
import { ReleaseError } from "../release-error.ts";

/** A file of allowed signers: what messages call it, and what it says. */
export interface AllowedSigners {
  readonly name: string;
  readonly text: string;
}

/** What a commit demands before its environment is changed: who has to read and approve, and what puts a release back. */
export interface ReleaseRules {
  readonly isProtected: boolean;
  readonly reviewers: number;
  /** How many have to approve a plan that changes infrastructure. */
  readonly approvals: number;
  /** Absent where approvals need no signature. */
  readonly signers?: AllowedSigners;
  readonly waivers: readonly Waiver[];
  /** Ids of the checks that put a release back. */
  readonly rollBackOn: ReadonlySet<string>;
  /** What is too much, and too little to tell: `environments.X.validation`. */
  readonly limits: ValidationConfig;
  /** Findings of the infrastructure that may stay: `infrastructurePolicy.accepted`. */
  readonly accepted: readonly AcceptedFinding[];
}

/**
 * The rules that a configuration has.
 *
 * @param read a file of the same commit; undefined where it has none
 * @throws {ReleaseError} `usage` when it names signers, and there is no such file
 */
export async function releaseRules(
  { protected: isProtected, release, validation: limits }: EnvironmentConfig,
  infrastructurePolicy: Pick<InfrastructurePolicy, "accepted"> | undefined,
  read: (path: string) => Promise<string | undefined>,
): Promise<ReleaseRules> {
  const { approvals, checklist, checkpoints, waivers } = release;
  return {
    ...{ isProtected, reviewers: checklist.reviewers, approvals: approvals.infrastructure, waivers, limits },
    rollBackOn: rollBackOn(checkpoints.rollBackOn),
    accepted: infrastructurePolicy?.accepted ?? [],
    ...(approvals.signers === undefined ? {} : { signers: await readSigners(approvals.signers, read) }),
  };
}

async function readSigners(name: string, read: (path: string) => Promise<string | undefined>): Promise<AllowedSigners> {
  const text = await read(name);
  if (text === undefined) {
    throw new ReleaseError({
      kind: "usage",
      what: `There is no file ${name}`,
      why: "release.approvals.signers in slipway.config.ts says that it names those whose signed approvals count",
      next: "commit the file, or correct the key; see ssh-keygen(1), ALLOWED SIGNERS",
    });
  }
  return { name, text };
}
