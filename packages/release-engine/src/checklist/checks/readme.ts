import { posix } from "node:path";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { noInputs } from "./inputs.ts";

const SCRIPTS_OF_NPM = new Set(["test", "start", "stop", "restart"]);

/**
 * A README needs no change with each release, but it must not lie: what it tells people to type and to open exists, and when commands
 * come or go it changes, too.
 */
export const readme: ChecklistCheck = {
  name: "readme",
  section: "Documentation",
  title: ({ documentation }) => `${documentation.readme} updated if needed`,
  pace: "quick",
  lifetimeMs: 0,
  notInRehearsal: "a rehearsal may come before the words about it",
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { ports, subject } = facts;
    const { readme: file } = subject.config.release.checklist.documentation;
    const text = await ports.files.read(file);
    if (text === undefined) {
      return [{ status: "fail", found: `${file} does not exist`, next: `write ${file}` }];
    }
    const scripts = scriptsOf(await ports.files.read("package.json"));
    const files = await facts.files();
    const wrong = [
      ...deadLinks(file, text, files).map((link) => `it leads to ${link}, which does not exist`),
      ...(scripts === undefined ? [] : deadScripts(text, scripts)).map(
        (script) => `it says npm run ${script}, and package.json has no such script`,
      ),
    ];
    // What can be seen in the file needs no ledger.
    const unsaid = wrong.length > 0 ? [] : await missingScripts(facts, file, scripts ?? []);
    if (wrong.length + unsaid.length > 0) {
      return [{ status: "fail", found: [...wrong, ...unsaid].join("\n"), next: `correct ${file}` }];
    }
    const isTouched = (await facts.changedFiles())?.includes(file);
    const found = isTouched
      ? `${file} changes with the release`
      : "no command that it tells of comes or goes, and what it leads to exists";
    return [{ status: "pass", found }];
  },
};

/** Scripts that came or went since the release that runs, where the README did not change with them. */
async function missingScripts(facts: ChecklistFacts, file: string, scripts: readonly string[]): Promise<string[]> {
  const changed = await facts.changedFiles();
  const commit = (await facts.running())?.commit ?? undefined;
  if (commit === undefined || changed === undefined || !changed.includes("package.json") || changed.includes(file)) {
    return [];
  }
  const before = scriptsOf(await facts.ports.files.readAt(commit, "package.json", facts.signal)) ?? [];
  const isIn = (list: readonly string[]) => (each: string) => list.includes(each);
  const came = scripts.filter((each) => !isIn(before)(each)).map((each) => `npm run ${each} is new`);
  const went = before.filter((each) => !isIn(scripts)(each)).map((each) => `npm run ${each} is gone`);
  return [...came, ...went].map((each) => `${each} since the release that runs, and ${file} has not changed`);
}

function scriptsOf(text: string | undefined): string[] | undefined {
  try {
    return text === undefined ? undefined : Object.keys(JSON.parse(text).scripts ?? {});
  } catch {
    return undefined;
  }
}

function deadScripts(text: string, scripts: readonly string[]): string[] {
  const named = [...text.matchAll(/\bnpm (run |run-script )?([a-z][\w:-]*)([^`\n;&|]*)/g)]
    // What a workspace runs is in its own package.json.
    .filter(([, , , rest = ""]) => !/ (-w|--workspaces?|--prefix)\b/.test(rest))
    .filter(([, run, name = ""]) => run !== undefined || SCRIPTS_OF_NPM.has(name))
    .map(([, , name = ""]) => name);
  return [...new Set(named)].filter((name) => !scripts.includes(name));
}

function deadLinks(file: string, text: string, files: readonly string[]): string[] {
  const links = [...text.matchAll(/\]\(([^()\s]+)(?: "[^"]*")?\)/g)]
    .map(([, link = ""]) => link.replace(/[#?].*$/, ""))
    .filter((link) => link !== "" && !/^([a-z][a-z+.-]*:|\/)/i.test(link));
  const paths = new Map(
    links.map((link) => [link, posix.normalize(posix.join(posix.dirname(file), decodeURI(link))).replace(/\/$/, "")]),
  );
  return [...paths]
    .filter(([, path]) => !path.startsWith("..") && path !== ".")
    .filter(([, path]) => !files.some((each) => each === path || each.startsWith(`${path}/`)))
    .map(([link]) => link);
}
