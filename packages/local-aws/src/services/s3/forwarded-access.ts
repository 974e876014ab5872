import type { AccessNeed, AccessNeeds } from "../../core/access.ts";
import type { RequestContext } from "../../core/service.ts";
import type { S3 } from "./s3-sdk.ts";

/**
 * What operations need of a caller in whose name a service calls them: the same, and conditions can ask for the service.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 */
export function forwardedAccess(access: AccessNeeds<S3>): AccessNeeds<S3> {
  type AnyNeeds = (input: never, context: RequestContext) => readonly AccessNeed[];
  const wrapped = Object.entries(access as Record<string, AnyNeeds>).map(([name, needsOf]): [string, AnyNeeds] => [
    name,
    // The remote address of such a request is the service.
    (input, context) => needsOf(input, context).map((need) => forwarded(need, context.http.remoteAddress)),
  ]);
  return Object.fromEntries(wrapped) as AccessNeeds<S3>;
}

function forwarded(need: AccessNeed, service: string): AccessNeed {
  return {
    ...need,
    conditions: {
      ...need.conditions,
      "aws:ViaAWSService": "true",
      "aws:CalledVia": [service],
      "aws:CalledViaFirst": service,
      "aws:CalledViaLast": service,
    },
  };
}
