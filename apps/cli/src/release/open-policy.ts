import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SshSignatures, withEarlierConfig } from "@slipway/aws";
import type { EnvironmentConfig, LedgerEntry, ReleasePlan, SlipwayConfig } from "@slipway/contracts";
import {
  type CheckpointRules,
  checkpointRules,
  type PolicyInForce,
  policyInForce,
  type ReleaseRules,
  releaseRules,
} from "@slipway/release-engine";

/** Whose rules are asked for. */
export interface PolicyPlace {
  /** Absolute path of the folder with slipway.config.ts. */
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Says which rules count; each commit is looked at once. */
export interface OpenedPolicy {
  /** Those that a release goes by until it is live, by what the ledger has. */
  inForce(entries: readonly LedgerEntry[], signal?: AbortSignal): Promise<PolicyInForce>;
  /** Those that a live release is judged by. */
  ofLive(plan: ReleasePlan, signal?: AbortSignal): Promise<CheckpointRules>;
}

/** Reads rules where they lie: beside this configuration, and in commits. */
export function openPolicy({ repository, config, environment, env }: PolicyPlace): OpenedPolicy {
  const earlier = new Map<string, Promise<ReleaseRules | undefined>>();
  const ports = {
    own: () =>
      releaseRules(config.environments[environment] as EnvironmentConfig, config.infrastructurePolicy, (path) =>
        read(join(repository, path)),
      ),
    at: async (commit: string, signal?: AbortSignal) => {
      const place = { directory: repository, env, commit, ...(signal === undefined ? {} : { signal }) };
      const found =
        earlier.get(commit) ??
        withEarlierConfig(place, async (then) => {
          const of = then.config.environments[environment];
          return of === undefined ? undefined : releaseRules(of, then.config.infrastructurePolicy, then.read);
        });
      earlier.set(commit, found);
      // What could not be had may be there the next time: somebody fetches it.
      found.catch(() => earlier.delete(commit));
      return found;
    },
    signaturesBy: (signers: ConstructorParameters<typeof SshSignatures>[0]) => new SshSignatures(signers, env),
  };
  return {
    inForce: (entries, signal) => policyInForce(ports, entries, signal),
    ofLive: (plan, signal) => checkpointRules(ports, plan, signal),
  };
}

/** Undefined where there is no such file. */
async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
