import { AwsError } from "../../core/aws-error.ts";
import { validationError } from "./cloudwatch-state.ts";

const MAX_TAGS = 50;

/** Tags as a record. */
export function tagRecord(tags: readonly { Key?: string; Value?: string }[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** @throws AwsError `ValidationError` when there are too many tags, or malformed ones */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) {
    throw validationError(`A resource can have no more than ${MAX_TAGS} tags.`);
  }
  for (const [key, value] of entries) {
    if (key === "" || key.length > 128 || value.length > 256 || /^aws:/i.test(key)) {
      throw validationError(
        `The tag ${key} is not valid: a key has 1 to 128 characters and does not start with aws:, a value has at most 256.`,
      );
    }
  }
}

/** CloudWatch's error for a resource that has no tags because it is not there. */
export function unknownResource(arn: string | undefined): AwsError {
  return new AwsError("ResourceNotFoundException", `The resource ${arn ?? ""} does not exist.`);
}
