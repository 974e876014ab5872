/** @import { Finding } from "./finding.mjs" */
/** @import { KnownProgram } from "./setup-record.mjs" */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { compareVersions } from "./compare-versions.mjs";
import { findOnPath, isExecutableFile } from "./find-on-path.mjs";
import { found, missing } from "./finding.mjs";
import { learnProgram } from "./known-program.mjs";
import { runTool } from "./run-tool.mjs";
import { terraformEnv } from "./terraform-env.mjs";
import { minimumTerraform } from "./versions.mjs";

/** @param {string} root */
export function fetchedTerraformPath(root) {
  return join(root, ".slipway/bin/terraform");
}

/**
 * Looks for a Terraform that is new enough: SLIPWAY_TERRAFORM (and then only that), the PATH, an earlier download.
 *
 * @param {{ root: string, env: NodeJS.ProcessEnv, known?: KnownProgram }} context
 * @returns {Promise<Finding<KnownProgram> & { mayFetch: boolean }>} `mayFetch`: whether a download would solve it
 */
export async function findTerraform({ root, env, known }) {
  if (env.SLIPWAY_TERRAFORM) {
    const named = resolve(root, env.SLIPWAY_TERRAFORM);
    const next = `set SLIPWAY_TERRAFORM to the path of a Terraform ${minimumTerraform} or newer, or unset it`;
    if (!isExecutableFile(named)) {
      const why = `SLIPWAY_TERRAFORM names ${named}, which is no executable file`;
      return { ...missing({ what: "The named Terraform does not exist", why, next }), mayFetch: false };
    }
    return { ...(await judge(named, env, known, "SLIPWAY_TERRAFORM", next)), mayFetch: false };
  }
  const next =
    "npm start fetches it; or install it (https://developer.hashicorp.com/terraform/install), " +
    "or set SLIPWAY_TERRAFORM to its path";
  const onPath = findOnPath("terraform", env);
  const first =
    onPath === undefined
      ? missing({
          what: "Terraform is not installed",
          why: `there is no terraform on the PATH; Slipway needs ${minimumTerraform} or newer`,
          next,
        })
      : await judge(onPath, env, known, "the PATH", next);
  if (first.ok || !existsSync(fetchedTerraformPath(root))) {
    return { ...first, mayFetch: true };
  }
  const fetched = await judge(fetchedTerraformPath(root), env, known, ".slipway/bin", next);
  return { ...(fetched.ok ? fetched : first), mayFetch: true };
}

/**
 * @param {string} path
 * @param {NodeJS.ProcessEnv} env
 * @param {KnownProgram | undefined} known
 * @param {string} origin how it was found, for the message
 * @param {string} next
 * @returns {Promise<Finding<KnownProgram>>}
 */
async function judge(path, env, known, origin, next) {
  let failure = "";
  const program = await learnProgram(path, known, async () => {
    const result = await runTool(path, ["version", "-json"], { env: terraformEnv(env), timeoutMs: 20_000 });
    try {
      return String(JSON.parse(result.stdout).terraform_version);
    } catch {
      failure = result.error?.message ?? (result.stderr.trim().split("\n")[0] || "it printed no version");
      return "";
    }
  });
  if (program.version === "") {
    return missing({ what: `Terraform from ${origin} does not run`, why: `${path}: ${failure}`, next });
  }
  try {
    if (compareVersions(program.version, minimumTerraform) >= 0) {
      return found(program);
    }
  } catch {
    // not a version at all: told below
  }
  return missing({
    what: `Terraform ${program.version} from ${origin} is too old`,
    why: `${path}: Slipway needs ${minimumTerraform} or newer, for the lock file of the S3 backend`,
    next,
  });
}
