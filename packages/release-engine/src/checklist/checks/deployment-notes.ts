import type { EnvironmentConfig } from "@slipway/contracts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { noInputs } from "./inputs.ts";
import { isNoticeable } from "./kind-of-file.ts";
import { readChangelog } from "./read-changelog.ts";

const MOST_SHOWN = 5;
const TRAILERS = ["deployment-note", "deployment-notes"];

/**
 * What changes infrastructure, records or settings cannot be undone by moving an alias: whoever deploys it has to know what to watch.
 * What changes code only needs no notes.
 */
export const deploymentNotes: ChecklistCheck = {
  name: "deployment-notes",
  section: "Documentation",
  title: "Deployment notes prepared",
  pace: "quick",
  lifetimeMs: 0,
  notInRehearsal: "a rehearsal may come before the words about it",
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { config, infrastructure } = facts.subject;
    const { changelog, deploymentNotes: file } = config.release.checklist.documentation;
    const changed = await facts.changedFiles();
    const risky = changed?.filter((path) => isNoticeable(path) && needsNotes(path, infrastructure, config));
    if (risky?.length === 0) {
      return [{ status: "pass", found: "only code changes, which moving the alias back undoes: no notes are needed" }];
    }
    const where = await notesIn(facts, file, changelog, changed);
    if (where !== undefined) {
      return [{ status: "pass", found: where }];
    }
    const what =
      risky === undefined
        ? "this is the first release"
        : `the release changes ${risky.slice(0, MOST_SHOWN).join(", ")}${risky.length > MOST_SHOWN ? ` and ${risky.length - MOST_SHOWN} more files` : ""}`;
    return [
      {
        ...{ status: "fail", found: `${what}, and nobody has written what to watch out for` },
        next: `write it into ${file}, into a section "Deployment notes" of ${changelog}, or into a commit's trailer Deployment-Note:`,
      },
    ];
  },
};

function needsNotes(path: string, infrastructure: string, { data }: EnvironmentConfig): boolean {
  const folders = [infrastructure, ...(data?.tables ?? []).flatMap(({ migrations }) => migrations ?? [])];
  return path === "slipway.config.ts" || folders.some((folder) => path.startsWith(`${folder.replace(/\/+$/, "")}/`));
}

async function notesIn(
  facts: ChecklistFacts,
  file: string,
  changelog: string,
  changed: readonly string[] | undefined,
): Promise<string | undefined> {
  const isNew = (path: string) => changed === undefined || changed.includes(path);
  const [own = "", log = ""] = await Promise.all([facts.ports.files.read(file), facts.ports.files.read(changelog)]);
  if (own.trim() !== "" && isNew(file)) {
    return `${file} is written`;
  }
  if (isNew(changelog) && (readChangelog(log)?.deploymentNotes.length ?? 0) > 0) {
    return `${changelog} has them`;
  }
  const commit = (await facts.commits()).find(({ trailers }) => TRAILERS.some((name) => trailers[name]?.some(Boolean)));
  return commit === undefined ? undefined : `commit ${commit.hash.slice(0, 12)} has them: ${commit.subject}`;
}
