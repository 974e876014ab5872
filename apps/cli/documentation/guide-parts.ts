import { join } from "node:path";
import type { PlannedStep, SlipwayConfig } from "@slipway/contracts";
import { incidentItems, rollbackItems, severities, severityNames } from "@slipway/contracts";
import {
  CHECKLIST_SECTIONS,
  type ChecklistCheck,
  checkId,
  checklistChecks,
  checklistTitleOf,
  incidentItemTitles,
  loadConfig,
  responsePeriodMs,
  rollbackItemTitles,
  validationLines,
} from "@slipway/release-engine";
import { planRelease } from "@slipway/release-plan";
import type { Parts } from "./fill-parts.ts";
import { guideLink } from "./guide-link.ts";
import { markdownTable } from "./markdown-table.ts";
import { savedQueries, terraformAlarms } from "./terraform-alarms.ts";

type EnvironmentConfig = SlipwayConfig["environments"][string];

const HOUR_MS = 3_600_000;

/** The parts of the guide that are made of the code, with the numbers of this repository's configuration of prod. */
export async function guideParts(repository: string): Promise<Parts> {
  const { environments } = await loadConfig(join(repository, "slipway.config.ts"));
  const prod = environments.prod;
  if (prod === undefined) {
    throw new Error("slipway.config.ts has no environment prod, which the guide is written for");
  }
  return {
    "steps of a release": stepsTable(prod),
    ...Object.fromEntries(
      CHECKLIST_SECTIONS.map((section) => [
        `checklist ${section}`,
        checklistTable(
          checklistChecks.filter((check) => check.section === section),
          prod,
        ),
      ]),
    ),
    ...Object.fromEntries(
      (["immediate", "short", "extended"] as const).map((window) => [
        `validation ${window}`,
        markdownTable(
          ["the guide's line", "check"],
          validationLines(prod.validation)
            .filter((line) => line.window === window)
            .map(({ title, id }) => [title, `\`${id}\``]),
        ),
      ]),
    ),
    "rollback checklist": markdownTable(
      ["the guide's line", "item"],
      rollbackItems.map((item) => [rollbackItemTitles[item], `\`${item}\``]),
    ),
    "incident checklist": markdownTable(
      ["the guide's line", "item"],
      incidentItems.map((item) => [incidentItemTitles[item], `\`${item}\``]),
    ),
    severities: severitiesTable(prod),
    alarms: markdownTable(
      ["alarm", "says", "tells somebody", "runbook"],
      terraformAlarms(repository)
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map(({ name, says, tells, runbook }) => [
          `\`${name}\``,
          says,
          tells ? "yes" : "through `items-api-prod-down`",
          `[${runbook.split("/").at(-1)}](../runbooks/${runbook.split("/").at(-1)})`,
        ]),
    ),
    ...Object.fromEntries(
      Object.entries(savedQueries(repository)).map(([name, text]) => [`query ${name}`, `\`\`\`text\n${text}\n\`\`\``]),
    ),
  };
}

function severitiesTable({ incidents }: EnvironmentConfig): string {
  const { errorPercent, slowPercent } = incidents;
  const numbers = {
    1: `from ${errorPercent.critical} % failed requests on; none of our own requests gets through`,
    2: `above ${errorPercent.high} % failed requests; from ${slowPercent.high} % slow ones on; requests are throttled; one of our own fails; severity 3 for an hour`,
    3: `from ${errorPercent.medium} % failed requests on; from ${slowPercent.medium} % slow ones on; an alarm`,
    4: "nobody is hit: errors in logs only, memory near its limit, a backup that was not made, an alarm that does not watch",
  };
  return markdownTable(
    ["severity", "by its numbers", "somebody has to acknowledge it within"],
    severities.map((severity) => [
      `Severity ${severity} (${severityNames[severity]})`,
      numbers[severity],
      `${responsePeriodMs(severity, incidents) / 60_000} min`,
    ]),
  );
}

function checklistTable(checks: readonly ChecklistCheck[], prod: EnvironmentConfig): string {
  return markdownTable(
    ["the guide's line", "check", "takes", "counts for"],
    checks.map((check) => [
      code(checklistTitleOf(check, prod.release.checklist)),
      `\`${checkId(check)}\``,
      check.pace === "slow" ? "minutes" : "seconds",
      check.decidedIn === undefined ? lifetime(check.lifetimeMs) : `decided by \`${check.decidedIn}\``,
    ]),
  );
}

/** `tests pass: npm test` has its command as one. */
function code(title: string): string {
  return title.replace(/: ((?:npm|terraform) .+)$/, ": `$1`");
}

function lifetime(ms: number): string {
  const hours = ms / HOUR_MS;
  return hours <= 0 ? "now" : hours >= 24 ? `${hours / 24} d` : hours >= 1 ? `${hours} h` : `${hours * 60} min`;
}

/** What `slipway deploy prod --plan` shows of a release that has one before it. */
function stepsTable({ functions, release }: EnvironmentConfig): string {
  const plan = planRelease(
    {
      ...{ environment: "prod", release: "r2", previous: "r1", functions: functions.map(({ name }) => name) },
      source: { commit: null, tree: null, dirty: false },
    },
    { approvals: release.approvals.infrastructure, canary: release.canary.steps },
  );
  const row = ({ id, title, guide, undo }: PlannedStep) => [`\`${id}\``, title, guideLink(guide), undo];
  return markdownTable(["step", "what it does", "section", "how it is undone"], plan.steps.map(row));
}
