import type { Evidence } from "@slipway/contracts";
import { canonicalJson } from "../ledger/canonical-json.ts";
import type { DroppedSetting, TableSettings } from "../ports/table-restore.ts";
import { policyFor } from "./freeze-policy.ts";

/** What a restore drops, or has as it once was, in the order in which it is given back: tags last, because with them it is the environment's table. */
export const droppedSettings: readonly DroppedSetting[] = [
  "billing",
  "recoveryDays",
  "timeToLive",
  "stream",
  "policy",
  "deletionProtection",
  "tags",
];

const NAMES = {
  key: "key",
  indexes: "indexes",
  billing: "capacity",
  encryption: "encryption",
  tableClass: "table class",
  recoveryDays: "point-in-time recovery",
  timeToLive: "expiry of items",
  stream: "stream",
  policy: "the table's own policy",
  deletionProtection: "deletion protection",
  tags: "tags",
} as const satisfies Partial<Record<keyof TableSettings, string>>;

type Compared = keyof typeof NAMES;

/** What a restored table lacks, and nobody here gives back: the setting, what it is, and what shows it. */
const NOT_GIVEN_BACK = [
  ["replicas", "replicas", "describe-table"],
  ["kinesis", "Kinesis destinations", "describe-kinesis-streaming-destination"],
  ["contributorInsights", "contributor insights", "describe-contributor-insights"],
] as const satisfies readonly (readonly [keyof TableSettings, string, string])[];

/** What the setting of a restored table has to be, so that it is what the table before has. */
export function wantedSettings(before: TableSettings, policyBefore: string | null, arn: string): TableSettings {
  return { ...before, arn, policy: policyBefore === null ? null : policyFor(policyBefore, before.arn, arn) };
}

export function settingName(setting: Compared): string {
  return NAMES[setting];
}

/** Whether two tables have the same setting. Policies and tags are compared as what they say, not as how they are written. */
export function isSameSetting(setting: Compared, left: TableSettings, right: TableSettings): boolean {
  return canonical(setting, left) === canonical(setting, right);
}

function canonical(setting: Compared, settings: TableSettings): string {
  const value = settings[setting];
  return canonicalJson(setting === "policy" && typeof value === "string" ? JSON.parse(value) : value);
}

/**
 * Compares a restored table with what it has to be, setting by setting: each is a line of evidence. What a restore drops and only
 * people or Terraform can give back is not known to be the same, unless the table before had none of it.
 *
 * @param about.from the table that it was restored from
 */
export function judgeSettings(
  wanted: TableSettings,
  restored: TableSettings,
  { table, from, at }: { readonly table: string; readonly from: string; readonly at: string },
): readonly Evidence[] {
  const compared = (Object.keys(NAMES) as Compared[]).map((setting): Evidence => {
    const isSame = isSameSetting(setting, wanted, restored);
    return {
      ...{ check: `restore.settings.${checkName(setting)}`, title: `Same ${NAMES[setting]}`, subject: table, at },
      status: isSame ? "pass" : "fail",
      found: isSame ? words(wanted[setting]) : `${words(restored[setting])}, and should be ${words(wanted[setting])}`,
    };
  });
  // Which capacity an autoscaling would set is known to another service, whose word nobody has here.
  const scaling: Evidence = {
    ...{ check: "restore.settings.autoscaling", title: "Same autoscaling", subject: table, at },
    ...(wanted.billing.startsWith("on demand")
      ? { status: "pass" as const, found: "a table on demand has none" }
      : {
          status: "unknown" as const,
          found: "whether the capacity was scaled is not looked at",
          next: "aws application-autoscaling describe-scalable-targets --service-namespace dynamodb",
        }),
  };
  const notGivenBack = NOT_GIVEN_BACK.map(([setting, title, command]): Evidence => {
    const had = wanted[setting];
    const line = { check: `restore.settings.${checkName(setting)}`, title: `Same ${title}`, subject: table, at };
    if (had?.length === 0) {
      return { ...line, status: "pass", found: "none" };
    }
    return {
      ...{ ...line, status: "unknown", next: `aws dynamodb ${command} --table-name ${from}` },
      found:
        had === null
          ? `a restore drops it, and whether ${from} has any may not be looked at`
          : `a restore drops it, and ${from} has ${had.join(", ")}: Terraform makes again what it manages`,
    };
  });
  return [...compared, scaling, ...notGivenBack];
}

function checkName(setting: keyof TableSettings): string {
  return setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function words(value: TableSettings[Compared]): string {
  if (value === null) {
    return "none";
  }
  if (typeof value === "boolean") {
    return value ? "on" : "off";
  }
  if (typeof value === "number") {
    return `${value} days`;
  }
  if (typeof value === "string") {
    return value;
  }
  const entries = Object.entries(value);
  return entries.length === 0 ? "none" : entries.map(([name, text]) => `${name}: ${text}`).join(", ");
}
