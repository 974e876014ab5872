import { matchesGlob } from "@slipway/analysis";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { codeInputs, DAY_MS } from "./inputs.ts";

const MOST_SHOWN = 10;

export const secrets: ChecklistCheck = {
  name: "secrets",
  section: "Security",
  title: "No hardcoded secrets in code",
  pace: "quick",
  lifetimeMs: DAY_MS,
  async inputs(facts) {
    const code = await codeInputs(facts);
    return code === undefined ? undefined : [...code, facts.ports.secrets.name];
  },
  async judge(facts): Promise<ChecklistFinding[]> {
    const { ports, subject, signal } = facts;
    const { ignore, allow } = subject.config.release.checklist.secrets;
    const all = await facts.files();
    const files = all.filter((path) => !ignore.some(({ file }) => matchesGlob(file, path)));
    const { findings, scanned, binary, tooLarge } = await ports.secrets.scan(files, {
      ...{ allow: allow.map(({ text }) => text), signal },
    });
    const ignored = all.length - files.length;
    const how = [
      `${ports.secrets.name} looked through ${scanned} files`,
      ...(binary === 0 ? [] : [`${binary} are no text and were not looked at`]),
      ...(ignored === 0 ? [] : [`${ignored} left out by release.checklist.secrets.ignore`]),
    ].join(", ");
    if (findings.length === 0) {
      return [whatWasNotLookedAt(how, scanned, tooLarge) ?? { status: "pass", found: how }];
    }
    const shown = findings.slice(0, MOST_SHOWN).map(({ path, line, kind }) => `${path}:${line} looks like ${kind}`);
    const more = findings.length > shown.length ? [`and ${findings.length - shown.length} more`] : [];
    return [
      {
        ...{ status: "fail", found: [how, ...shown, ...more].join("\n") },
        next: "take it out and make a new one, because it stays in git's history; if it is none, say so in release.checklist.secrets.allow",
      },
    ];
  },
};

/** Where something was not looked at, nobody knows what is in it; undefined where everything was. */
function whatWasNotLookedAt(how: string, scanned: number, tooLarge: readonly string[]): ChecklistFinding | undefined {
  if (tooLarge.length > 0) {
    const shown = tooLarge.slice(0, MOST_SHOWN).map((path) => `${path} is too large to be looked through`);
    const more = tooLarge.length > shown.length ? [`and ${tooLarge.length - shown.length} more`] : [];
    return {
      ...{ status: "unknown", found: [how, ...shown, ...more].join("\n") },
      next: "look at them by hand, then say so in release.checklist.secrets.ignore; or take them out of the repository",
    };
  }
  return scanned > 0
    ? undefined
    : {
        ...{ status: "unknown", found: how },
        next: "compare what release.checklist.secrets.ignore leaves out with git ls-files: no text is left to look at",
      };
}
