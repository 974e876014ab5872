import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileState } from "@slipway/aws";
import type { Inventory } from "@slipway/aws/inventory";
import type { SlipwayConfig } from "@slipway/contracts";
import { ReleaseError, type StateSource } from "@slipway/release-engine";
import { rehearsalFolder } from "../rehearsal/rehearsal-folder.ts";
import type { TargetAws } from "../target/target-aws.ts";

/** Where the states are that own what this configuration made. */
export interface StatePlaces {
  /** The folder of slipway.config.ts. */
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly target: TargetAws;
  /** States that were named on the command line, relative to `cwd`. */
  readonly files: readonly string[];
  readonly cwd: string;
}

const FILE = "terraform.tfstate";

/**
 * All states that may own something: bootstrap's, each environment's, every other one in the state bucket, and the files
 * that were named. Where the bucket is not known that is a source which cannot be read, so that nothing is taken for an orphan.
 */
export async function stateSources(inventory: Inventory, places: StatePlaces): Promise<StateSource[]> {
  const { config, files, cwd } = places;
  const bucket = config.bootstrap.state?.bucket ?? (await bucketOfBootstrap(places));
  const named = files.map((file) => fileState(file, resolve(cwd, file), true));
  if (bucket === undefined) {
    return [unknownBucket(), ...named];
  }
  const key = config.bootstrap.state?.key;
  const environments = Object.entries(config.environments).map(([name, { terraform }]) =>
    inventory.s3State(name, bucket, terraform.stateKey),
  );
  const known = [...Object.values(config.environments).map(({ terraform }) => terraform.stateKey), key ?? ""];
  const bootstrap = bootstrapSource(
    places,
    key === undefined ? undefined : inventory.s3State("bootstrap", bucket, key),
  );
  return [bootstrap, ...environments, inventory.otherS3States(bucket, known), ...named];
}

/** Files that may hold bootstrap's state before it is moved into the bucket: the rehearsal's, or the working folder's. */
function bootstrapFile({ repository, config, target }: StatePlaces): string {
  return target.localDataDir === undefined
    ? join(repository, config.bootstrap.directory, FILE)
    : join(rehearsalFolder(target.localDataDir), config.bootstrap.directory, FILE);
}

async function bucketOfBootstrap(places: StatePlaces): Promise<string | undefined> {
  const path = bootstrapFile(places);
  const state = existsSync(path) ? await fileState("bootstrap", path, false).read() : undefined;
  const bucket = state?.outputs[places.config.bootstrap.outputs.stateBucket];
  return typeof bucket === "string" ? bucket : undefined;
}

/** The bucket's copy comes first: once it is there, a file is what was left behind when it was moved. */
function bootstrapSource(places: StatePlaces, inBucket: StateSource | undefined): StateSource {
  const file = fileState("bootstrap", bootstrapFile(places), false);
  return {
    name: "bootstrap",
    location: inBucket === undefined || existsSync(file.location) ? file.location : inBucket.location,
    async read(signal) {
      const state = (await inBucket?.read(signal)) ?? (await file.read(signal));
      if (state !== undefined || places.files.length > 0) {
        return state;
      }
      // Without it the state bucket itself would look like an orphan.
      throw new ReleaseError({
        kind: "not-found",
        what: "There is no state of bootstrap",
        why: `it is neither ${inBucket === undefined ? "" : `at ${inBucket.location} nor `}in ${file.location}`,
        next: "name it with --state FILE, or apply bootstrap first",
      });
    },
  };
}

function unknownBucket(): StateSource {
  return {
    name: "all environments",
    location: "bootstrap.state.bucket in slipway.config.ts",
    async read() {
      throw new ReleaseError({
        kind: "usage",
        what: "It is not known in which bucket the states are",
        why: "slipway.config.ts has no bootstrap.state.bucket, and there is no state of bootstrap that names it",
        next: "add bootstrap: { state: { bucket: ... } } to slipway.config.ts",
      });
    },
  };
}
