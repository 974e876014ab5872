/** @import { Progress } from "./progress.mjs" */
/** @import { Problem } from "./setup-error.mjs" */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fetchedProviderFolder } from "./provider.mjs";
import { runTool } from "./run-tool.mjs";
import { SetupError } from "./setup-error.mjs";
import { terraformEnv } from "./terraform-env.mjs";
import { awsProvider } from "./versions.mjs";

/** The provider is a download of about 150 MB. */
const timeoutMs = 20 * 60_000;

/**
 * Lets Terraform fetch the provider (and verify its signature) into .slipway/plugins, once: every later
 * `terraform init` links it from there, without a network. The folder appears whole or not at all.
 *
 * @param {object} context
 * @param {string} context.root
 * @param {NodeJS.ProcessEnv} context.env
 * @param {string} context.terraform
 * @param {Progress} context.progress
 * @param {Problem} context.because what is missing
 * @returns {Promise<void>}
 * @throws {SetupError} when Terraform cannot get it
 */
export async function fetchProvider({ root, env, terraform, progress, because }) {
  const target = fetchedProviderFolder(root);
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), "fetch-provider-"));
  const cleanUp = () => rmSync(work, { recursive: true, force: true });
  process.once("exit", cleanUp);
  try {
    const { host, namespace, type, constraint } = awsProvider;
    const cache = join(work, "plugins");
    const module = join(work, "module");
    mkdirSync(cache);
    mkdirSync(module);
    writeFileSync(
      join(module, "versions.tf"),
      `terraform {\n  required_providers {\n    ${type} = {\n      source  = "${host}/${namespace}/${type}"\n` +
        `      version = "${constraint}"\n    }\n  }\n}\n`,
    );
    await progress.step("AWS provider", `fetching ${namespace}/${type} ${constraint} from ${host}`, async () => {
      const result = await runTool(terraform, ["init", "-input=false", "-no-color"], {
        cwd: module,
        env: { ...terraformEnv(env), TF_PLUGIN_CACHE_DIR: cache },
        timeoutMs,
        supervised: true,
      });
      if (result.code !== 0) {
        throw new SetupError({
          what: `${because.what}, and cannot be fetched`,
          why: result.error?.message ?? firstError(result.stderr),
          next:
            "check the network or HTTPS_PROXY, then npm start; or make a mirror where the registry can be reached " +
            "(terraform providers mirror FOLDER) and set SLIPWAY_PROVIDER_MIRROR to the folder",
        });
      }
      rmSync(target, { recursive: true, force: true });
      renameSync(cache, target);
    });
  } finally {
    process.off("exit", cleanUp);
    cleanUp();
  }
}

/**
 * @param {string} stderr what Terraform said
 * @returns {string} its first error, on one line
 */
function firstError(stderr) {
  const error = stderr.slice(Math.max(0, stderr.indexOf("Error:"))).replace(/[│╷╵\s]+/g, " ");
  // Terraform goes on with general advice about other commands.
  const reason = error.split(" To see which modules are currently depending on ")[0]?.trim() ?? "";
  return reason || "terraform init failed without a word";
}
