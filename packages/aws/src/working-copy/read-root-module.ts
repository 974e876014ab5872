import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { findBlocks, type HclBlock, textAttribute } from "./find-blocks.ts";

/** What a root module says about where it works. */
export interface RootModule {
  /** One for each `provider "aws"` block: its alias, or undefined for the one without. */
  awsProviders: readonly (string | undefined)[];
  /**
   * Whether it may need the AWS provider without such a block: it names AWS somewhere, or has modules, or its lock file knows the provider,
   * as it does of what is in the state and not in the files any more.
   */
  mayUseAws: boolean;
  /** The type in its backend block, `cloud`, or undefined where it has none. */
  backend: string | undefined;
}

const USES_AWS = /aws|\bmodule\b/;

/** Reads a root module's provider and backend blocks, from both of Terraform's syntaxes. */
export async function readRootModule(directory: string): Promise<RootModule> {
  const awsProviders: (string | undefined)[] = [];
  let backend: string | undefined;
  const lockFile = join(directory, ".terraform.lock.hcl");
  let mayUseAws = existsSync(lockFile) && USES_AWS.test(await readFile(lockFile, "utf8"));
  const names = (await readdir(directory)).filter((name) => /\.tf(\.json)?$/.test(name)).sort();
  for (const name of names) {
    const source = await readFile(join(directory, name), "utf8");
    mayUseAws ||= USES_AWS.test(source);
    const found = name.endsWith(".json") ? readJson(JSON.parse(source)) : readNative(findBlocks(source));
    awsProviders.push(...found.awsProviders.filter((alias) => !awsProviders.includes(alias)));
    backend = found.backend ?? backend;
  }
  return { awsProviders, backend, mayUseAws };
}

function readNative(blocks: readonly HclBlock[]): Omit<RootModule, "mayUseAws"> {
  const settings = blocks.filter(({ type }) => type === "terraform").flatMap(({ body }) => findBlocks(body));
  return {
    awsProviders: blocks
      .filter(({ type, labels }) => type === "provider" && labels[0] === "aws")
      .map(({ body }) => textAttribute(body, "alias")),
    backend:
      settings.find(({ type }) => type === "backend")?.labels[0] ??
      (settings.some(({ type }) => type === "cloud") ? "cloud" : undefined),
  };
}

/** @see https://developer.hashicorp.com/terraform/language/syntax/json */
function readJson(document: {
  provider?: { aws?: { alias?: string } | { alias?: string }[] };
  terraform?: { backend?: object; cloud?: object } | { backend?: object; cloud?: object }[];
}): Omit<RootModule, "mayUseAws"> {
  const settings = [document.terraform ?? []].flat();
  const backends = settings.flatMap(({ backend }) => Object.keys(backend ?? {}));
  return {
    awsProviders: [document.provider?.aws ?? []].flat().map(({ alias }) => alias),
    backend: backends[0] ?? (settings.some(({ cloud }) => cloud !== undefined) ? "cloud" : undefined),
  };
}
