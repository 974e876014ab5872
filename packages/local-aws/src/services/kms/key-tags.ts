import type { Tag } from "@aws-sdk/client-kms";
import { AwsError } from "../../core/aws-error.ts";

const MOST_TAGS = 50;

/** Tags of KMS as a record. */
export function tagRecord(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
}

/**
 * Puts tags over others and checks the result.
 *
 * @throws AwsError `TagException` or `LimitExceededException`
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html
 */
export function mergeTags(present: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const keys = new Set<string>();
  for (const { TagKey: key = "", TagValue: value = "" } of added) {
    if (key === "" || key.length > 128 || value.length > 256) {
      throw new AwsError(
        "TagException",
        `The tag '${key}' is not valid: keys have 1 to 128 characters, values at most 256.`,
      );
    }
    if (key.toLowerCase().startsWith("aws:")) {
      throw new AwsError("TagException", "aws: prefixed tag key names are not allowed for external use");
    }
    if (keys.has(key)) {
      throw new AwsError("TagException", "Duplicate tag keys");
    }
    keys.add(key);
  }
  const merged = [
    ...present.filter(({ TagKey }) => !keys.has(TagKey ?? "")),
    ...added.map(({ TagKey, TagValue }) => ({ TagKey, TagValue })),
  ];
  if (merged.length > MOST_TAGS) {
    throw new AwsError("LimitExceededException", `A key has at most ${MOST_TAGS} tags.`);
  }
  return merged;
}
