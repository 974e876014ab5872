import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { noInputs } from "./inputs.ts";
import { isNoticeable } from "./kind-of-file.ts";
import { readChangelog } from "./read-changelog.ts";

const MOST_SHOWN = 5;

/** Whoever changes what others can notice says so: the changelog changes with it. */
export const changelog: ChecklistCheck = {
  name: "changelog",
  section: "Documentation",
  title: ({ documentation }) => `${documentation.changelog} updated with changes`,
  pace: "quick",
  lifetimeMs: 0,
  notInRehearsal: "a rehearsal may come before the words about it",
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { ports, subject } = facts;
    const { changelog: file } = subject.config.release.checklist.documentation;
    const text = await ports.files.read(file);
    if (text === undefined) {
      return [{ status: "fail", found: `${file} does not exist`, next: `write ${file} (https://keepachangelog.com)` }];
    }
    const section = readChangelog(text);
    const changed = await facts.changedFiles();
    const noticeable = changed?.filter(isNoticeable);
    if (noticeable !== undefined && noticeable.length === 0) {
      return [{ status: "pass", found: "nothing changes that who uses it could notice" }];
    }
    if (section === undefined || section.lines.length === 0) {
      const found = `${file} has ${section === undefined ? "no section" : `nothing below ${section.title}`}`;
      return [{ status: "fail", found, next: `say in ${file} what the release changes` }];
    }
    if (changed !== undefined && !changed.includes(file)) {
      const shown = (noticeable ?? []).slice(0, MOST_SHOWN).join(", ");
      const more = (noticeable?.length ?? 0) - MOST_SHOWN;
      const found = `${file} has not changed since the release that runs, and ${shown}${more > 0 ? ` and ${more} more files` : ""} have`;
      return [{ status: "fail", found, next: `say in ${file} what the release changes` }];
    }
    const count = section.lines.filter((line) => /^\s*[-*+] /.test(line)).length;
    return [{ status: "pass", found: `${file}: ${section.title} has ${count === 0 ? "text" : `${count} entries`}` }];
  },
};
