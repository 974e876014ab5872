import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { AppliedResource } from "@slipway/analysis";
import { localAwsEnvironment, parseState, prepareWorkingCopy, TerraformCli } from "@slipway/aws";
import type { SlipwayConfig } from "@slipway/contracts";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY, startLocalAws } from "@slipway/local-aws";
import { runTool } from "../../scripts/setup/run-tool.mjs";
import { terraformEnv } from "../../scripts/setup/terraform-env.mjs";

/** What of a configuration says which root modules there are, and with what values. */
export type RenderedConfig = Pick<SlipwayConfig, "region" | "infrastructure"> & {
  readonly bootstrap: Pick<SlipwayConfig["bootstrap"], "directory" | "variables">;
  readonly environments: Readonly<
    Record<
      string,
      { readonly terraform: Pick<SlipwayConfig["environments"][string]["terraform"], "directory" | "variables"> }
    >
  >;
};

export interface RenderOptions {
  /** Absolute path of the repository. */
  readonly repository: string;
  readonly config: RenderedConfig;
  /** Path of the terraform executable. */
  readonly terraform: string;
  readonly pluginDir?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets a line for each step. */
  readonly onLine?: (line: string) => void;
}

/** What became of a root module: as far as it got. */
export interface RenderedRoot {
  /** Path below the infrastructure folder, such as `environments/prod`. */
  readonly root: string;
  /** `terraform show -json` of its plan. */
  readonly plan?: unknown;
  /** What the plan's apply made. */
  readonly resources?: readonly AppliedResource[];
  /** Why it got no further. */
  readonly failure?: string;
}

interface Root {
  readonly root: string;
  readonly directory: string;
  readonly variables: SlipwayConfig["bootstrap"]["variables"];
}

/** Most of a plan or an apply is waiting for AWS. */
const PARALLELISM = 30;

/**
 * Plans and applies every root module to an AWS of its own that is thrown away afterwards, to see what is known only then: the text
 * of policies above all. The environments are planned while the bootstrap is applied, and applied side by side after it, because
 * their roles have boundaries that it makes.
 *
 * Works on a copy and as root of local AWS: nothing in the repository changes, no state is read, and no account is reached.
 */
export async function renderRoots(options: RenderOptions): Promise<RenderedRoot[]> {
  const { repository, config } = options;
  const folder = mkdtempSync(join(tmpdir(), "slipway-render-"));
  const cleanUp = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", cleanUp);
  const localAws = await startLocalAws({ port: 0, dataDir: join(folder, "local-aws"), region: config.region });
  try {
    const root = (directory: string, variables: Root["variables"]): Root => ({
      ...{ directory, variables },
      root: relative(config.infrastructure, directory),
    });
    const bootstrap = root(config.bootstrap.directory, config.bootstrap.variables);
    const environments = Object.values(config.environments).map(({ terraform }) =>
      root(terraform.directory, terraform.variables),
    );
    const copy = await prepareWorkingCopy({
      ...{ repository, infrastructure: config.infrastructure, endpoint: localAws.endpoint },
      target: join(folder, "copy"),
      roots: [bootstrap, ...environments].map(({ directory }) => ({ directory, state: "beside" })),
    });
    const renderer = new RootRenderer(options, localAws.endpoint, folder);
    const directoryOf = ({ directory }: Root) => copy.roots[directory]?.directory ?? "";
    const first = renderer.render(bootstrap, directoryOf(bootstrap), Promise.resolve(true));
    const isReady = first.then(({ failure }) => failure === undefined);
    return await Promise.all([first, ...environments.map((each) => renderer.render(each, directoryOf(each), isReady))]);
  } finally {
    await localAws.stop();
    process.off("exit", cleanUp);
    cleanUp();
  }
}

class RootRenderer {
  readonly #options: RenderOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder: string;

  constructor(options: RenderOptions, endpoint: string, folder: string) {
    this.#options = options;
    this.#folder = folder;
    // Nobody's own values: what is judged is what the configuration says.
    const env = Object.entries(options.env).filter(
      ([name]) => !/^TF_(VAR|CLI_ARGS)_?|^TF_(WORKSPACE|DATA_DIR|LOG)/.test(name),
    );
    this.#env = {
      ...terraformEnv(
        localAwsEnvironment(Object.fromEntries(env), {
          ...{ endpoint, region: options.config.region },
          ...{ accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY },
        }),
      ),
      // The provider makes much and keeps little: collecting garbage less often takes a quarter off its time.
      GOGC: "400",
      // When this process is stopped, its local AWS is gone, and nobody should go on asking for it.
      AWS_MAX_ATTEMPTS: "2",
    };
  }

  /** @param mayApply resolves, once it is decided, to whether what it stands on is there */
  async render({ root, variables }: Root, directory: string, mayApply: Promise<boolean>): Promise<RenderedRoot> {
    const { terraform: binary, pluginDir, onLine = () => undefined } = this.#options;
    const said = (text: string) => onLine(`${root}: ${text}`);
    const ignore = () => undefined;
    const planFile = join(this.#folder, `${root.replaceAll("/", "-")}.tfplan`);
    let plan: unknown;
    try {
      const terraform = new TerraformCli({ binary, env: this.#env, pluginDir, parallelism: PARALLELISM });
      const workspace = await terraform.init({ directory, onLine: ignore });
      const { counts } = await workspace.plan({ planFile, variables, onLine: ignore });
      plan = await this.#show(directory, planFile);
      said(`planned (${counts.add} resources)`);
      if (!(await mayApply)) {
        return { root, plan, failure: "it was not applied, because the bootstrap that it stands on could not be" };
      }
      await workspace.apply({ planFile, onLine: ignore });
      const { resources } = parseState(readFileSync(join(directory, "terraform.tfstate"), "utf8"), root);
      said(`applied to a throwaway local AWS (${resources.length} resources)`);
      return { root, plan, resources };
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      said("failed");
      return { root, failure, ...(plan === undefined ? {} : { plan }) };
    }
  }

  async #show(directory: string, planFile: string): Promise<unknown> {
    const { terraform } = this.#options;
    const options = { cwd: directory, env: this.#env, supervised: true };
    const shown = await runTool(terraform, ["show", "-json", planFile], options);
    if (shown.code !== 0) {
      throw new Error(`terraform show -json failed: ${shown.stderr.trim() || shown.error?.message}`);
    }
    return JSON.parse(shown.stdout);
  }
}
