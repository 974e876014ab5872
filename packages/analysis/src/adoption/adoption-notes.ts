import type { AdoptionNote } from "@slipway/contracts";
import { apiNotes } from "./api-notes.ts";
import { bootstrapNotes } from "./bootstrap-notes.ts";
import { scriptsOf } from "./detect-builds.ts";
import type { DetectedRepository } from "./detect-repository.ts";
import { functionNotes, proofNotes } from "./function-notes.ts";
import { note } from "./note.ts";
import type { EnvironmentFindings } from "./propose-config.ts";

const LEVELS: readonly AdoptionNote["level"][] = ["must", "should", "check"];

/** What a repository lacks, and what could not be known: what must be done first stands first. */
export function adoptionNotes(repository: DetectedRepository): readonly AdoptionNote[] {
  const primary = repository.environments.at(-1);
  const notes = [
    ...repository.unread.map(({ file, why }) =>
      note(
        "check",
        "terraform.unread",
        file,
        `it is not read: ${why}`,
        "look for functions, tables and APIs in it yourself",
      ),
    ),
    ...bootstrapNotes(repository),
    ...(primary === undefined ? [] : environmentNotes(primary, repository)),
    ...checklistNotes(repository),
  ];
  return LEVELS.flatMap((level) => notes.filter((each) => each.level === level));
}

function environmentNotes(
  findings: DetectedRepository["environments"][number],
  repository: DetectedRepository,
): AdoptionNote[] {
  const { functions, apis, tables, oddHandlers } = findings;
  const routes = apis.flatMap((each) => each.routes);
  return [
    ...functions.flatMap((each) => functionNotes(each, findings, oddHandlers.get(each.name))),
    ...apiNotes(findings),
    ...(functions.length > 1 ? functions.flatMap((each) => proofNotes(each, routes)) : []),
    ...tables.flatMap(({ name, address, file, output, hasPointInTimeRecovery, restoredVariable }) => {
      const subject = `${address} in ${file}`;
      return [
        ...(hasPointInTimeRecovery
          ? []
          : [
              note(
                "should",
                "table.no-recovery",
                subject,
                "it cannot be restored to a second of the past",
                "add point_in_time_recovery { enabled = true }",
              ),
            ]),
        ...(output === undefined
          ? [
              note(
                "should",
                "table.no-output",
                subject,
                "no output of the root module says what it is called, so it is left out of data.tables",
                `add output "${name.replaceAll("-", "_")}_table" with its name, then run slipway init again`,
              ),
            ]
          : [
              ...(repository.files.has(`data/migrations/${name}/README.md`) ||
              [...repository.files.keys()].some((each) => each.startsWith(`data/migrations/${name}/`))
                ? []
                : [
                    note(
                      "check",
                      "table.no-migrations",
                      subject,
                      `data/migrations/${name} is not there`,
                      "make the folder, or name the one that has its migrations: data.tables[].migrations",
                    ),
                  ]),
              ...(restoredVariable === undefined
                ? [
                    note(
                      "check",
                      "table.not-switched",
                      subject,
                      "a restored table cannot take its place, because no variable says which table is in use",
                      "see restoredVariable in CONFIGURATION.md, if you want slipway rollback ENV data --restore",
                    ),
                  ]
                : []),
            ]),
      ];
    }),
    ...alarmNotes(findings),
  ];
}

function alarmNotes({ environment, functions }: EnvironmentFindings): AdoptionNote[] {
  const { resources } = environment.module;
  const alarms = resources.filter(({ type }) => /^aws_cloudwatch_(metric|composite)_alarm$/.test(type));
  if (alarms.length === 0) {
    return [
      note(
        "should",
        "alarms.none",
        environment.module.directory,
        "nobody is told when something is wrong: there is no alarm",
        `add alarms for errors, latency and throttles of ${functions.map(({ name }) => name).join(", ")} and of the API`,
      ),
    ];
  }
  return resources.some(({ type }) => type === "aws_sns_topic")
    ? []
    : [
        note(
          "should",
          "alarms.silent",
          environment.module.directory,
          "its alarms tell nobody: there is no SNS topic",
          "add aws_sns_topic, name it in alarm_actions, and its output in release.notifications.topicOutput",
        ),
      ];
}

function checklistNotes({ files }: DetectedRepository): AdoptionNote[] {
  const scripts = scriptsOf(files);
  const missing = ["test", "lint", "test:coverage", "validate:infrastructure"].filter(
    (name) => scripts[name] === undefined,
  );
  const papers = ["CHANGELOG.md", "CONFIGURATION.md", "README.md"].filter((name) => !files.has(name));
  return [
    ...(missing.length > 0
      ? [
          note(
            "should",
            "checklist.scripts",
            "package.json",
            `it has no script ${missing.join(", ")}, which the checklist runs; what is not known stops a release to AWS`,
            "add them, name other commands in release.checklist, or answer for the line with a waiver",
          ),
        ]
      : []),
    ...(papers.length > 0
      ? [
          note(
            "should",
            "checklist.documents",
            "the repository",
            `the checklist looks into ${papers.join(", ")}, which ${papers.length === 1 ? "is" : "are"} not there`,
            "write them, or name others in release.checklist.documentation",
          ),
        ]
      : []),
  ];
}
