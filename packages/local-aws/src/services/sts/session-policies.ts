import type { NamedPolicy } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import type { PolicyDirectory } from "../../core/ports.ts";
import { validation } from "./session-input.ts";

const MOST_ARNS = 10;
const LONGEST_PLAIN_TEXT = 2_048;

/** The members of AssumeRole and AssumeRoleWithWebIdentity that limit a session. */
interface SessionPolicyInput {
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined;
}

/**
 * Reads session policies: what a session may do at most, whatever its role may.
 *
 * @returns `undefined` where the request has none
 * @throws AwsError `MalformedPolicyDocumentException`, `PackedPolicyTooLargeException`, `ValidationError`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
export function sessionPolicies(
  { Policy: document, PolicyArns: arns = [] }: SessionPolicyInput,
  policies: PolicyDirectory,
): readonly NamedPolicy[] | undefined {
  if (arns.length > MOST_ARNS) {
    throw validation(
      `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${MOST_ARNS}`,
    );
  }
  const managed = arns.map(({ arn = "" }) => {
    const found = policies.findDocument(arn);
    if (found === undefined) {
      throw new AwsError("MalformedPolicyDocumentException", `Policy ${arn} does not exist or is not attachable.`);
    }
    return { name: arn, document: found };
  });
  if (document === undefined) {
    return managed.length === 0 ? undefined : managed;
  }
  if (document.length > LONGEST_PLAIN_TEXT) {
    throw new AwsError(
      "PackedPolicyTooLargeException",
      `The session policy has ${document.length} characters; at most ${LONGEST_PLAIN_TEXT} are allowed.`,
    );
  }
  policies.validate(document);
  return [{ name: "session policy", document }, ...managed];
}
