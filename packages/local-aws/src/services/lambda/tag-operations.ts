import { AwsError } from "../../core/aws-error.ts";
import type { TagSource } from "../../core/ports.ts";
import { functionArn, type Place, parseFunctionName } from "./function-names.ts";
import type { FunctionRecord } from "./function-records.ts";
import type { FunctionStore } from "./function-store.ts";
import { requireFunction } from "./function-target.ts";
import { invalidMember, invalidParameter } from "./lambda-errors.ts";
import type { LambdaOperations, LambdaState } from "./lambda-state.ts";

const MAX_TAGS = 50;

/** Tags of functions. */
export function tagOperations({ functions }: LambdaState): LambdaOperations {
  const find = (place: Place, arn: string | undefined): FunctionRecord => {
    if (arn === undefined || !arn.startsWith("arn:")) {
      throw invalidMember("resource", arn ?? "null", "Member must be the ARN of a function");
    }
    const { name, qualifier } = parseFunctionName(place, arn);
    if (qualifier !== undefined) {
      throw invalidParameter("Tags on function aliases and versions are not supported. Please specify a function ARN.");
    }
    return requireFunction(functions, place, name).record;
  };
  return {
    ListTags(input, context) {
      return { Tags: { ...find(context, input.Resource).tags } };
    },
    TagResource(input, context) {
      const record = find(context, input.Resource);
      const tags = checkTags({ ...record.tags, ...input.Tags });
      functions.change(record.name, (changes) => changes.put({ ...record, tags }));
      return {};
    },
    UntagResource(input, context) {
      const record = find(context, input.Resource);
      const removed = new Set(input.TagKeys);
      const tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !removed.has(key)));
      functions.change(record.name, (changes) => changes.put({ ...record, tags }));
      return {};
    },
  };
}

/** @throws AwsError when there are too many tags, or one is malformed */
export function checkTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) {
    throw new AwsError("InvalidParameterValueException", `Number of tags exceeds resource tag limit of ${MAX_TAGS}.`);
  }
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || value.length > 256) {
      throw invalidParameter(`The tag ${key} must have a key of 1 to 128 characters and a value of at most 256.`);
    }
    if (key.toLowerCase().startsWith("aws:")) {
      throw invalidParameter(`The tag key ${key} is reserved: keys must not start with aws:.`);
    }
  }
  return { ...tags };
}

/** Functions with their tags, for the tagging API. */
export function functionTags(place: Place, functions: FunctionStore): TagSource {
  return {
    taggedResources: () =>
      functions.all().map(({ record }) => ({
        arn: functionArn(place, record.name),
        type: "lambda:function",
        tags: record.tags,
      })),
  };
}
