import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readMarkdown } from "./read-markdown.ts";
import { alarmNames, terraformAlarms } from "./terraform-alarms.ts";

// Alarm, runbook and command are kept in step: what wakes somebody leads to a page that is there, with commands that are.

const repository = resolve(import.meta.dirname, "../../..");
const folder = "docs/runbooks";
const alarms = terraformAlarms(repository);
const runbooks = readdirSync(join(repository, folder)).filter((file) => file !== "README.md");
const read = (file: string) => readMarkdown(readFileSync(join(repository, folder, file), "utf8"));

/** What somebody looks for at night, in this order. */
const SECTIONS = [
  "What it means",
  "Why it matters",
  "Look first",
  "What you see, and what to do",
  "Call",
  "It is over when",
];

describe("alarms and runbooks", () => {
  test("every name that the module gives is an alarm, and the other way round", () => {
    const names = Object.entries(alarmNames(repository));

    expect(alarms.map(({ key, name }) => [key, name]).toSorted()).toEqual(names.toSorted());
    expect(names.length).toBeGreaterThan(10);
  });

  test.each(["dev", "staging", "prod"])(
    "every alarm of %s leads to a runbook that is there, the same for all",
    (environment) => {
      for (const { key, runbook } of terraformAlarms(repository, environment)) {
        expect(existsSync(join(repository, runbook)), `${key}: ${runbook}`).toBe(true);
        expect(runbook).toBe(alarms.find((each) => each.key === key)?.runbook);
      }
    },
  );

  test("scheduled backups have an alarm where there are any", () => {
    const watched = ["dev", "staging", "prod"].filter((environment) =>
      terraformAlarms(repository, environment).some(({ key }) => key === "backups"),
    );

    expect(watched).toEqual(["staging", "prod"]);
  });

  test("every runbook is some alarm's, and begins with its name", () => {
    expect(runbooks.map((file) => `${folder}/${file}`).toSorted()).toEqual(
      alarms.map(({ runbook }) => runbook).toSorted(),
    );
    for (const { name, runbook } of alarms) {
      expect(read(runbook.slice(folder.length + 1)).headings[0]).toMatchObject({ text: name, depth: 1 });
    }
  });

  test("the list of runbooks has every alarm, with a link to its page", () => {
    const { links } = read("README.md");

    expect(links).toEqual(expect.arrayContaining(runbooks));
  });
});

describe.each(runbooks)("%s", (file) => {
  const { headings, blocks, links } = read(file);

  test("says what it means, why it matters, where to look, what to do, whom to call, and when it is over", () => {
    expect(headings.filter(({ depth }) => depth === 2).map(({ text }) => text)).toEqual(SECTIONS);
  });

  test("says its severity by the guide's definitions, and how soon to answer", () => {
    const source = readFileSync(join(repository, folder, file), "utf8");
    const matters = source.split(/^## /m).find((section) => section.startsWith("Why it matters")) ?? "";

    expect(matters).toMatch(/^Why it matters\n\nSeverity [1-4]\b/);
    expect(matters).toMatch(/at once|within (?:15\s+minutes|an\s+hour|24\s+hours)/i);
  });

  test("says no other severity than the alarm does", () => {
    const [, said] = /Severity (\d)/.exec(alarms.find(({ runbook }) => runbook.endsWith(`/${file}`))?.says ?? "") ?? [];
    const source = readFileSync(join(repository, folder, file), "utf8");

    expect(/^Severity (\d)/m.exec(source)?.[1]).toMatch(said ?? /^\d$/);
  });

  test("begins with commands of slipway, has those of the AWS CLI beside them, and ends with how to know", () => {
    const of = (section: string) =>
      blocks.filter((block) => block.section.includes(section)).map(({ text }) => text.trimStart());

    expect(of("Look first").some((text) => text.startsWith("slipway "))).toBe(true);
    expect(of("Look first").join("\n")).toMatch(/^(?:url=\$\()?aws /m);
    expect(of("It is over when").join("\n")).toMatch(/^slipway alarms prod/m);
  });

  test("tells at least three causes apart, most of them with a command", () => {
    const causes = headings.filter(({ depth }) => depth === 3);
    const withCommands = new Set(
      blocks
        .map(({ section }) => section)
        .flatMap(([, above, cause]) => (above === SECTIONS[3] && cause ? [cause] : [])),
    );

    expect(causes.length).toBeGreaterThanOrEqual(3);
    expect(withCommands.size).toBeGreaterThanOrEqual(2);
  });

  test("leads to other runbooks of this folder, or out of it by a whole address", () => {
    for (const link of links) {
      expect(link).toMatch(/^(?:https:\/\/|[a-z0-9-]+\.md(?:#|$))/);
    }
  });
});
