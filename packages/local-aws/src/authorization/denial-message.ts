import type { AccessDecision, AccessNeed } from "../core/access.ts";
import type { Principal } from "../core/credentials.ts";

/**
 * The message of a denial, in the form that AWS uses since 2021: who, what, on which resource, and which kind of policy is the reason.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialMessage(
  principal: Pick<Principal, "arn" | "type">,
  { action, resource }: AccessNeed,
  { denial, kind }: Extract<AccessDecision, { allowed: false }>,
): string {
  const why =
    denial === "explicit"
      ? `with an explicit deny in ${article(kind)} ${kind}`
      : `because no ${kind} allows the ${action} action`;
  // S3 puts the resource in quotes.
  const where = action.startsWith("s3:") ? `"${resource}"` : resource;
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${where} ${why}`;
}

function article(kind: string): "a" | "an" {
  return kind.startsWith("i") ? "an" : "a";
}
