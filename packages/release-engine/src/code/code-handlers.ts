import type { EnvironmentConfig } from "@slipway/contracts";
import type { ArtifactStore } from "../ports/artifact-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionBuilder } from "../ports/function-builder.ts";
import type { FunctionDeployer, FunctionReader } from "../ports/functions.ts";
import type { SourceRepository } from "../ports/source-repository.ts";
import type { StepHandlers } from "../release/step-handler.ts";
import { ArtifactShelf } from "./artifact-shelf.ts";
import { packageStep } from "./package-step.ts";
import { publishStep } from "./publish-step.ts";
import { uploadStep } from "./upload-step.ts";

/** What it takes to bring code to Lambda as a version that nobody is sent to yet. */
export interface CodeDeps {
  readonly environment: Pick<EnvironmentConfig, "functions">;
  /** Absolute path of the folder with slipway.config.ts. */
  readonly repository: string;
  readonly builder: FunctionBuilder;
  readonly reader: FunctionReader;
  /** Looked at right before something is uploaded. */
  readonly source: Pick<SourceRepository, "revision" | "changedFiles">;
  /** What commands to type next need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
  /** Guarded: each call asserts first that the lease is held. */
  readonly store: ArtifactStore;
  readonly deployer: FunctionDeployer;
  /** The machine's own: for bounded waits on Lambda. */
  readonly systemClock: Clock;
}

/** The steps `code.package`, `code.upload` and `code.publish`, each for one function. */
export function codeHandlers(deps: CodeDeps): Pick<StepHandlers, "code.package" | "code.upload" | "code.publish"> {
  const shelf = new ArtifactShelf(deps);
  return {
    "code.package": packageStep(deps, shelf),
    "code.upload": uploadStep(deps, shelf),
    "code.publish": publishStep(deps),
  };
}
