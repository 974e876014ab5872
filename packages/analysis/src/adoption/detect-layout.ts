import { posix } from "node:path";
import { type HclObject, type HclValue, UNKNOWN } from "../hcl/hcl-value.ts";
import { readHcl } from "../hcl/read-hcl.ts";
import { configName } from "./detect-functions.ts";
import { detectBootstrap } from "./detect-tables.ts";
import type { DetectedBootstrap } from "./detected.ts";
import type { RepositoryFiles } from "./repository-files.ts";
import { isTerraform, type TerraformFiles, type TerraformModule } from "./terraform-module.ts";

/** Where an environment comes from. */
export interface DetectedEnvironment {
  readonly name: string;
  readonly module: TerraformModule;
  /** Files with its values, that Terraform does not read by itself. */
  readonly variableFiles: readonly string[];
  readonly stateKey: string;
  /** Whether the state's key stands in the code, in a backend's file, or nowhere. */
  readonly stateKeyFrom: "backend" | "file" | "nowhere";
  /** Variables that have no value. */
  readonly without: readonly string[];
}

/** The Terraform of a repository. */
export interface TerraformLayout {
  /** The folder that has everything that Terraform reads. */
  readonly infrastructure: string;
  readonly environments: readonly DetectedEnvironment[];
  /** How environments differ: by folders, by files with values, or not at all. */
  readonly by: "folders" | "files" | "nothing";
  /** Root modules with functions that are left out. */
  readonly others: readonly string[];
  readonly bootstrap: DetectedBootstrap | undefined;
  /** Of each service root: `s3`, `local`, `cloud`, undefined. */
  readonly backend: string | undefined;
  readonly usesWorkspaces: boolean;
  readonly region: string | undefined;
}

/** Folders whose Terraform shows or tests something. */
const NOT_RELEASED =
  /(^|\/)(examples?|tests?|e2e|fixtures|testdata|samples?|node_modules|\.terraform|\.slipway|vendor)(\/|$)/;
const ENVIRONMENT =
  /^(dev|develop|development|test|testing|qa|uat|int|integration|sandbox|preview|demo|stage|staging|preprod|prod|production|live)([-_].+)?$/i;
const SHARED_VALUES = /^(common|shared|global|globals|default|defaults|base|all)$/;
const VALUES = /\.tfvars(\.json)?$/;
const AUTOMATIC = /^(terraform\.tfvars|.+\.auto\.tfvars)(\.json)?$/;
/** From what is thrown away to what must not fail; others stand before that. */
const ORDER = [/^(dev|sandbox|preview|demo)/, /^(test|qa|int|uat)/, /^(stag|preprod)/, /^(?!)/, /^(prod|live)/];
const PRODUCTION_RANK = 4;

/** Finds the root modules, and which environments they are for; undefined where none makes a Lambda function. */
export function detectLayout(files: RepositoryFiles, terraform: TerraformFiles): TerraformLayout | undefined {
  const roots = rootsOf(terraform);
  const services = roots.filter((each) =>
    terraform.open(each).resources.some(({ type }) => type === "aws_lambda_function"),
  );
  const [first] = services;
  if (first === undefined) {
    return undefined;
  }
  const byFolder = services.filter(
    (each) =>
      ENVIRONMENT.test(posix.basename(each)) &&
      posix.dirname(each) === posix.dirname(services.find((one) => ENVIRONMENT.test(posix.basename(one))) ?? ""),
  );
  const chosen = byFolder.length > 0 ? byFolder : [first];
  const found =
    byFolder.length > 0
      ? byFolder.map((directory) => ({
          directory,
          name: configName(posix.basename(directory)),
          variableFiles: [] as string[],
        }))
      : environmentsByFiles(first, files);
  const by = byFolder.length > 0 ? "folders" : found.length > 0 ? "files" : "nothing";
  const environments = (found.length > 0 ? found : [{ directory: first, name: "prod", variableFiles: [] as string[] }])
    .map((each) => openEnvironment(each, files, terraform))
    .sort((left, right) => rankOf(left.name) - rankOf(right.name) || (left.name < right.name ? -1 : 1));
  const bootstraps = roots
    .filter((each) => !services.includes(each))
    .flatMap((each) => detectBootstrap(terraform.open(each)) ?? []);
  const bootstrap =
    bootstraps.find(({ ledgerTable }) => ledgerTable !== undefined) ??
    bootstraps.find(({ stateBucket }) => stateBucket !== undefined);
  const primary = environments.at(-1)?.module;
  return {
    infrastructure: commonFolder([
      ...environments.flatMap(({ module, variableFiles }) => [
        module.directory,
        ...module.modules,
        ...variableFiles.map((file) => posix.dirname(file)),
      ]),
      ...(bootstrap === undefined ? [] : [bootstrap.directory, ...terraform.open(bootstrap.directory).modules]),
    ]),
    ...{ environments, by, bootstrap, others: services.filter((each) => !chosen.includes(each)) },
    backend: primary && backendOf(primary).type,
    usesWorkspaces: chosen.some((each) => usesWorkspaces(terraform.open(each), files)),
    region: primary && regionOf(primary),
  };
}

function rankOf(name: string): number {
  const rank = ORDER.findIndex((pattern) => pattern.test(name));
  return rank === -1 ? PRODUCTION_RANK - 1 : rank;
}

/** Folders that no other one calls as a module. */
function rootsOf(terraform: TerraformFiles): readonly string[] {
  const directories = terraform.directories.filter((each) => !NOT_RELEASED.test(each));
  const called = new Set(
    directories.flatMap((directory) =>
      terraform.blocksIn(directory).flatMap(({ block }) => {
        const source = block.type === "module" ? block.body.attributes.get("source")?.(() => UNKNOWN) : undefined;
        return typeof source === "string" && source.startsWith(".") ? [posix.join(directory, source)] : [];
      }),
    ),
  );
  return directories.filter((each) => !called.has(each));
}

/** One root module whose environments have a file with values each. */
function environmentsByFiles(directory: string, files: RepositoryFiles) {
  const parent = posix.dirname(directory);
  const values = [...files.keys()].filter(
    (file) =>
      VALUES.test(file) &&
      !NOT_RELEASED.test(file) &&
      (isBelow(file, directory) || (parent !== "." && isBelow(file, parent))),
  );
  const shared: string[] = [];
  const named = new Map<string, string>();
  for (const file of values.sort()) {
    const base = posix.basename(file);
    const folder = posix.basename(posix.dirname(file));
    const name = AUTOMATIC.test(base)
      ? posix.dirname(file) === directory
        ? undefined
        : folder
      : base.replace(VALUES, "");
    if (name === undefined) {
      continue;
    }
    if (SHARED_VALUES.test(name)) {
      shared.push(file);
    } else if (!named.has(configName(name))) {
      named.set(configName(name), file);
    }
  }
  return [...named].map(([name, file]) => ({ directory, name, variableFiles: [...shared, file] }));
}

function isBelow(file: string, folder: string): boolean {
  return folder === "." || file.startsWith(`${folder}/`);
}

function openEnvironment(
  {
    directory,
    name,
    variableFiles,
  }: { readonly directory: string; readonly name: string; readonly variableFiles: readonly string[] },
  files: RepositoryFiles,
  terraform: TerraformFiles,
): DetectedEnvironment {
  const automatic = [...files.keys()]
    .filter((file) => posix.dirname(file) === directory && AUTOMATIC.test(posix.basename(file)))
    .sort();
  const given: HclObject = Object.assign(
    {},
    ...[...automatic, ...variableFiles].map((file) => valuesIn(file, files.get(file) ?? "")),
  );
  const module = terraform.open(directory, given);
  const without = module.blocks.flatMap(
    ({
      block: {
        type,
        labels: [variable = ""],
        body,
      },
    }) => (type === "variable" && !body.attributes.has("default") && given[variable] === undefined ? [variable] : []),
  );
  const { key } = backendOf(module);
  const inFile = key === undefined ? keyInFile(directory, name, files) : undefined;
  return {
    ...{ name, module, variableFiles, without },
    stateKey: key ?? inFile ?? `${name}/terraform.tfstate`,
    stateKeyFrom: key !== undefined ? "backend" : inFile !== undefined ? "file" : "nowhere",
  };
}

function valuesIn(file: string, text: string): HclObject {
  try {
    if (file.endsWith(".json")) {
      return JSON.parse(text);
    }
    const { attributes } = readHcl(text);
    return Object.fromEntries([...attributes].map(([name, value]) => [name, value(() => UNKNOWN)]));
  } catch {
    return {};
  }
}

function keyInFile(directory: string, environment: string, files: RepositoryFiles): string | undefined {
  for (const [file, text] of files) {
    const isBackend = /\.tfbackend$|backend[^/]*\.hcl$|\.backend\.hcl$/.test(file);
    if (isBackend && isBelow(file, directory) && configName(file).includes(environment)) {
      const { key } = valuesIn(file, text);
      if (typeof key === "string") {
        return key;
      }
    }
  }
  return undefined;
}

function backendOf(module: TerraformModule): { readonly type: string | undefined; readonly key?: string } {
  const settings = module.blocks
    .filter(({ block }) => block.type === "terraform")
    .flatMap(({ block }) => block.body.blocks);
  const backend = settings.find(({ type }) => type === "backend");
  const key = backend?.body.attributes.get("key")?.(() => UNKNOWN);
  return {
    type: backend?.labels[0] ?? (settings.some(({ type }) => type === "cloud") ? "cloud" : undefined),
    ...(typeof key === "string" && /^[^/].*\.tfstate$/.test(key) && { key }),
  };
}

function regionOf(module: TerraformModule): string | undefined {
  const provider = module.blocks.find(
    ({ block }) => block.type === "provider" && block.labels[0] === "aws" && !block.body.attributes.has("alias"),
  );
  let region: HclValue | undefined;
  try {
    region = provider?.block.body.attributes.get("region")?.(module.scope);
  } catch {
    region = undefined;
  }
  return typeof region === "string" && /^[a-z]{2}(-[a-z]+)+-\d$/.test(region) ? region : undefined;
}

function usesWorkspaces({ directory, modules }: TerraformModule, files: RepositoryFiles): boolean {
  return [...files].some(
    ([file, text]) =>
      isTerraform(file) &&
      [directory, ...modules].includes(posix.dirname(file)) &&
      /\bterraform\.workspace\b/.test(text),
  );
}

/** The deepest folder that has all of them. */
function commonFolder(folders: readonly string[]): string {
  const [first = [], ...others] = folders.map((folder) => (folder === "." ? [] : folder.split("/")));
  const length = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  const common = length === -1 ? first : first.slice(0, length);
  return common.length === 0 ? "." : common.join("/");
}
