import { acceptFindings, judgeResources } from "@slipway/analysis";
import type {
  Actor,
  EnvironmentConfig,
  InfrastructureFinding,
  InfrastructurePolicy,
  LedgerEntry,
  OrphanReport,
  PlanSummary,
  ReleasedFunction,
  SourceRevision,
} from "@slipway/contracts";
import { type ApprovalCount, countApprovals } from "../infrastructure/count-approvals.ts";
import { releases } from "../ledger/releases.ts";
import type { PolicyInForce } from "../policy/policy-in-force.ts";
import type { CodeReviews } from "../ports/code-reviews.ts";
import type { CommandRunner } from "../ports/command-runner.ts";
import type { FunctionVariables } from "../ports/function-variables.ts";
import type { FunctionReader } from "../ports/functions.ts";
import type { HttpClient } from "../ports/http-client.ts";
import type { RecoveryPoints } from "../ports/recovery-points.ts";
import type { SecretScanner } from "../ports/secret-scanner.ts";
import type { SourceFiles } from "../ports/source-files.ts";
import type { SourceCommit, SourceRepository } from "../ports/source-repository.ts";
import type { TerraformCode } from "../ports/terraform-code.ts";
import type { StateSource, TerraformState } from "../ports/terraform-states.ts";
import { type Authors, knownAuthors } from "../release/known-authors.ts";
import { releaseWithTraffic } from "../release/standing-releases.ts";
import { ReleaseError } from "../release-error.ts";

/** What a checklist looks through. Each method may throw a ReleaseError: then what was asked is unknown. */
export interface ChecklistPorts {
  readonly commands: CommandRunner;
  readonly source: SourceRepository;
  readonly files: SourceFiles;
  readonly secrets: SecretScanner;
  readonly terraform: TerraformCode;
  /** The environment's ledger. */
  readonly ledger: { read(signal?: AbortSignal): Promise<readonly LedgerEntry[]> };
  readonly state: StateSource;
  readonly recovery: RecoveryPoints;
  readonly functions: FunctionReader;
  readonly variables: FunctionVariables;
  readonly http: HttpClient;
  /** What no state owns, in the whole account. */
  readonly orphans: { find(signal?: AbortSignal): Promise<OrphanReport> };
  /** Absent where the remote is not on GitHub, or nobody gave a token: then trailers and approvals count. */
  readonly reviews?: CodeReviews;
  /** The rules that are in force: those of what has the traffic now. */
  policy(entries: readonly LedgerEntry[], signal?: AbortSignal): Promise<PolicyInForce>;
}

/** What a checklist is about. */
export interface ChecklistSubject {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  /** The folder with everything that Terraform reads. */
  readonly infrastructure: string;
  readonly policy: InfrastructurePolicy;
  /** As reports call it. */
  readonly target: string;
  /** The flags that lead to the target, with a space before each, for commands to type next. */
  readonly flags: string;
  /** Milliseconds since the epoch, on the target's clock. */
  readonly now: number;
  /** URL of the API, as it is asked from here. */
  apiUrl(state: TerraformState): string | undefined;
}

/** A release that is live, as the ledger tells it. */
export interface RunningRelease {
  readonly id: string;
  readonly commit: string | null;
  readonly functions: readonly ReleasedFunction[];
}

/** What checks ask for, each thing looked up once. */
export class ChecklistFacts {
  readonly ports: ChecklistPorts;
  readonly subject: ChecklistSubject;
  readonly signal: AbortSignal;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(ports: ChecklistPorts, subject: ChecklistSubject, signal: AbortSignal) {
    this.ports = ports;
    this.subject = subject;
    this.signal = signal;
  }

  /** What is released. */
  revision(): Promise<SourceRevision> {
    return this.#once("revision", () => this.ports.source.revision(this.signal));
  }

  entries(): Promise<readonly LedgerEntry[]> {
    return this.#once("entries", () => this.ports.ledger.read(this.signal));
  }

  /**
   * The rules that are in force.
   *
   * @throws {ReleaseError} when nobody knows them
   */
  policy(): Promise<PolicyInForce> {
    return this.#once("policy", async () => {
      const policy = await this.ports.policy(await this.entries(), this.signal);
      if (policy.unknown !== undefined) {
        throw new ReleaseError({ kind: "not-found", ...policy.unknown });
      }
      return policy;
    });
  }

  /** What runs now; undefined where nothing was released before. */
  running(): Promise<RunningRelease | undefined> {
    return this.#once("running", async () => {
      const record = releaseWithTraffic(releases(await this.entries()));
      return record && { id: record.id, commit: record.plan.source.commit, functions: record.functions };
    });
  }

  /** The commits that the release brings, newest first. */
  commits(): Promise<readonly SourceCommit[]> {
    return this.#once("commits", async () => this.ports.source.commits(await this.#since(), this.signal));
  }

  /** Everybody who wrote or committed any of what the release brings. */
  authors(): Promise<Authors> {
    return this.#once("authors", async () =>
      knownAuthors(this.ports.source, await this.revision(), (await this.running())?.commit, this.signal),
    );
  }

  /** The files that the release changes; undefined for the first release, where there is nothing to compare with. */
  changedFiles(): Promise<readonly string[] | undefined> {
    return this.#once("changed", async () => {
      const since = await this.#since();
      return since === undefined ? undefined : this.ports.source.changedFiles(since, this.signal);
    });
  }

  files(): Promise<readonly string[]> {
    return this.#once("files", () => this.ports.files.list(this.signal));
  }

  /** Undefined before the first apply. */
  state(): Promise<TerraformState | undefined> {
    return this.#once("state", () => this.ports.state.read(this.signal));
  }

  /** What the infrastructure policy says of what is deployed; undefined before the first apply. */
  findings(): Promise<readonly InfrastructureFinding[] | undefined> {
    return this.#once("findings", async () => {
      const state = await this.state();
      const { policy, config, now } = this.subject;
      if (state === undefined || state.resources.length === 0) {
        return undefined;
      }
      const root = config.terraform.directory.slice(this.subject.infrastructure.replace(/\/+$/, "").length + 1);
      const { requiredTags, accepted } = policy;
      const found = judgeResources(state.resources, { isProtected: config.protected, requiredTags });
      return acceptFindings(
        found.map((each) => ({ ...each, root })),
        { accepted, today: new Date(now).toISOString().slice(0, 10), isComplete: false },
      ).map((each) => ({ ...each, next: policy.next[each.id] ?? each.next }));
    });
  }

  /** The newest plan of exactly these files, and how it stands with those who have to approve it; undefined where none was made. */
  plan(): Promise<{ readonly summary: PlanSummary; readonly approvals: ApprovalCount } | undefined> {
    return this.#once("plan", async () => {
      const [entries, { commit, tree }] = await Promise.all([this.entries(), this.revision()]);
      const made = entries.findLast(
        ({ body }) =>
          body.type === "plan.made" && body.summary.source.commit === commit && body.summary.source.tree === tree,
      );
      if (made?.body.type !== "plan.made") {
        return undefined;
      }
      const { summary } = made.body;
      return { summary, approvals: await this.#approvalsOf(summary) };
    });
  }

  /**
   * People who have approved a plan of exactly this commit, and so what it is made of. Only signed approvals are among them: an address that
   * git was told proves nobody's reading.
   */
  approvers(): Promise<readonly Actor[]> {
    return this.#once("approvers", async () => {
      const [entries, { commit }] = await Promise.all([this.entries(), this.revision()]);
      const counts: ApprovalCount[] = [];
      for (const { body } of entries) {
        if (body.type === "plan.made" && commit !== null && body.summary.source.commit === commit) {
          counts.push(await this.#approvalsOf(body.summary));
        }
      }
      return counts.flatMap(({ signed }) => signed);
    });
  }

  async #approvalsOf(summary: PlanSummary): Promise<ApprovalCount> {
    const { approvals, signatures } = await this.policy();
    return countApprovals(await this.entries(), { summary, approvals, ...(signatures && { signatures }) });
  }

  async #since(): Promise<string | undefined> {
    return (await this.running())?.commit ?? undefined;
  }

  #once<T>(name: string, look: () => Promise<T>): Promise<T> {
    const known = this.#known.get(name) as Promise<T> | undefined;
    const asked = known ?? look();
    this.#known.set(name, asked);
    return asked;
  }
}
