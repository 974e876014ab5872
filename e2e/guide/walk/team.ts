import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findAwsCli } from "../../support/aws-cli.ts";
import { readSetupRecord, repositoryRoot } from "../../support/repository.ts";

/** Who types the guide's commands. */
export const people = {
  jane: { name: "Jane Doe", email: "jane@example.com" },
  sam: { name: "Sam Lee", email: "sam@example.com" },
} as const;

const MONTH_MS = 30 * 86_400_000;

/** An entry of `release.waivers`: Sam answers for it. */
export function waiver(check: string, reason: string): string {
  const expires = new Date(Date.now() + MONTH_MS).toISOString().slice(0, 10);
  return `    { check: "${check}", by: "Sam Lee <sam@example.com>", reason: "${reason}", expires: "${expires}" },\n`;
}

/** A change of files: what stands in them, and what shall. */
export type Change = Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;

/** What a team does to the repository before it goes by the guide: its own origin, and who answers for an API that asks for no token. */
const ADOPTED: Change = {
  "slipway.config.ts": [
    ['staging: "*", prod: "*" }', 'staging: "https://test.example.com", prod: "https://app.example.com" }'],
    // People say when the traffic goes back.
    [
      "    release: {\n      ...release,",
      "    incidents: { automatic: { rollback: false } },\n    release: {\n      ...release,",
    ],
    [
      'root: "environments/staging",\n        reason:',
      'root: "environments/prod",\n        reason: "what is in it is for everybody to read; its stage is throttled",\n      },\n      {\n        finding: "exposure.unauthenticated-api",\n        address: "module.items.module.api.aws_api_gateway_rest_api.this",\n        root: "environments/staging",\n        reason:',
    ],
    // Each release goes through a checklist. What takes minutes is typed once, in chapter 1, for all that there is; and whether something is known to
    // be vulnerable is for the registry to say, on the day.
    [
      "  checklist: {\n    documentation: {",
      `  waivers: [
${waiver("checklist.audit", "looked at by hand, in chapter 1")}  ],
  checklist: {
    lint: ["npm", "run", "lint", "--workspace", "@slipway/api-handler"],
    validateInfrastructure: ["terraform", "-chdir=infrastructure/environments/prod", "validate"],
    documentation: {`,
    ],
  ],
  // All tests would take longer than the walk, and are what it is one of.
  "vitest.config.ts": [
    ['["apps", "packages", "data", "tools", "scripts"].map', '["packages/analysis", "apps/api-handler/src/items"].map'],
    ['include: ["apps/*/src/**/*.ts", "packages/*/src/**/*.ts"]', 'include: ["packages/analysis/src/**/*.ts"]'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what stands there
    ["include: [`e2e/**/*.${suffix}.ts`]", "include: []"],
  ],
};

/** A machine of a team's, with a clone of what is committed here, and what is on it according to the guide. */
export class Team {
  readonly clone: string;
  /** What is in the environment of everybody's shell, but for which AWS it speaks to. */
  readonly env: NodeJS.ProcessEnv;
  readonly #home: string;

  static async move(folder: string, port: number): Promise<Team> {
    return new Team(folder, dirname(await findAwsCli()), port);
  }

  private constructor(folder: string, awsFolder: string, port: number) {
    this.clone = join(folder, "clone");
    this.#home = join(folder, "home");
    const bin = join(this.#home, "bin");
    const { terraform, provider } = readSetupRecord();
    this.env = {
      ...{ HOME: this.#home, LANG: "C.UTF-8" },
      PATH: [bin, awsFolder, dirname(terraform.path), process.env.PATH].join(delimiter),
      // What npm has fetched before need not be fetched again.
      npm_config_cache: execFileSync("npm", ["config", "get", "cache"], { encoding: "utf8" }).trim(),
      npm_config_prefer_offline: "true",
      // For what is done to local AWS itself.
      SLIPWAY_LOCAL_PORT: String(port),
      GIT_CONFIG_SYSTEM: "/dev/null",
      // Unbuffered, so that a pipe gets lines when a terminal would.
      PYTHONUNBUFFERED: "1",
      CHECKPOINT_DISABLE: "1",
      ...(provider.source === "mirror"
        ? { TF_CLI_CONFIG_FILE: join(this.#home, "terraformrc") }
        : { TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE }),
    };
    mkdirSync(bin, { recursive: true });
    if (provider.source === "mirror") {
      const mirror = `filesystem_mirror {\n    path = ${JSON.stringify(provider.dir)}\n  }`;
      writeFileSync(join(this.#home, "terraformrc"), `provider_installation {\n  ${mirror}\n}\n`);
    }
    execFileSync("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, this.clone]);
    const modules = (root: string) => join(root, "node_modules");
    cpSync(modules(repositoryRoot), modules(this.clone), { recursive: true, verbatimSymlinks: true });
    // `slipway` is `npx slipway` in the clone, wherever in it somebody is.
    const program = join(bin, "slipway");
    writeFileSync(program, `#!/bin/sh\nexec '${join(modules(this.clone), ".bin/slipway")}' "$@"\n`);
    chmodSync(program, 0o755);
    this.#makeKey();
    // As the README of infrastructure/environments/prod says; both are committed nowhere.
    this.write("infrastructure/environments/prod/backend.hcl", 'bucket = "terraform-state"\nregion = "us-east-1"\n');
    this.write(
      "infrastructure/environments/prod/terraform.tfvars",
      'bucket_prefix      = ""\naccess_log_bucket  = "access-logs"\ncors_allow_origins = ["https://app.example.com"]\n',
    );
    this.commit("Make it our own", ADOPTED);
  }

  /** A key of Jane's, which signs her commits, and whose signatures everybody here trusts. */
  #makeKey(): void {
    const key = join(this.#home, ".ssh/id_ed25519");
    const signers = join(this.#home, "allowed_signers");
    const { email } = people.jane;
    mkdirSync(dirname(key), { recursive: true, mode: 0o700 });
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", email, "-f", key]);
    writeFileSync(signers, `${email} ${readFileSync(`${key}.pub`, "utf8")}`);
    writeFileSync(
      join(this.#home, ".gitconfig"),
      `[user]\n  signingkey = ${key}.pub\n[gpg]\n  format = ssh\n[gpg "ssh"]\n  allowedSignersFile = ${signers}\n[commit]\n  gpgsign = true\n`,
    );
  }

  /** Variables that say who somebody is. */
  as(person: keyof typeof people): NodeJS.ProcessEnv {
    const { name, email } = people[person];
    return {
      ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email },
      ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email },
    };
  }

  /** Goes back to a commit, with what this machine knew of the ledger gone. */
  checkOut(commit: string): void {
    this.git("checkout", "--quiet", "--force", "-B", "main", commit);
    this.git("clean", "--quiet", "-d", "--force");
    for (const name of ["ledger", "plans"]) {
      rmSync(join(this.clone, ".slipway", name), { recursive: true, force: true });
    }
  }

  git(...words: readonly string[]): string {
    return execFileSync("git", words, {
      ...{ cwd: this.clone, encoding: "utf8", env: { ...this.env, ...this.as("jane") } },
    });
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.clone, file), content);
  }

  /**
   * Commits a change of Jane's, signed, and read by two others.
   *
   * @throws Error when a file has not what is to be changed
   */
  commit(message: string, change: Change): void {
    for (const [file, edits] of Object.entries(change)) {
      const before = readFileSync(join(this.clone, file), "utf8");
      const after = edits.reduce((text, [from, to]) => {
        if (!text.includes(from)) {
          throw new Error(`${file} has no '${from}'`);
        }
        return text.replace(from, () => to);
      }, before);
      this.write(file, after);
      if (file.endsWith(".ts")) {
        // As whoever commits here does; the guide's `npm run lint` looks.
        const biome = join(this.clone, "node_modules/.bin/biome");
        execFileSync(biome, ["format", "--write", file], { cwd: this.clone, env: this.env, stdio: "ignore" });
      }
    }
    const trailers = [
      "Reviewed-by: Sam Lee <sam@example.com>",
      "Reviewed-by: Kim Park <kim@example.com>",
      "Deployment-Note: nothing to watch out for but what the checkpoints watch",
    ];
    this.git("commit", "--quiet", "--all", "--message", message, "--message", trailers.join("\n"));
  }
}
