import { AwsError } from "../../core/aws-error.ts";
import { requestFacts } from "../../core/request-facts.ts";
import type { RequestContext } from "../../core/service.ts";
import { bucketNeeds } from "./access-needs.ts";
import { parseCopySource } from "./copy-source.ts";
import type { S3Operations } from "./s3-sdk.ts";
import type { S3State } from "./s3-state.ts";

/** Errors that tell that an object is not there; answers to HEAD call it `NotFound`. */
const ABSENCE: readonly string[] = ["NoSuchKey", "NoSuchVersion", "NotFound"];

interface AnyObjectInput {
  readonly Bucket?: string;
  readonly CopySource?: string;
}

/**
 * Makes operations keep to themselves that an object is missing, unless the caller may list the bucket: then it is 404, else 403.
 * The question comes without a prefix, so that a permission to list below a prefix only is none.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function withHiddenAbsence(state: S3State, operations: S3Operations): S3Operations {
  type AnyOperation = (input: AnyObjectInput, context: RequestContext) => unknown;
  const { authorizer } = state.core;
  const wrapped = Object.entries(operations as Record<string, AnyOperation>).map(([name, operation]) => {
    const hiding: AnyOperation = (input, context) => {
      try {
        return operation(input, context);
      } catch (error) {
        if (error instanceof AwsError && ABSENCE.includes(error.code) && authorizer.isEnforced) {
          const bucket = input.CopySource === undefined ? input.Bucket : parseCopySource(input.CopySource)?.bucket;
          const needs = bucketNeeds(state, bucket, ["s3:ListBucket"], context);
          authorizer.require(context.principal, needs, requestFacts(context));
        }
        throw error;
      }
    };
    return [name, hiding];
  });
  return Object.fromEntries(wrapped) as S3Operations;
}
