import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type ConfigurationKey, configurationReference } from "@slipway/contracts";
import { markdownTable } from "./markdown-table.ts";

/** Where {@link configurationPage} is kept, from the repository's root. */
export const CONFIGURATION_PAGE = "docs/reference/configuration.md";

/** The parts of the page: what they are called, and the key below which they lie; a key is in the innermost. */
const SECTIONS: readonly (readonly [title: string, prefix: string])[] = [
  ["The repository", ""],
  ["The bootstrap", "bootstrap"],
  ["An environment", "environments.NAME"],
  ["The smoke test", "environments.NAME.smoke"],
  ["The limits of a validation", "environments.NAME.validation"],
  ["How it is released", "environments.NAME.release"],
  ["Approvals", "environments.NAME.release.approvals"],
  ["The canary", "environments.NAME.release.canary"],
  ["Checkpoints", "environments.NAME.release.checkpoints"],
  ["The checklist", "environments.NAME.release.checklist"],
  ["Notifications", "environments.NAME.release.notifications"],
  ["Waivers", "environments.NAME.release.waivers"],
  ["Incidents", "environments.NAME.incidents"],
  ["Data", "environments.NAME.data"],
  ["Orphans", "orphans"],
  ["What is demanded of the infrastructure", "infrastructurePolicy"],
];

/** A longer example would make the table unreadable. */
const LONGEST_EXAMPLE = 80;

/** Every key of slipway.config.ts with type, default, example and meaning, as a page. */
export async function configurationPage(repository: string): Promise<string> {
  const keys = configurationReference();
  const { default: own }: { default: unknown } = await import(
    pathToFileURL(join(repository, "slipway.config.ts")).href
  );
  const examples = ownExamples(own, keys);
  const sections = SECTIONS.map(([title, prefix]) => {
    const within = keys.filter(({ path }) => sectionOf(path) === prefix && path !== prefix);
    const about = keys.find(({ path }) => path === prefix)?.description;
    return [
      `## ${title}`,
      prefix === "" ? undefined : `Below \`${prefix}\`.${about === undefined ? "" : ` ${about}`}`,
      markdownTable(
        ["key", "type", "default", "example", "what"],
        within.map((key) => [
          `\`${below(key.path, prefix)}\``,
          key.type.replaceAll(/"[^"]+"/g, "`$&`"),
          defaultOf(key),
          exampleOf(key, examples),
          `${key.description}${key.sameAs === undefined ? "" : ` Its keys are those of \`${key.sameAs}\`.`}`,
        ]),
      ),
      ...wordLists(within, prefix),
    ]
      .filter((part) => part !== undefined)
      .join("\n\n");
  });
  return `<!-- Made by \`npm run docs\` from the schemas in packages/contracts; a test says when it is out of date. -->

# Every key of \`slipway.config.ts\`

What the file is, and the rules that a table does not hold, are in [CONFIGURATION.md](../../CONFIGURATION.md). \`NAME\` stands for a name that you choose, \`[]\` for each element of a list.
A key is required where its default says so, as far as what it stands in is there. Where there is no default, nothing holds unless it is given. Examples are this repository's own, where it has one.

${sections.join("\n\n")}
`;
}

function sectionOf(path: string): string {
  const found = SECTIONS.map(([, prefix]) => prefix)
    .filter((prefix) => prefix === "" || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`))
    .toSorted((a, b) => b.length - a.length);
  return found[0] ?? "";
}

function below(path: string, prefix: string): string {
  return prefix === "" ? path : path.slice(prefix.length).replace(/^\./, "");
}

function defaultOf(key: ConfigurationKey): string {
  return key.isRequired ? "required" : key.default === undefined ? "" : `\`${written(key.default)}\``;
}

function exampleOf(key: ConfigurationKey, own: ReadonlyMap<string, unknown>): string {
  if (key.isSection) {
    return "";
  }
  const found = [own.get(key.path), key.example].map((value) => (value === undefined ? "" : written(value)));
  const text = found.find((each) => each !== "" && each.length <= LONGEST_EXAMPLE) ?? "";
  return text === "" || text === written(key.default) ? "" : `\`${text}\``;
}

/** The first value that a configuration has for each key. */
function ownExamples(config: unknown, keys: readonly ConfigurationKey[]): ReadonlyMap<string, unknown> {
  const known = new Set(keys.map(({ path }) => path));
  const named = new Set(keys.flatMap(({ path }) => (path.includes(".NAME.") ? [path.split(".NAME.")[0] ?? ""] : [])));
  const found = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (known.has(path) && !found.has(path)) {
      found.set(path, value);
    }
    if (Array.isArray(value)) {
      for (const each of value) {
        walk(each, `${path}[]`);
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [name, each] of Object.entries(value)) {
        walk(each, [path, named.has(path) ? "NAME" : name].filter((part) => part !== "").join("."));
      }
    }
  };
  walk(config, "");
  return found;
}

/** A value as it is written in TypeScript. */
function written(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(written).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([name, each]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${written(each)}`,
    );
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return JSON.stringify(value) ?? "";
}

/** The words of keys that may be one of many, once for keys that have the same. */
function wordLists(keys: readonly ConfigurationKey[], prefix: string): string[] {
  const lists = new Map<string, string[]>();
  for (const { path, words } of keys) {
    if (words !== undefined) {
      const text = words.map((word) => `\`${word}\``).join(", ");
      lists.set(text, [...(lists.get(text) ?? []), `\`${below(path, prefix)}\``]);
    }
  }
  return [...lists].map(([text, names]) => `The words of ${names.join(" and ")}: ${text}.`);
}
