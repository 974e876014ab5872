import type { AccessNeed, AccessNeeds, RequestFacts } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import { requestFacts } from "../../core/request-facts.ts";
import type { RequestContext } from "../../core/service.ts";
import type { AccessLog } from "./access-log.ts";
import type { LoggedRequest } from "./access-log-record.ts";
import type { S3, S3Operations } from "./s3-sdk.ts";
import type { S3State } from "./s3-state.ts";

interface AnyInput {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly VersionId?: string;
  readonly Body?: Uint8Array;
}

interface AnyOutput {
  readonly VersionId?: string;
  readonly ContentLength?: number;
  readonly ContentRange?: string;
}

type Outcome = Pick<LoggedRequest, "status" | "errorCode" | "bytesSent" | "objectSize" | "versionId">;

/** Makes operations write server access logs, for the buckets that have them. */
export function withAccessLog(state: S3State, log: AccessLog, operations: S3Operations): S3Operations {
  type AnyOperation = (input: AnyInput, context: RequestContext) => unknown;
  const wrapped = Object.entries(operations as Record<string, AnyOperation>).map(([name, operation]) => {
    const logging: AnyOperation = (input, context) => {
      const target = state.buckets.get(input.Bucket ?? "")?.logging;
      if (target === undefined) {
        return operation(input, context);
      }
      const started = performance.now();
      const at = context.clock.now();
      const add = (outcome: Outcome): void =>
        log.add(
          {
            bucket: input.Bucket ?? "",
            operation: name,
            key: input.Key,
            context,
            at,
            durationMs: performance.now() - started,
            ...outcome,
          },
          target,
        );
      try {
        const output = operation(input, context);
        add(success(name, input, (output ?? {}) as AnyOutput));
        return output;
      } catch (error) {
        add(failure(input, error));
        throw error;
      }
    };
    return [name, logging];
  });
  return Object.fromEntries(wrapped) as S3Operations;
}

/**
 * Makes the permission checks write server access logs of what they are about to refuse: a request that is denied never gets to
 * its operation.
 *
 * @param factsOf - what the check, which is to come to the same end, is told of the request
 */
export function withLoggedDenials(
  state: S3State,
  log: AccessLog,
  access: AccessNeeds<S3>,
  factsOf: (context: RequestContext) => RequestFacts | undefined = requestFacts,
): AccessNeeds<S3> {
  type AnyNeeds = (input: AnyInput, context: RequestContext) => readonly AccessNeed[];
  const { authorizer } = state.core;
  const wrapped = Object.entries(access as Record<string, AnyNeeds>).map(([name, needsOf]) => {
    const logging: AnyNeeds = (input, context) => {
      const needs = needsOf(input, context);
      const target = state.buckets.get(input.Bucket ?? "")?.logging;
      if (target !== undefined) {
        const facts = factsOf(context);
        if (needs.some((need) => !authorizer.decide(context.principal, need, facts).allowed)) {
          const denied = { status: 403, errorCode: "AccessDenied", bytesSent: undefined, objectSize: undefined };
          log.add(
            {
              bucket: input.Bucket ?? "",
              operation: name,
              key: input.Key,
              versionId: input.VersionId,
              context,
              at: context.clock.now(),
              durationMs: 0,
              ...denied,
            },
            target,
          );
        }
      }
      return needs;
    };
    return [name, logging];
  });
  return Object.fromEntries(wrapped) as AccessNeeds<S3>;
}

function success(operation: string, input: AnyInput, output: AnyOutput): Outcome {
  const isRead = operation === "GetObject" || operation === "HeadObject";
  const whole = Number(/\/(\d+)$/.exec(output.ContentRange ?? "")?.[1] ?? output.ContentLength);
  return {
    status: statusOf(operation, output),
    errorCode: undefined,
    bytesSent: operation === "GetObject" ? output.ContentLength : undefined,
    objectSize: isRead ? whole : operation === "PutObject" ? (input.Body?.byteLength ?? 0) : undefined,
    versionId: output.VersionId ?? input.VersionId,
  };
}

function failure(input: AnyInput, error: unknown): Outcome {
  const known = error instanceof AwsError ? error : undefined;
  const status = known?.options.status ?? (known === undefined ? 500 : 400);
  return {
    status,
    errorCode: status === 304 ? undefined : (known?.code ?? "InternalError"),
    bytesSent: undefined,
    objectSize: undefined,
    versionId: input.VersionId,
  };
}

function statusOf(operation: string, { ContentRange }: AnyOutput): number {
  if (ContentRange !== undefined) {
    return 206;
  }
  const isEmpty = /^(Delete|Abort)/.test(operation) && operation !== "DeleteObjects";
  return isEmpty || operation === "PutBucketPolicy" ? 204 : 200;
}
