import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import {
  adoptionNotes,
  type DetectedRepository,
  detectRepository,
  type NothingDetected,
  proposeConfig,
  proposedLife,
} from "@slipway/analysis";
import { type AdoptionReport, parseConfig } from "@slipway/contracts";
import { ReleaseError } from "@slipway/release-engine";
import { githubOf, readRepository } from "./read-repository.ts";
import { renderConfig } from "./render-config.ts";
import { writeConfig } from "./write-config.ts";

const FILE = "slipway.config.ts";

/** What becomes of the configuration: it is only shown, written where there is none, or takes the place of one. */
export type AdoptionMode = "show" | "write" | "replace";

/**
 * Looks through a repository for what Slipway can release, and writes a configuration of it.
 *
 * @throws {ReleaseError} `usage` when the folder is not there, or has nothing that can be released
 */
export async function adopt(
  directory: string,
  { env, mode }: { readonly env: NodeJS.ProcessEnv; readonly mode: AdoptionMode },
): Promise<AdoptionReport> {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ReleaseError({
      kind: "usage",
      what: `There is no folder ${directory}`,
      why: "init looks through a repository",
      next: "slipway init DIR, with a folder that is there",
    });
  }
  const { files, unread } = await readRepository(directory);
  const { parse } = await import("yaml");
  const facts = { folder: basename(directory), unread, ...(await githubOf(directory, env)) };
  const detected = detectRepository(files, { ...facts, readYaml: (text) => parse(text, { logLevel: "silent" }) });
  if (!("layout" in detected)) {
    throw nothingThere(directory, detected);
  }
  const config = proposeConfig(detected);
  const checked = parseConfig(config);
  if (!checked.ok) {
    throw new Error(`slipway init made a configuration that is not valid: ${checked.problems.join("; ")}`);
  }
  const notes = [...adoptionNotes(detected)];
  const file = join(directory, FILE);
  const text = renderConfig(config, notes, proposedLife(detected));
  const isWritten = mode !== "show" && (await writeConfig(file, text, { replace: mode === "replace" }));
  return {
    ...{ version: 1, repository: directory, file, notes, config: text },
    outcome: mode === "show" ? "shown" : isWritten ? "written" : "kept",
    found: foundIn(detected, config.infrastructure),
  };
}

/** Whether a repository has a configuration already. */
export function hasConfig(directory: string): boolean {
  return existsSync(join(directory, FILE));
}

function foundIn({ layout, environments }: DetectedRepository, infrastructure: string): AdoptionReport["found"] {
  const primary = environments.at(-1);
  return {
    infrastructure,
    environments: environments.map(({ environment: { name, module, variableFiles } }) => ({
      ...{ name, directory: module.directory, variableFiles: [...variableFiles] },
    })),
    functions: (primary?.functions ?? []).map(({ name, address }) => {
      const artifact = primary?.builds.get(name)?.artifact;
      return { name, address, ...(artifact && { artifact }) };
    }),
    apis: (primary?.apis ?? []).map(({ address, routes }) => ({
      address,
      routes: routes.map(({ method, path }) => `${method} ${path}`),
    })),
    tables: (primary?.tables ?? []).map(({ name, address }) => ({ name, address })),
    ...(layout.bootstrap && { bootstrap: layout.bootstrap.directory }),
  };
}

function nothingThere(directory: string, { hasTerraform, otherTools, unread }: NothingDetected): ReleaseError {
  const [broken] = unread;
  const why = [
    hasTerraform
      ? "its Terraform makes no aws_lambda_function, in no root module"
      : "there is no Terraform in it, and Slipway releases Lambda functions that Terraform makes",
    ...(otherTools.length > 0 ? [`it is made with ${otherTools.join(" and ")}, which Slipway does not read`] : []),
    ...(broken === undefined ? [] : [`${broken.file} could not be read: ${broken.why}`]),
  ];
  return new ReleaseError({
    kind: "usage",
    what: `${directory} has nothing that Slipway could release`,
    why: why.join("; "),
    next: "docs/adoption.md says what has to be there, and examples/short-links has all of it",
  });
}
