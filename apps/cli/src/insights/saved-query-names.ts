import type { MonitoredResources, SavedQuery } from "@slipway/release-engine";
import { UserError } from "../user-error.ts";

/** A saved query, and what is typed for it. */
export interface NamedQuery extends SavedQuery {
  /** `error-analysis` for `api-handler-prod/Error Analysis`. */
  readonly word: string;
}

/** The folders that an environment's saved queries are in: those of its state, and those named after its functions. */
export function queryFolders({ queries, functions }: Pick<MonitoredResources, "queries" | "functions">): string[] {
  const folders = [...queries.map(folderOf), ...functions.map(({ name }) => `${name}/`)];
  // A query without a folder is looked up by its whole name.
  return [...new Set(folders.map((folder, index) => (folder === "" ? (queries[index] ?? "") : folder)))].sort();
}

/**
 * Gives each query the word that is typed for it: its name without the folder, in kebab case. Two of the same name in two folders keep
 * their folders.
 */
export function nameQueries(saved: readonly SavedQuery[]): readonly NamedQuery[] {
  const words = saved.map(({ name }) => kebab(name.slice(folderOf(name).length)));
  return saved
    .map((query, index) => {
      const word = words[index] ?? "";
      const isUnique = words.indexOf(word) === words.lastIndexOf(word);
      return { ...query, word: isUnique ? word : `${kebab(folderOf(query.name).slice(0, -1))}/${word}` };
    })
    .sort((left, right) => (left.word < right.word ? -1 : left.word > right.word ? 1 : 0));
}

/**
 * The saved query that a word means.
 *
 * @returns `undefined` for what is no word but a query
 * @throws UserError when it is a word, and there is no such query
 */
export function findQuery(named: readonly NamedQuery[], text: string, environment: string): NamedQuery | undefined {
  const found = named.find(({ word, name }) => word === text || name === text);
  if (found !== undefined || !/^[\w$-]+(\/[\w$-]+)*$/.test(text.trim())) {
    return found;
  }
  const several = named.filter(({ word }) => word.endsWith(`/${text}`));
  const list = (several.length > 0 ? several : named).map(({ word }) => `\n  ${word}`).join("");
  throw new UserError(
    several.length > 0
      ? `query: ${environment} has several queries '${text}':${list}`
      : `query: '${text}' is no saved query of ${environment}, and no query of Logs Insights, which has commands, such as "filter level = 'ERROR' | limit 20".${
          list === "" ? "" : ` Saved are:${list}`
        }`,
  );
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}

function kebab(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
}
