import {
  type EnvironmentConfig,
  type Evidence,
  type LedgerBody,
  type LedgerEntry,
  type OrphanReport,
  type SourceRevision,
  slipwayConfigSchema,
} from "@slipway/contracts";
import { RecordingProgress } from "@slipway/testing";
import type { PolicyInForce } from "../../policy/policy-in-force.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CommandResult } from "../../ports/command-runner.ts";
import type { FunctionState } from "../../ports/functions.ts";
import type { TableRecoveryPoints } from "../../ports/recovery-points.ts";
import type { SecretFinding } from "../../ports/secret-scanner.ts";
import type { SourceCommit } from "../../ports/source-repository.ts";
import type { StateResource, TerraformState } from "../../ports/terraform-states.ts";
import { createRedactor } from "../../redaction/create-redactor.ts";
import { ReleaseError } from "../../release-error.ts";
import type { ChecklistCheck } from "../checklist-check.ts";
import { type RunChecklistOptions, type RunChecklistPorts, runChecklist } from "../run-checklist.ts";

export const NOW = Date.UTC(2026, 10, 28, 12);
const HEAD = "a".repeat(40);

/** The world of a checklist, all of it in memory: tests change what they are about. */
export class FakeChecklist {
  now = NOW;
  revision: SourceRevision = { commit: HEAD, tree: "b".repeat(40), dirty: false };
  commits: SourceCommit[] = [commit()];
  /** What differs from the release that runs. */
  changed: string[] = ["functions/orders/index.ts"];
  files: Record<string, string> = {
    "README.md": "Orders. Run `npm test`.\n",
    "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- Orders can be cancelled.\n",
    "CONFIGURATION.md": "The table's name is in `TABLE_NAME`; `zones` are two.\n",
    "package.json": JSON.stringify({ scripts: { test: "vitest run" } }),
    "functions/orders/index.ts": "const table = process.env.TABLE_NAME;\n",
    "terraform/prod/variables.tf": 'variable "zones" {\n  type = list(string)\n}\n',
    "terraform/prod/main.tf": "environment = { TABLE_NAME = local.table }\n",
  };
  /** By commit and path. */
  earlier: Record<string, string> = {};
  modified: Record<string, number> = {};
  entries: LedgerEntry[] = [];
  state: TerraformState | undefined;
  secrets: SecretFinding[] = [];
  /** Paths that the scanner takes for no text, or for too much of it. */
  binary: string[] = [];
  tooLarge: string[] = [];
  table: TableRecoveryPoints = { pointInTime: null, newestBackup: null };
  versioning: "on" | "off" = "on";
  versions: Record<string, Pick<FunctionState, "state">> = {};
  orphans: Pick<OrphanReport, "verdict" | "orphans" | "gaps"> = { verdict: "clean", orphans: [], gaps: [] };
  /** What commands come out with, by their words; anything else ends with 0. */
  commands: Record<string, Partial<CommandResult> | (() => Promise<Partial<CommandResult>>)> = {};
  readonly ran: string[] = [];
  readonly stored = new Map<string, readonly Evidence[]>();
  readonly progress = new RecordingProgress();
  readonly config: EnvironmentConfig = environmentConfig();
  /** What differs from a policy that is the configuration's own. */
  policy: Partial<PolicyInForce> = {};
  variables: string[] | undefined;
  preflight: Record<string, string> = {};
  terraform: { ok: boolean; messages: string[] } = { ok: true, messages: [] };

  /** Waits only when it is given up: the budget of a checklist is over when a test says so. */
  readonly systemClock: Clock & { elapse(): void } = new ElapsingClock(() => this.now);

  get ports(): RunChecklistPorts {
    return {
      commands: {
        run: async (argv, { signal }) => {
          const words = argv.join(" ");
          this.ran.push(words);
          const planned = this.commands[words] ?? {};
          const result = typeof planned === "function" ? await planned() : planned;
          if (signal?.aborted) {
            throw new ReleaseError({ kind: "interrupted", what: `Stopped ${words}`, why: "asked to", next: "again" });
          }
          return { code: 0, stdout: "", tail: "", ...result };
        },
      },
      source: {
        revision: async () => this.revision,
        commits: async () => this.commits,
        contributors: async () =>
          this.commits.flatMap(({ author, committer, trailers }) => [
            ...[author, committer],
            ...(trailers["co-authored-by"] ?? []),
          ]),
        changedFiles: async () => this.changed,
        user: async () => "Olga <olga@example.com>",
        githubRepository: async () => undefined,
      },
      files: {
        read: async (path) => this.files[path],
        modifiedAt: async (path) => this.modified[path],
        readAt: async (_commit, path) => this.earlier[path],
        list: async () => Object.keys(this.files),
      },
      secrets: {
        name: "fake scanner 1",
        scan: async (paths) => {
          const binary = paths.filter((path) => this.binary.includes(path));
          const tooLarge = paths.filter((path) => this.tooLarge.includes(path));
          return {
            findings: this.secrets.filter(({ path }) => paths.includes(path)),
            scanned: paths.length - binary.length - tooLarge.length,
            ...{ binary: binary.length, tooLarge },
          };
        },
      },
      terraform: {
        format: async () => ({ ...this.terraform, command: "terraform fmt -check" }),
        validate: async () => ({ ...this.terraform, command: "terraform validate" }),
      },
      policy: async () => {
        const { approvals, checklist } = this.config.release;
        const { reviewers } = checklist;
        return { approvals, reviewers, isProtected: true, because: "the rules of r1", loosened: [], ...this.policy };
      },
      ledger: { read: async () => this.entries },
      state: { name: "prod", location: "s3://states/prod", read: async () => this.state },
      recovery: {
        ofTable: async () => this.table,
        ofStates: async () => ({ bucket: "states", versioning: this.versioning }),
      },
      functions: {
        readFunction: async (name, version) => {
          const found = this.versions[`${name}:${version}`];
          if (found === undefined) {
            throw new ReleaseError({ kind: "not-found", what: `No ${name}:${version}`, why: "gone", next: "look" });
          }
          return found as FunctionState;
        },
        readAlias: () => Promise.reject(new Error("nobody asks")),
      },
      variables: { namesOf: async () => this.variables && new Set(this.variables) },
      http: { send: async () => ({ status: 204, headers: this.preflight, body: "" }) },
      orphans: {
        find: async () => ({ ...this.orphans, totals: { orphans: this.orphans.orphans.length } }) as OrphanReport,
      },
      store: {
        read: async (check, inputs) => this.stored.get(`${check} ${inputs}`),
        write: async (check, inputs, evidence) => void this.stored.set(`${check} ${inputs}`, evidence),
      },
      clock: { now: () => this.now, sleep: () => Promise.reject(new Error("nobody waits")) },
      systemClock: this.systemClock,
      progress: this.progress,
      redactor: createRedactor(),
    };
  }

  options(checks: readonly ChecklistCheck[]): RunChecklistOptions {
    return {
      ...{ environment: "prod", config: this.config, infrastructure: "terraform", target: "AWS", flags: "" },
      policy: { requiredTags: [], accepted: [], next: {} },
      ...{ checks, waivers: [], signal: new AbortController().signal },
      apiUrl: () => "https://api.example.com/prod",
    };
  }

  run(checks: readonly ChecklistCheck[], changes: Partial<RunChecklistOptions> = {}): Promise<Evidence[]> {
    return runChecklist(this.ports, { ...this.options(checks), ...changes });
  }

  /** The one line's evidence. */
  async look(check: ChecklistCheck): Promise<Evidence> {
    const [first] = await this.run([check], { fresh: true });
    if (first === undefined) {
      throw new Error(`${check.name} found nothing`);
    }
    return first;
  }

  write(body: LedgerBody, release: string | null = null, by = "Olga <olga@example.com>"): void {
    const sequence = this.entries.length + 1;
    this.entries.push({
      ...{
        version: 1,
        environment: "prod",
        sequence,
        at: new Date(this.now).toISOString(),
        by: { name: by },
        token: 1,
      },
      ...{ release, body, previous: "0".repeat(64), hash: "0".repeat(64) },
    });
  }

  /** A release of an earlier commit is live. */
  release(id: string, version: string, authors: string[] = [], commit: string | null = "c".repeat(40)): void {
    const source = { commit, tree: "d".repeat(40), dirty: false };
    const step = { id: "smoke", kind: "smoke", title: "smoke", guide: "Smoke", undo: "nothing" } as const;
    const plan = { version: 1, environment: "prod", release: id, source, previous: null, steps: [step] } as const;
    this.write({ type: "release.started", plan: { ...plan, steps: [...plan.steps] }, authors }, id);
    const functions = [
      {
        ...{ name: "orders", functionName: "orders-prod", alias: "live", version, previousVersion: "1" },
        artifactSha256: "e".repeat(64),
      },
    ];
    this.write({ type: "release.ended", outcome: "live", reason: "all steps are done", functions }, id);
  }
}

export function commit(changes: Partial<SourceCommit> = {}): SourceCommit {
  return {
    ...{ hash: HEAD, author: "Ada <ada@example.com>", committer: "Ada <ada@example.com>", subject: "Cancel orders" },
    ...{ trailers: {}, signature: "G" },
    ...changes,
  };
}

export function resource(type: string, attributes: Readonly<Record<string, unknown>>): StateResource {
  return { address: `${type}.it`, type, name: "it", attributes };
}

class ElapsingClock implements Clock {
  readonly #now: () => number;
  readonly #waiting = new Set<() => void>();

  constructor(now: () => number) {
    this.#now = now;
  }

  now(): number {
    return this.#now();
  }

  sleep(_milliseconds: number, signal?: AbortSignal): Promise<void> {
    // Given up: nobody may take it for the time's end.
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      signal?.addEventListener("abort", () => this.#waiting.delete(resolve));
    });
  }

  elapse(): void {
    for (const resolve of this.#waiting) {
      resolve();
    }
  }
}

function environmentConfig(): EnvironmentConfig {
  const config = slipwayConfigSchema.parse({
    ...{ project: "orders", region: "eu-central-1", infrastructure: "terraform" },
    bootstrap: { directory: "terraform/bootstrap", outputs: { stateBucket: "state_bucket" } },
    environments: {
      prod: {
        terraform: { directory: "terraform/prod", stateKey: "prod/terraform.tfstate" },
        functions: [
          {
            ...{ name: "orders", directory: "functions/orders", build: ["make"], artifact: "functions/orders/out" },
            outputs: { functionName: "function_name", alias: "alias", artifactBucket: "bucket" },
          },
        ],
        api: { urlOutput: "url" },
        smoke: {
          steps: [
            {
              ...{ name: "CORS", method: "OPTIONS", path: "/orders" },
              expect: { status: 204, headers: { "Access-Control-Allow-Origin": "https://shop.example.com" } },
            },
          ],
        },
      },
    },
  });
  return config.environments.prod as EnvironmentConfig;
}
