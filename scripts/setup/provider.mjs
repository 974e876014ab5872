/** @import { Finding } from "./finding.mjs" */
/** @import { ProviderSource } from "./setup-record.mjs" */
import { readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { compareVersions } from "./compare-versions.mjs";
import { found, missing } from "./finding.mjs";
import { goPlatform } from "./go-platform.mjs";
import { cliConfigWithProviders } from "./terraform-env.mjs";
import { awsProvider } from "./versions.mjs";

/** Where set-up keeps a provider that it fetched, in the layout of a mirror. @param {string} root */
export function fetchedProviderFolder(root) {
  return join(root, ".slipway/plugins");
}

/**
 * Looks for a folder that holds a fitting AWS provider: SLIPWAY_PROVIDER_MIRROR (and then only that), the mirrors that
 * Terraform itself would look into, what was fetched before, a mirror one level below /opt.
 *
 * @param {object} context
 * @param {string} context.root
 * @param {NodeJS.ProcessEnv} context.env
 * @param {string} [context.optFolder] `/opt`, or another folder in tests
 * @param {string} [context.platform] in Go's words, for example `linux_amd64`
 * @returns {Finding<ProviderSource & { source: "mirror" }> & { mayFetch: boolean }}
 */
export function findProvider({ root, env, optFolder = "/opt", platform = goPlatform() }) {
  const { namespace, type, constraint } = awsProvider;
  const what = `The Terraform provider ${namespace}/${type} ${constraint} is not on this machine`;
  if (env.SLIPWAY_PROVIDER_MIRROR) {
    const named = resolve(root, env.SLIPWAY_PROVIDER_MIRROR);
    const versions = versionsIn(named, platform);
    const version = newestFitting(versions);
    if (version !== undefined) {
      return { ...found({ source: "mirror", dir: named, version }), mayFetch: false };
    }
    const why =
      versions.length === 0
        ? `SLIPWAY_PROVIDER_MIRROR names ${named}, which has no ${mirrorPath()} for ${platform}`
        : `SLIPWAY_PROVIDER_MIRROR names ${named}, which has ${versions.join(", ")} only`;
    const next = "set SLIPWAY_PROVIDER_MIRROR to a folder made by `terraform providers mirror`, or unset it";
    return { ...missing({ what, why, next }), mayFetch: false };
  }
  const folders = [...impliedMirrors(root, env), fetchedProviderFolder(root), ...mirrorsBelow(optFolder)];
  for (const dir of folders) {
    const version = newestFitting(versionsIn(dir, platform));
    if (version !== undefined) {
      return { ...found({ source: "mirror", dir, version }), mayFetch: true };
    }
  }
  return {
    ...missing({
      what,
      why: `no folder holds it for ${platform}; looked into ${folders.join(", ")}`,
      next: "npm start fetches it; without a network, set SLIPWAY_PROVIDER_MIRROR to a folder made by `terraform providers mirror`",
    }),
    mayFetch: true,
  };
}

/**
 * Where the user's own Terraform configuration says where providers come from, `terraform init` is left to it.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {ProviderSource | undefined}
 */
export function providerFromCliConfig(env) {
  const cliConfig = cliConfigWithProviders(env);
  return cliConfig === undefined ? undefined : { source: "registry", cliConfig };
}

/**
 * The folders that Terraform searches by itself, in its order.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export function impliedMirrors(root, env) {
  const home = env.HOME || homedir();
  const system =
    process.platform === "darwin"
      ? [
          join(home, "Library/Application Support/io.terraform/plugins"),
          "/Library/Application Support/io.terraform/plugins",
        ]
      : [env.XDG_DATA_HOME || join(home, ".local/share")]
          .concat((env.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(delimiter))
          .filter((folder) => folder !== "")
          .map((folder) => join(folder, "terraform/plugins"));
  return [join(root, "terraform.d/plugins"), join(home, ".terraform.d/plugins"), ...system];
}

/** @param {string} folder */
function mirrorsBelow(folder) {
  return list(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => list(join(path, awsProvider.host)).length > 0);
}

/**
 * The versions in a mirror, unpacked (VERSION/PLATFORM/) or packed (terraform-provider-aws_VERSION_PLATFORM.zip).
 *
 * @param {string} folder
 * @param {string} platform
 * @returns {string[]}
 */
function versionsIn(folder, platform) {
  const base = join(folder, mirrorPath());
  /** @type {string[]} */
  const versions = [];
  for (const name of list(base)) {
    const packed = /^terraform-provider-aws_(.+)_([a-z0-9]+_[a-z0-9]+)\.zip$/.exec(name);
    if (packed !== null && packed[2] === platform && packed[1] !== undefined) {
      versions.push(packed[1]);
    } else if (hasProgram(join(base, name, platform))) {
      versions.push(name);
    }
  }
  return versions;
}

/** @param {string} folder */
function hasProgram(folder) {
  return list(folder).some((file) => {
    try {
      return file.startsWith(`terraform-provider-${awsProvider.type}`) && statSync(join(folder, file)).size > 0;
    } catch {
      return false;
    }
  });
}

/**
 * @param {readonly string[]} versions
 * @returns {string | undefined}
 */
function newestFitting(versions) {
  const fitting = versions.filter((version) => {
    try {
      return (
        !version.includes("-") &&
        compareVersions(version, awsProvider.minimum) >= 0 &&
        compareVersions(version, awsProvider.below) < 0
      );
    } catch {
      return false;
    }
  });
  return fitting.sort(compareVersions).at(-1);
}

function mirrorPath() {
  return join(awsProvider.host, awsProvider.namespace, awsProvider.type);
}

/** @param {string} folder */
function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
