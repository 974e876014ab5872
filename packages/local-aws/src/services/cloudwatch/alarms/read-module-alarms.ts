import { readFileSync } from "node:fs";
import type { ComparisonOperator, PutMetricAlarmInput, Statistic } from "@aws-sdk/client-cloudwatch";
import { evaluateExpression } from "../metric-math/evaluate-expression.ts";
import { parseExpression } from "../metric-math/parse-expression.ts";

const MODULE = new URL("../../../../../../infrastructure/modules/monitoring/", import.meta.url);

/** Values of the module's variables that have no default, or of which another one is wanted. */
const GIVEN: Readonly<Record<string, string>> = {
  function_name: '"api-handler-prod"',
  function_timeout: "10",
  api_name: '"items-api-prod"',
  stage_name: '"prod"',
  table_name: '"items-prod"',
  dead_letter_queue_name: '"api-handler-prod-dead-letters"',
  silence_minutes: "5",
};

/** An entry of the module's maps of alarms: attributes with their values, of which numbers are computed. */
export type ModuleAlarm = Readonly<Record<string, string>>;

/**
 * Reads the alarms of the Terraform module as they are written, without Terraform: the entries of `metric_alarms` and `rate_alarms`.
 *
 * It understands what is written there and no more: an attribute per line, variables, arithmetic, and text.
 *
 * @throws Error when an entry has something else
 */
export function readModuleAlarms(): Readonly<Record<string, ModuleAlarm>> {
  const defaults = readDefaults();
  const alarms: Record<string, ModuleAlarm> = {};
  for (const [file, map] of [
    ["alarms.tf", "metric_alarms"],
    ["rate_alarms.tf", "rate_alarms"],
  ] as const) {
    const body = new RegExp(`^  ${map} = \\{\\n([\\s\\S]*?)^  \\}`, "m").exec(readFile(file))?.[1] ?? "";
    for (const [, key = "", entry = ""] of body.matchAll(/^ {4}(\w+) = \{\n([\s\S]*?)^ {4}\}/gm)) {
      const attributes = [...entry.matchAll(/^ {6}(\w+) += (.+)$/gm)].map(([, name = "", value = ""]) => [
        name,
        valueOfText(value, defaults),
      ]);
      alarms[key] = Object.fromEntries(attributes) as ModuleAlarm;
    }
  }
  return alarms;
}

/** The alarm on backups that were not made, which is a resource of its own, as PutMetricAlarm has it; without whom it tells. */
export function readBackupsAlarm(): Omit<PutMetricAlarmInput, "AlarmName"> {
  const attributes = Object.fromEntries(
    [...readFile("backups.tf").matchAll(/^ {2}(\w+) += (.+)$/gm)].map(([, name = "", value = ""]) => [
      name,
      value.replace(/^"(.*)"$/, "$1"),
    ]),
  );
  const number = (name: string): number => Number(attributes[name]);
  return {
    ...{ Namespace: attributes.namespace, MetricName: attributes.metric_name },
    Statistic: attributes.statistic as Statistic,
    ComparisonOperator: attributes.comparison_operator as ComparisonOperator,
    ...{ Threshold: number("threshold"), Period: number("period") },
    ...{ EvaluationPeriods: number("evaluation_periods"), DatapointsToAlarm: number("datapoints_to_alarm") },
    TreatMissingData: attributes.treat_missing_data,
  };
}

/** A file of the module. */
export function readFile(name: string): string {
  return readFileSync(new URL(name, MODULE), "utf8");
}

function readDefaults(): Readonly<Record<string, string>> {
  const found = [...readFile("variables.tf").matchAll(/^variable "(\w+)" \{\n([\s\S]*?)^\}/gm)].map(
    ([, name = "", body = ""]) => [name, GIVEN[name] ?? /^ {2}default += (.+)$/m.exec(body)?.[1] ?? "null"],
  );
  return Object.fromEntries(found) as Record<string, string>;
}

/** Text as it is, without its quotes; arithmetic as the number that it is. */
function valueOfText(text: string, defaults: Readonly<Record<string, string>>): string {
  const filled = text
    .replace("local.concurrency_limit", defaults.account_concurrency_limit ?? "")
    .replaceAll(/var\.(\w+)/g, (_, name: string) => defaults[name] ?? `var.${name}`);
  if (/^[\d\s.*/+-]+$/.test(filled)) {
    const context = { timestamps: [], period: 60, metrics: [] };
    const value = evaluateExpression(parseExpression(filled), () => undefined, context as never);
    return value.kind === "scalar" ? String(value.value) : filled;
  }
  return filled.replace(/^"(.*)"$/, "$1");
}
