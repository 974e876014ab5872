import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { runTool, type ToolResult } from "../../scripts/setup/run-tool.mjs";
import { terraformEnv } from "../../scripts/setup/terraform-env.mjs";

export type CheckStatus = "ok" | "failed" | "not run";

/** What Terraform says about one folder of HCL. */
export interface FolderReport {
  /** Path below the infrastructure folder, for example `environments/prod`. */
  folder: string;
  format: CheckStatus;
  init: CheckStatus;
  validate: CheckStatus;
  /** The module's own `terraform test` files; "not run" where it has none. */
  tests: CheckStatus;
  /** What went wrong, as Terraform put it. */
  messages: string[];
  durationMs: number;
}

export interface ValidationOptions {
  /** The folder that holds bootstrap/, modules/ and environments/. */
  infrastructure: string;
  /** Path of the terraform executable. */
  terraform: string;
  env: NodeJS.ProcessEnv;
  /** A provider mirror for `terraform init -plugin-dir`; without it Terraform gets its providers as it is configured. */
  pluginDir?: string;
  /** How many folders are looked at side by side. */
  parallel?: number;
  /** Called as each folder is done. */
  onReport?: (report: FolderReport) => void;
}

/**
 * Checks every folder of Terraform configuration below `bootstrap`, `environments/*` and `modules/*`: format, `init`
 * without a backend, `validate`, and the folder's own tests. Works in a temporary copy: nothing in the repository
 * changes, and no state is read.
 *
 * @throws {Error} when the infrastructure folder holds no configuration at all: nothing checked is not a success
 */
export async function validateInfrastructure(options: ValidationOptions): Promise<FolderReport[]> {
  const folders = configurationFolders(options.infrastructure);
  if (folders.length === 0) {
    throw new Error(`${options.infrastructure} holds no Terraform configuration: there is nothing to validate`);
  }
  const work = mkdtempSync(join(tmpdir(), "slipway-validate-"));
  const copy = join(work, "infrastructure");
  const cleanUp = () => rmSync(work, { recursive: true, force: true });
  process.once("exit", cleanUp);
  try {
    cpSync(options.infrastructure, copy, { recursive: true, filter: (path) => basename(path) !== ".terraform" });
    const reports: FolderReport[] = [];
    const waiting = [...folders];
    const worker = async () => {
      for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
        const report = await validateFolder(copy, folder, options);
        options.onReport?.(report);
        reports.push(report);
      }
    };
    await Promise.all(Array.from({ length: options.parallel ?? 2 }, worker));
    return reports.sort((a, b) => folders.indexOf(a.folder) - folders.indexOf(b.folder));
  } finally {
    process.off("exit", cleanUp);
    cleanUp();
  }
}

async function validateFolder(copy: string, folder: string, options: ValidationOptions): Promise<FolderReport> {
  const started = performance.now();
  const report: FolderReport = {
    folder,
    format: "not run",
    init: "not run",
    validate: "not run",
    tests: "not run",
    messages: [],
    durationMs: 0,
  };
  const cwd = join(copy, folder);
  // The provider makes much and keeps little: collecting garbage less often takes a quarter off its time.
  const env = { ...terraformEnv(options.env), GOGC: "400" };
  const run = (...args: string[]) => runTool(options.terraform, args, { cwd, env });

  const format = await run("fmt", "-check", "-recursive", "-no-color", ".");
  report.format = format.code === 0 ? "ok" : "failed";
  if (format.code !== 0) {
    const files = format.stdout.trim().split("\n").join(", ");
    report.messages.push(
      format.stderr.trim() === ""
        ? `${files}: not formatted; terraform fmt -recursive infrastructure`
        : `terraform fmt: ${saidBy(format)}`,
    );
  }

  const mirror = options.pluginDir === undefined ? [] : [`-plugin-dir=${options.pluginDir}`];
  const init = await run("init", "-backend=false", "-input=false", "-no-color", ...mirror);
  report.init = init.code === 0 ? "ok" : "failed";
  if (init.code === 0) {
    const validate = await run("validate", "-json");
    const messages = diagnosticsOf(validate);
    report.validate = validate.code === 0 && messages.length === 0 ? "ok" : "failed";
    report.messages.push(...messages);
    if (report.validate === "ok" && hasTests(cwd)) {
      const tests = await run("test", "-no-color");
      report.tests = tests.code === 0 ? "ok" : "failed";
      if (tests.code !== 0) {
        report.messages.push(`terraform test: ${saidBy(tests)}`);
      }
    }
  } else {
    report.messages.push(`terraform init: ${saidBy(init)}`);
  }
  report.durationMs = Math.round(performance.now() - started);
  return report;
}

/** The errors and warnings of `terraform validate -json`, each as `file:line: summary: detail`. */
function diagnosticsOf(result: ToolResult): string[] {
  let diagnostics: { summary: string; detail?: string; range?: { filename: string; start: { line: number } } }[];
  try {
    diagnostics = JSON.parse(result.stdout).diagnostics ?? [];
  } catch {
    return [`terraform validate: ${saidBy(result)}`];
  }
  return diagnostics.map(({ summary, detail, range }) => {
    const place = range === undefined ? "" : `${range.filename}:${range.start.line}: `;
    return `${place}${summary}${detail === undefined || detail === "" ? "" : `: ${oneLine(detail)}`}`;
  });
}

function saidBy(result: ToolResult): string {
  const text = result.stderr.includes("Error:") ? result.stderr.slice(result.stderr.indexOf("Error:")) : result.stderr;
  return oneLine(text) || oneLine(result.stdout) || result.error?.message || `exit code ${result.code}`;
}

function oneLine(text: string): string {
  return text.replace(/[│╷╵\s]+/g, " ").trim();
}

function configurationFolders(infrastructure: string): string[] {
  const below = (group: string) => directories(join(infrastructure, group)).map((name) => join(group, name));
  return ["bootstrap", ...below("modules"), ...below("environments")]
    .filter((folder) => files(join(infrastructure, folder)).some((name) => name.endsWith(".tf")))
    .map((folder) => relative(infrastructure, join(infrastructure, folder)));
}

function hasTests(folder: string): boolean {
  return [folder, join(folder, "tests")].some((place) => files(place).some((name) => name.endsWith(".tftest.hcl")));
}

function directories(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

function files(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
