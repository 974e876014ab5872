import { detectApis } from "./detect-api.ts";
import { detectBuilds, packageAt } from "./detect-builds.ts";
import { configName, detectFunctions } from "./detect-functions.ts";
import { detectLayout, type TerraformLayout } from "./detect-layout.ts";
import { detectTables } from "./detect-tables.ts";
import { apiDocuments, type ReadYaml } from "./open-api.ts";
import type { EnvironmentFindings } from "./propose-config.ts";
import type { RepositoryFiles } from "./repository-files.ts";
import { TerraformFiles, type UnreadFile } from "./terraform-module.ts";

/** What is known of a repository besides its files. */
export interface RepositoryFacts {
  /** The name of its folder. */
  readonly folder: string;
  /** What was not read of it, before anybody looked into it. */
  readonly unread?: readonly UnreadFile[];
  /** `owner/name` on GitHub. */
  readonly github?: string;
  readonly branch?: string;
  /** Absent where nobody reads YAML: OpenAPI documents in it are not known then. */
  readonly readYaml?: ReadYaml;
}

/** What a repository has that can be released. */
export interface DetectedRepository {
  readonly files: RepositoryFiles;
  readonly project: string;
  readonly github?: { readonly repository: string; readonly branch?: string };
  readonly layout: TerraformLayout;
  readonly environments: readonly (EnvironmentFindings & { readonly oddHandlers: ReadonlyMap<string, string> })[];
  readonly unread: readonly UnreadFile[];
}

/** Why a repository has nothing that can be released. */
export interface NothingDetected {
  readonly unread: readonly UnreadFile[];
  readonly hasTerraform: boolean;
  /** Tools whose files were found, and that are not Terraform. */
  readonly otherTools: readonly string[];
}

const OTHER_TOOLS: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)serverless\.(ya?ml|ts|js|json)$/, "Serverless Framework"],
  [/(^|\/)samconfig\.toml$/, "AWS SAM"],
  [/(^|\/)cdk\.json$/, "AWS CDK"],
  [/(^|\/)sst\.config\.ts$/, "SST"],
  [/(^|\/)Pulumi\.ya?ml$/, "Pulumi"],
];

/** Looks through a repository. What cannot be known is left out. */
export function detectRepository(files: RepositoryFiles, facts: RepositoryFacts): DetectedRepository | NothingDetected {
  const terraform = new TerraformFiles(files, facts.unread);
  const layout = detectLayout(files, terraform);
  const { unread } = terraform;
  if (layout === undefined) {
    return {
      ...{ unread, hasTerraform: terraform.directories.length > 0 },
      otherTools: OTHER_TOOLS.flatMap(([pattern, name]) =>
        [...files.keys()].some((file) => pattern.test(file)) ? [name] : [],
      ),
    };
  }
  const documents = apiDocuments(files, facts.readYaml);
  const { name = facts.folder } = packageAt(files) ?? {};
  return {
    ...{ files, layout, unread },
    project: configName(name.replace(/^@[^/]+\//, "").replace(/-monorepo$/, "")),
    ...(facts.github && {
      github: { repository: facts.github, ...(facts.branch && facts.branch !== "main" && { branch: facts.branch }) },
    }),
    environments: layout.environments.map((environment) => {
      const functions = detectFunctions(environment.module, environment.name);
      return {
        ...{ environment, functions, ...detectBuilds(files, functions) },
        apis: detectApis(environment.module, documents),
        tables: detectTables(environment.module, environment.name),
      };
    }),
  };
}
