import type { Evidence } from "@slipway/contracts";
import type { DroppedSetting, TableSettings } from "../ports/table-restore.ts";
import { policyFor } from "./freeze-policy.ts";

/** What a restore drops, in the order in which it is given back: tags last, because with them it is the environment's table. */
export const droppedSettings: readonly DroppedSetting[] = [
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
  return JSON.stringify(sorted(setting === "policy" && typeof value === "string" ? JSON.parse(value) : value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

/** Compares a restored table with what it has to be, setting by setting: each is a line of evidence. */
export function judgeSettings(
  wanted: TableSettings,
  restored: TableSettings,
  { table, at }: { readonly table: string; readonly at: string },
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
  return [...compared, scaling];
}

function checkName(setting: Compared): string {
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
