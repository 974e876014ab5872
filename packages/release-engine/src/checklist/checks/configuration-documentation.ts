import { configurationKeys } from "@slipway/contracts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { functionVariables } from "./function-variables.ts";
import { noInputs } from "./inputs.ts";

const MOST_SHOWN = 12;

/** Whatever can be set is explained somewhere: variables of functions, of the environment's Terraform, keys of slipway.config.ts. */
export const configurationDocumentation: ChecklistCheck = {
  name: "configuration-documentation",
  section: "Documentation",
  title: "Configuration changes documented",
  pace: "quick",
  lifetimeMs: 0,
  notInRehearsal: "a rehearsal may come before the words about it",
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { ports, subject } = facts;
    const { directory } = subject.config.terraform;
    const documents = [
      ...subject.config.release.checklist.documentation.configuration,
      ...subject.config.functions.map((each) => `${each.directory}/README.md`),
      `${directory}/README.md`,
    ];
    const texts = await Promise.all(documents.map((file) => ports.files.read(file)));
    const there = documents.filter((_, index) => texts[index] !== undefined);
    const words = new Set(texts.flatMap((text) => text?.match(/[A-Za-z_][\w-]*/g) ?? []));
    const settings = await settingsOf(facts);
    if (settings.length === 0) {
      return [
        {
          ...{ status: "unknown", found: `no setting was found in functions, ${directory} or slipway.config.ts` },
          next: "compare functions[].directory and terraform.directory in slipway.config.ts with where the files are",
        },
      ];
    }
    const missing = settings.filter(({ name }) => !words.has(name));
    if (missing.length === 0) {
      return [{ status: "pass", found: `${settings.length} settings are explained in ${there.join(", ")}` }];
    }
    const shown = missing.slice(0, MOST_SHOWN).map(({ name, from }) => `${name} (${from})`);
    const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : "";
    return [
      {
        ...{ status: "fail", found: `not explained: ${shown.join(", ")}${more}` },
        next: `explain them in ${documents[0]}`,
      },
    ];
  },
};

interface Setting {
  readonly name: string;
  readonly from: string;
}

async function settingsOf(facts: ChecklistFacts): Promise<Setting[]> {
  const { ports, subject } = facts;
  const settings = new Map<string, string>();
  for (const each of subject.config.functions) {
    for (const { name } of (await functionVariables(facts, each)).variables) {
      settings.set(name, each.directory);
    }
  }
  const { directory } = subject.config.terraform;
  const hcl = (await facts.files()).filter(
    (path) => path.startsWith(`${directory}/`) && /^[^/]+\.tf$/.test(path.slice(directory.length + 1)),
  );
  for (const text of await Promise.all(hcl.map((path) => ports.files.read(path)))) {
    for (const [, name = ""] of (text ?? "").matchAll(/^variable "([\w-]+)"/gm)) {
      settings.set(name, directory);
    }
  }
  const used = new Set((await ports.files.read("slipway.config.ts"))?.match(/\b\w+(?=:)/g) ?? []);
  for (const key of configurationKeys().filter((each) => used.has(each))) {
    settings.set(key, "slipway.config.ts");
  }
  return [...settings].map(([name, from]) => ({ name, from }));
}
