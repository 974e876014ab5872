import type { ReleasePlan, ValidationConfig, Waiver } from "@slipway/contracts";
import { rollBackOn } from "../checkpoints/roll-back-on.ts";
import { ReleaseError } from "../release-error.ts";
import type { SortedWaivers } from "./own-waivers.ts";
import type { PolicyPorts } from "./policy-in-force.ts";
import type { ReleaseRules } from "./release-rules.ts";

/** The rules that a live release is judged by. */
export interface CheckpointRules {
  /** Ids of the checks that put it back. */
  readonly rollBackOn: ReadonlySet<string>;
  /** Of the configuration. */
  readonly waivers: readonly Waiver[];
  /** What checks are judged by; absent where nobody knows those of the release: then by what is checked out. */
  readonly limits?: ValidationConfig;
  /** Those that the release may not have, with why they do not count. */
  readonly ignored: SortedWaivers["ignored"];
  /** Whose rules they are, in words. */
  readonly because: string;
  /** Why nobody knows the release's own, and what makes them known: one line. */
  readonly unknown?: string;
}

/**
 * The rules that a live release is judged by: those of its own commit, whatever is checked out where somebody judges it. It is on the way
 * to live that they were compared with those before them. Of a rollback it is asked with the plan of the release that it was made from
 * (`whoseRules`).
 *
 * Where they cannot be read, the release is judged all the same, because one that is bad must not stay for want of a `git fetch`, and by
 * nothing milder than they may be: what usually puts a release back does, and what is checked out adds to it; no waiver of a configuration
 * counts, because nobody knows whether the release has it. Of limits there is no strictest that would not put a good release back: those
 * that are checked out have to do.
 *
 * @throws {ReleaseError} `interrupted`, and nothing else
 */
export async function checkpointRules(
  { own, at }: Pick<PolicyPorts, "own" | "at">,
  { release, source: { commit, dirty } }: Pick<ReleasePlan, "release" | "source">,
  signal?: AbortSignal,
): Promise<CheckpointRules> {
  if (commit === null) {
    const here = await readable(own);
    return "why" in here
      ? strictest(release, here.why)
      : asTheyAre(here, `the rules that are checked out, because ${release} was made without a commit`);
  }
  const name = `${release} (${commit.slice(0, 12)})`;
  const found = await readable(() => at(commit, signal));
  if (!("why" in found)) {
    return asTheyAre(found, `the rules of ${name}${dirty ? ", without what was not committed" : ""}`);
  }
  const here = await readable(own);
  return strictest(name, found.why, "why" in here ? undefined : here);
}

function asTheyAre({ rollBackOn: ids, waivers, limits }: ReleaseRules, because: string): CheckpointRules {
  return { rollBackOn: ids, waivers, limits, ignored: [], because };
}

function strictest(name: string, why: string, here?: ReleaseRules): CheckpointRules {
  return {
    rollBackOn: new Set([...rollBackOn(), ...(here?.rollBackOn ?? [])]),
    waivers: [],
    ignored: (here?.waivers ?? []).map((waiver) => ({ waiver, why: `nobody knows whether ${name} has it` })),
    because: "the strictest rules: what usually puts a release back does, and no waiver of a configuration counts",
    unknown: `the rules of ${name} cannot be read, so the strictest count, with the limits that are checked out (${why})`,
  };
}

/** Whatever goes wrong is a reason to be strict, and none to leave a bad release where it is. */
async function readable(
  read: () => Promise<ReleaseRules | undefined>,
): Promise<ReleaseRules | { readonly why: string }> {
  try {
    return (await read()) ?? { why: "its commit does not have this environment" };
  } catch (error) {
    if (error instanceof ReleaseError && error.kind === "interrupted") {
      throw error;
    }
    const words =
      error instanceof ReleaseError ? `${error.what}: ${error.why.split("\n")[0]}; ${error.next}` : String(error);
    return { why: words };
  }
}
