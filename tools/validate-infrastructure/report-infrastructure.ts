import { readFileSync } from "node:fs";
import { join } from "node:path";
import { acceptFindings, judgePlan, judgePolicy, judgeResources, settleFindings } from "@slipway/analysis";
import type {
  Evidence,
  InfrastructureFinding,
  InfrastructurePolicy,
  InfrastructureReport,
  SlipwayConfig,
} from "@slipway/contracts";
import { type RenderedConfig, type RenderedRoot, renderRoots } from "./render-roots.ts";
import { type CheckStatus, type FolderReport, validateInfrastructure } from "./validate-infrastructure.ts";

/** What of a configuration is needed to judge its infrastructure. */
export type JudgedConfig = RenderedConfig & {
  readonly bootstrap: Pick<SlipwayConfig["bootstrap"], "policy">;
  readonly environments: Readonly<Record<string, { readonly protected: boolean }>>;
  readonly infrastructurePolicy?: InfrastructurePolicy;
};

export interface ReportOptions {
  /** Absolute path of the repository. */
  readonly repository: string;
  readonly config: JudgedConfig;
  /** Path and version of Terraform. */
  readonly terraform: { readonly path: string; readonly version: string };
  readonly pluginDir?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Leave out what needs a plan and an apply: those checks are unknown then. */
  readonly isStatic: boolean;
  readonly now: Date;
  /** Gets a line as each part is done. */
  readonly onLine?: (line: string) => void;
}

/** The three checks of a root module, by the ids of their findings. */
const CHECKS = [
  {
    check: "infrastructure.plan-policy",
    title: "What is planned is safe, closed and hardened",
    isAbout: /^(plan|exposure|settings)\./,
  },
  { check: "infrastructure.tags", title: "Everything has the required tags", isAbout: /^tags\./ },
  { check: "infrastructure.iam", title: "Policies give no more than is needed", isAbout: /^iam\./ },
] as const;

/**
 * Checks the Terraform code as code, then plans and applies it to a throwaway local AWS and judges what comes out.
 *
 * @throws {Error} when the infrastructure folder holds no configuration at all
 */
export async function reportInfrastructure(options: ReportOptions): Promise<InfrastructureReport> {
  const { repository, config, terraform, pluginDir, env, isStatic, now, onLine } = options;
  const common = { pluginDir, env, terraform: terraform.path };
  const [folders, rendered] = await Promise.all([
    validateInfrastructure({
      ...common,
      infrastructure: join(repository, config.infrastructure),
      onReport: ({ folder, messages, durationMs }) =>
        onLine?.(`${folder}: ${messages.length === 0 ? "valid" : "not valid"} (${(durationMs / 1000).toFixed(1)} s)`),
    }),
    isStatic ? undefined : renderRoots({ ...common, repository, config, onLine }),
  ]);
  const roots = rendered ?? rootsOf(config).map((root) => ({ root, failure: "--static leaves plans and applies out" }));
  const policy = config.infrastructurePolicy ?? { requiredTags: [], accepted: [], next: {} };
  const findings = acceptFindings(
    [...roots.flatMap((root) => judgeRoot(root, config, policy)), ...judgeBootstrapPolicy(repository, config)],
    {
      accepted: policy.accepted,
      today: now.toISOString().slice(0, 10),
      isComplete: roots.every(({ failure }) => failure === undefined),
    },
  ).map((each) => ({ ...each, next: policy.next[each.id] ?? each.next }));
  const at = now.toISOString();
  const evidence = [
    ...folders.flatMap((folder) => folderEvidence(folder, at)),
    ...roots.flatMap((root) => rootEvidence(root, findings, at)),
  ];
  const isBad = evidence.some(({ status }) => status === "fail") || findings.some(({ status }) => status === "fail");
  const isOpen = evidence.some(({ status }) => status === "unknown");
  return {
    verdict: isBad ? "fail" : isOpen ? "unknown" : "pass",
    terraform: terraform.version,
    folders,
    evidence,
    findings,
  };
}

function rootsOf({ infrastructure, bootstrap, environments }: JudgedConfig): string[] {
  const directories = [bootstrap, ...Object.values(environments).map(({ terraform }) => terraform)];
  return directories.map(({ directory }) => directory.slice(infrastructure.replace(/\/+$/, "").length + 1));
}

function judgeRoot(
  { root, plan, resources }: RenderedRoot,
  { infrastructure, environments }: JudgedConfig,
  { requiredTags }: InfrastructurePolicy,
): InfrastructureFinding[] {
  if (plan === undefined) {
    return [];
  }
  const environment = Object.values(environments).find(
    ({ terraform }) => terraform.directory === `${infrastructure.replace(/\/+$/, "")}/${root}`,
  );
  // The bootstrap holds the states and the history of all environments.
  const policy = { isProtected: environment?.protected ?? true, requiredTags };
  const planned = judgePlan(plan, policy);
  const settled = resources === undefined ? planned : settleFindings(planned, judgeResources(resources, policy));
  return settled.map((each) => ({ ...each, root }));
}

/** The policy of who applies the bootstrap: no root module makes it, a person does. */
function judgeBootstrapPolicy(repository: string, { bootstrap, region }: JudgedConfig): InfrastructureFinding[] {
  if (bootstrap.policy === undefined) {
    return [];
  }
  const { file, replace } = bootstrap.policy;
  const values: Record<string, string> = { ACCOUNT_ID: "000000000000", REGION: region, ...replace };
  const text = Object.entries(values).reduce(
    (document, [key, value]) => document.replaceAll(key, value),
    readFileSync(join(repository, file), "utf8"),
  );
  return judgePolicy(text, { kind: "identity", root: "bootstrap", address: file, role: "slipway-bootstrap" });
}

function folderEvidence({ folder, messages, ...statuses }: FolderReport, at: string): Evidence[] {
  const checks = [
    { check: "infrastructure.format", title: "The code is formatted", status: statuses.format },
    { check: "infrastructure.validate", title: "The code is valid", status: worse(statuses.init, statuses.validate) },
    { check: "infrastructure.tests", title: "The module's own tests pass", status: statuses.tests },
  ];
  const said = messages.join("\n");
  return checks.flatMap(({ check, title, status }): Evidence[] => {
    const common = { check, subject: folder, title, at };
    if (status === "ok") {
      return [{ ...common, status: "pass", found: "terraform has nothing to say against it" }];
    }
    if (status === "failed") {
      return [{ ...common, status: "fail", found: said || "terraform failed", next: "correct what Terraform names" }];
    }
    // Not run: because an earlier check failed, or because there is nothing to run.
    return said === ""
      ? []
      : [{ ...common, status: "unknown", found: "an earlier check failed", next: "correct that first" }];
  });
}

function worse(init: CheckStatus, validate: CheckStatus): CheckStatus {
  return init === "failed" || validate === "failed" ? "failed" : validate;
}

function rootEvidence(
  { root, plan, resources, failure }: RenderedRoot,
  findings: readonly InfrastructureFinding[],
  at: string,
): Evidence[] {
  return CHECKS.map(({ check, title, isAbout }): Evidence => {
    const own = findings.filter((each) => each.root === root && isAbout.test(each.id));
    const count = (status: InfrastructureFinding["status"]) => own.filter((each) => each.status === status).length;
    const [failed, unknown, waived] = [count("fail"), count("unknown"), count("waived")];
    const common = { check, subject: root, title, at };
    const accepted = waived === 0 ? "" : `${waived} accepted`;
    if (failed > 0) {
      const next = "see the findings";
      return { ...common, status: "fail", found: [`${plural(failed)}`, accepted].filter(Boolean).join(", "), next };
    }
    if (failure !== undefined || unknown > 0) {
      const why = failure ?? `${plural(unknown)} that nobody can decide`;
      const how =
        failure === undefined || plan === undefined ? "nothing could be judged" : "only its plan could be judged";
      return {
        ...common,
        status: "unknown",
        found: failure === undefined ? why : `${how}: ${why}`,
        next: failure === undefined ? "see the findings" : "correct that, and run it again without --static",
      };
    }
    const all = `${resources?.length ?? 0} resources`;
    return waived > 0
      ? { ...common, status: "waived", found: `${all}: ${accepted}` }
      : { ...common, status: "pass", found: `${all}: nothing found` };
  });
}

function plural(count: number): string {
  return count === 1 ? "1 finding" : `${count} findings`;
}
