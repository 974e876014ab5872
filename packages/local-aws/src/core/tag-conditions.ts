import type { ConditionValues } from "./access.ts";

/** Tags by key. */
type Tags = Readonly<Record<string, string>>;

/** Tags of a request as condition keys; none when it has none. */
export function requestTagConditions(tags: Tags | undefined): ConditionValues {
  const entries = Object.entries(tags ?? {});
  return entries.length === 0
    ? {}
    : {
        ...Object.fromEntries(entries.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
        "aws:TagKeys": entries.map(([key]) => key),
      };
}

/** Tags that a resource has as condition keys. */
export function resourceTagConditions(tags: Tags | undefined): ConditionValues {
  return Object.fromEntries(Object.entries(tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}
