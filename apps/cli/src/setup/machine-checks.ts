import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { compareVersions } from "../../../../scripts/setup/compare-versions.mjs";
import { findDependencies } from "../../../../scripts/setup/dependencies.mjs";
import { findOnPath, isExecutableFile } from "../../../../scripts/setup/find-on-path.mjs";
import type { Finding } from "../../../../scripts/setup/finding.mjs";
import { findProvider, providerFromCliConfig } from "../../../../scripts/setup/provider.mjs";
import { runTool } from "../../../../scripts/setup/run-tool.mjs";
import { findRuntimeNode } from "../../../../scripts/setup/runtime-node.mjs";
import type { Problem } from "../../../../scripts/setup/setup-error.mjs";
import { findTerraform } from "../../../../scripts/setup/terraform.mjs";
import { missingCliConfig } from "../../../../scripts/setup/terraform-env.mjs";
import { runtimeNodeMajor } from "../../../../scripts/setup/versions.mjs";

/** One line of `slipway doctor`. */
export interface MachineCheck {
  name: string;
  /** `missing` stops `npm start`; `warn` takes something away or is worth knowing. */
  status: "ok" | "warn" | "missing";
  /** The version and path that were found, or what is wrong. */
  found: string;
  /** What to type; empty where nothing is to be done. */
  next: string;
}

export interface CheckedMachine {
  /** The clone's folder. */
  root: string;
  env: NodeJS.ProcessEnv;
  /** The port that local AWS listens on unless told otherwise. */
  port: number;
}

/** What the dependencies, the provider's copies and a few rehearsals need. */
const wantedDiskBytes = 2e9;
const neededDiskBytes = 3e8;

/**
 * Looks at everything that Slipway needs on this machine, by the same functions that set-up decides by. Changes nothing.
 *
 * @returns the checks in the order in which set-up needs them
 */
export async function checkMachine(machine: CheckedMachine): Promise<MachineCheck[]> {
  const { root, env } = machine;
  return [
    checkNpm(machine),
    fromFinding("dependencies", findDependencies(root), () => "as package-lock.json says"),
    fromFinding(`Node ${runtimeNodeMajor}`, await findRuntimeNode({ root }), describeProgram),
    fromFinding("Terraform", await findTerraform({ root, env }), describeProgram),
    checkProvider(machine),
    ...checkCliConfig(env),
    checkSlipwayFolder(root),
    checkDisk(root),
    await checkPort(machine.port),
    await checkAwsCli(env),
    await checkGit(env),
  ];
}

function fromFinding<T>(name: string, finding: Finding<T>, describe: (value: T) => string): MachineCheck {
  return finding.ok ? ok(name, describe(finding.value)) : bad(name, "missing", finding.problem);
}

function checkNpm({ root, env }: CheckedMachine): MachineCheck {
  const npm = findOnPath("npm", env, { except: join(root, "node_modules") });
  return npm === undefined
    ? { name: "npm", status: "missing", found: "not on the PATH", next: "install npm: https://nodejs.org brings it" }
    : ok("npm", npm);
}

function checkProvider({ root, env }: CheckedMachine): MachineCheck {
  const provider = findProvider({ root, env });
  const configured = !provider.ok && provider.mayFetch ? providerFromCliConfig(env) : undefined;
  return configured?.source === "registry"
    ? ok("AWS provider", `from where ${configured.cliConfig} says`)
    : fromFinding("AWS provider", provider, ({ version, dir }) => `${version}, ${dir}`);
}

function checkCliConfig(env: NodeJS.ProcessEnv): MachineCheck[] {
  const file = missingCliConfig(env);
  return file === undefined
    ? []
    : [
        {
          name: "Terraform configuration",
          status: "warn",
          found: `TF_CLI_CONFIG_FILE names ${file}, which does not exist; Slipway leaves it out`,
          next: "unset TF_CLI_CONFIG_FILE",
        },
      ];
}

function checkSlipwayFolder(root: string): MachineCheck {
  const folder = join(root, ".slipway");
  try {
    accessSync(existsSync(folder) ? folder : dirname(folder), constants.W_OK);
    return ok(".slipway folder", folder);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { name: ".slipway folder", status: "missing", found, next: `chown -R "$(id -un)" ${folder}` };
  }
}

function checkDisk(root: string): MachineCheck {
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  const found = `${(free / 1e9).toFixed(1)} GB free`;
  if (free >= wantedDiskBytes) {
    return ok("disk", found);
  }
  const next = `free some space: ${wantedDiskBytes / 1e9} GB are comfortable`;
  return { name: "disk", status: free < neededDiskBytes ? "missing" : "warn", found, next };
}

async function checkPort(port: number): Promise<MachineCheck> {
  const name = `port ${port}`;
  // Knocks instead of listening, so as not to be in the way of a local AWS that starts at this moment.
  const isTaken = await new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: 2_000 });
    const answer = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once("connect", () => answer(true));
    socket.once("timeout", () => answer(true));
    socket.once("error", () => answer(false));
  });
  const next = "fine if this is local AWS already (slipway local status); otherwise: slipway local start --port N";
  return isTaken ? { name, status: "warn", found: "in use", next } : ok(name, "free");
}

async function checkAwsCli(env: NodeJS.ProcessEnv): Promise<MachineCheck> {
  const name = "AWS CLI";
  const next =
    "apt-get install awscli, or https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html";
  const named = env.SLIPWAY_AWS_CLI;
  const path = named === undefined || named === "" ? findOnPath("aws", env) : named;
  if (path === undefined || !isExecutableFile(path)) {
    const found = path === undefined ? "not on the PATH" : `SLIPWAY_AWS_CLI names ${path}, which is no executable file`;
    return { name, status: "warn", found: `${found}; the guide's aws commands need version 2`, next };
  }
  const result = await runTool(path, ["--version"], { timeoutMs: 20_000 });
  const version = /^aws-cli\/(\S+)/.exec(result.stdout || result.stderr)?.[1];
  if (version === undefined) {
    return { name, status: "warn", found: `${path} prints no version`, next };
  }
  return compareVersions(version, "2.0.0") >= 0
    ? ok(name, `${version}, ${path}`)
    : { name, status: "warn", found: `${version}, ${path}: the guide's aws logs tail needs version 2`, next };
}

async function checkGit(env: NodeJS.ProcessEnv): Promise<MachineCheck> {
  const path = findOnPath("git", env);
  const result = path === undefined ? undefined : await runTool(path, ["--version"], { timeoutMs: 10_000 });
  const version = /(\d+\.\d+(?:\.\d+)?)/.exec(result?.stdout ?? "")?.[1];
  return version === undefined
    ? {
        name: "git",
        status: "warn",
        found: path === undefined ? "not on the PATH; a release records its commit" : `${path} prints no version`,
        next: "install git: https://git-scm.com/downloads",
      }
    : ok("git", `${version}, ${path}`);
}

function describeProgram({ version, path }: { version: string; path: string }): string {
  return `${version}, ${path}`;
}

function ok(name: string, found: string): MachineCheck {
  return { name, status: "ok", found, next: "" };
}

function bad(name: string, status: "warn" | "missing", { what, why, next }: Problem): MachineCheck {
  return { name, status, found: `${what}: ${why}`, next };
}
