import { isDeepStrictEqual } from "node:util";
import type { RecordLife } from "@slipway/analysis";
import type { AdoptionNote, SlipwayConfigInput } from "@slipway/contracts";

type EnvironmentInput = SlipwayConfigInput["environments"][string];

/** Parts of an environment that are written once where all environments have the same. */
const PARTS = ["functions", "api", "smoke", "data", "release"] as const;

const WHAT: Readonly<Record<(typeof PARTS)[number], string>> = {
  functions: "What is released together, how it is built, and which Terraform outputs say where it goes.",
  api: "Where the API answers, and its resources.",
  smoke: "What shows from outside that a release works. These steps are also asked while two versions are compared.",
  data: "Tables whose records are migrated, backed up, and whose bad writes can be taken back.",
  release: "How it is released: approvals, the canary's steps, checks before and after. All of it has defaults.",
};

const KEYS: Readonly<Record<string, string>> = {
  infrastructure: "Everything that Terraform reads, modules too: a rehearsal works on a copy of it.",
  bootstrap: "What has to be there before the first release: a bucket for states, and the table of the ledger.",
  environments: "From what is thrown away to what must not fail.",
};

const WIDTH = 120;

/** Lines of comment for the end of an object or a list, by that object or list. */
type Closings = ReadonlyMap<unknown, readonly string[]>;

/**
 * The text of a `slipway.config.ts`, with what each part is for, and the notes about it that somebody has to look at.
 *
 * It imports types only, so that it can be loaded where the packages of Slipway are not installed.
 *
 * @param life of a record, as an example that is commented out
 */
export function renderConfig(config: SlipwayConfigInput, notes: readonly AdoptionNote[], life?: RecordLife): string {
  const environments = Object.entries(config.environments);
  const [, first] = environments[0] as [string, EnvironmentInput];
  const shared = PARTS.filter(
    (part) => first[part] !== undefined && environments.every(([, each]) => isDeepStrictEqual(each[part], first[part])),
  );
  const { environments: _, ...rest } = config;
  const closings: Closings = new Map(
    environments.flatMap(([, { smoke }]) => (life === undefined ? [] : lifeLines(smoke, life))),
  );
  const lines = [
    "// What Slipway releases from this repository. Written by `slipway init`; it is yours from here on.",
    "// Every key is explained in Slipway's CONFIGURATION.md, and checked whenever this file is loaded.",
    'import type { SlipwayConfigInput } from "@slipway/contracts";',
    "",
    'type Environment = SlipwayConfigInput["environments"][string];',
    "",
    ...todo(notes),
    ...shared.flatMap((part) => [
      `/** ${WHAT[part]} */`,
      `const ${part}: Environment[${JSON.stringify(part)}] = ${literal(first[part], 0, `const ${part}: Environment["${part}"] = `.length, closings)};`,
      "",
    ]),
    "export default {",
    ...Object.entries(rest).flatMap(([key, value]) => [
      ...comment(KEYS[key]),
      `  ${key}: ${literal(value, 2, key.length + 4)},`,
    ]),
    ...comment(KEYS.environments),
    "  environments: {",
    ...environments.flatMap(([name, environment]) => [
      `    ${property(name)}: {`,
      ...Object.entries(environment).flatMap(([key, value]) =>
        value === undefined
          ? []
          : [
              shared.some((part) => part === key)
                ? `      ${key},`
                : `      ${key}: ${literal(value, 6, key.length + 8, closings)},`,
            ],
      ),
      "    },",
    ]),
    "  },",
    "} satisfies SlipwayConfigInput;",
    "",
  ];
  return lines.join("\n");
}

/** What is wrong with this file or was guessed in it, at its top. */
function todo(notes: readonly AdoptionNote[]): string[] {
  const open = notes.filter(
    ({ id, level }) => level === "must" || /^(smoke|proof|build|environments|state|region)\./.test(id),
  );
  return open.length === 0
    ? []
    : [
        "// To do, or to look at:",
        ...open.flatMap(({ subject, found, next }) =>
          wrapped(`- ${oneLine(subject)}: ${oneLine(found)}. Next: ${oneLine(next)}.`),
        ),
        "",
      ];
}

/** What to put into the steps, and beside them. */
function lifeLines(smoke: EnvironmentInput["smoke"], { steps, cleanup }: RecordLife): [unknown, readonly string[]][] {
  const lines = (value: unknown) => literal(value, 0, 0).split("\n");
  const example = [
    "More than that shows the life of a record. For your routes it could be this. Put in a body that your API takes, the",
    "statuses that it answers with, and where its answer has the new record's key; take out what it does not do.",
    ...steps.flatMap((step) => lines(step).map((line) => (line === "}" ? "}," : line))),
  ];
  const after =
    cleanup.length === 0
      ? []
      : [
          "Goes with it:",
          ...lines({ cleanup })
            .slice(1, -1)
            .map((line) => line.slice(2)),
        ];
  return [
    [smoke.steps, example],
    [smoke, after],
  ];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = "//";
  for (const word of text.split(" ")) {
    if (line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = "//  ";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** Names come from somebody's files: none of them ends the comment. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

function comment(text: string | undefined): string[] {
  return text === undefined ? [] : [`  // ${text}`];
}

function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A value as TypeScript: on one line where there is room. */
function literal(value: unknown, indent: number, before: number, closings: Closings = new Map()): string {
  const flat = flatLiteral(value);
  if (typeof value !== "object" || value === null || (indent + before + flat.length < WIDTH && !isNested(value))) {
    return flat;
  }
  const inner = " ".repeat(indent + 2);
  const items = Array.isArray(value)
    ? value.map((each) => `${inner}${literal(each, indent + 2, 0, closings)},`)
    : Object.entries(value).flatMap(([key, each]) =>
        each === undefined
          ? []
          : [`${inner}${property(key)}: ${literal(each, indent + 2, property(key).length + 2, closings)},`],
      );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const closing = (closings.get(value) ?? []).map((line) => `${inner}// ${line}`);
  return [open, ...items, ...closing, `${" ".repeat(indent)}${close}`].join("\n");
}

/** Objects in objects are easier to read on lines of their own. */
function isNested(value: object): boolean {
  const isObject = (each: unknown) => typeof each === "object" && each !== null && !Array.isArray(each);
  return Array.isArray(value)
    ? value.length === 1 && isObject(value[0])
      ? isNested(value[0])
      : value.some(isObject)
    : Object.values(value).some((each) => isObject(each) || (Array.isArray(each) && each.some(isObject)));
}

function flatLiteral(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(flatLiteral).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).flatMap(([key, each]) =>
      each === undefined ? [] : [`${property(key)}: ${flatLiteral(each)}`],
    );
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  return JSON.stringify(value);
}
