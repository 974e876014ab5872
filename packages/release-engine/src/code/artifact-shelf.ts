import { join } from "node:path";
import type { FunctionConfig, StepResult } from "@slipway/contracts";
import { type Artifact, packageFunction } from "../package-function.ts";
import type { StepContext } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import type { CodeDeps } from "./code-handlers.ts";

type Watcher = Pick<StepContext, "line" | "signal">;

/** Artifacts of this process. Another that goes on with the release has to make them again, and they have to be the same. */
export class ArtifactShelf {
  readonly #deps: Pick<CodeDeps, "repository" | "builder">;
  readonly #artifacts = new Map<string, Artifact>();

  constructor(deps: Pick<CodeDeps, "repository" | "builder">) {
    this.#deps = deps;
  }

  /**
   * Builds and packages a function.
   *
   * @throws {ReleaseError} when its build fails, or what it makes cannot be packaged
   */
  async make(config: FunctionConfig, { line, signal }: Watcher): Promise<Artifact> {
    const { repository, builder } = this.#deps;
    const directory = join(repository, config.directory);
    await builder.build({ argv: config.build, directory, onLine: line, signal });
    return this.#package(config);
  }

  /**
   * The artifact that this release has made before: kept, packaged again, or built again.
   *
   * @throws {ReleaseError} `conflict` when it cannot be had any more: the same release must not ship something else
   */
  async find(config: FunctionConfig, recorded: StepResult<"code.package">, watcher: Watcher): Promise<Artifact> {
    const isIt = (artifact: Artifact | undefined) => artifact?.sha256 === recorded.sha256;
    const kept = this.#artifacts.get(config.name) ?? (await this.#package(config).catch(() => undefined));
    if (kept !== undefined && isIt(kept)) {
      return kept;
    }
    watcher.line(`the package of ${config.name} is not there any more; it is built again`);
    const made = await this.make(config, watcher);
    if (!isIt(made)) {
      throw new ReleaseError({
        kind: "conflict",
        what: `The build of ${config.name} does not make what this release has begun with`,
        why: `it makes sha256 ${made.sha256} now, and made ${recorded.sha256} then: its sources, its dependencies or its build tools are others`,
        next: "check out the release's commit with its dependencies (git status, npm ci), then type the same command again; or slipway rollback, and release anew",
      });
    }
    return made;
  }

  async #package(config: FunctionConfig): Promise<Artifact> {
    const artifact = await packageFunction(join(this.#deps.repository, config.artifact));
    this.#artifacts.set(config.name, artifact);
    return artifact;
  }
}
