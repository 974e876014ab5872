import type { PolicyInForce } from "../policy/policy-in-force.ts";
import type { ApprovalCount } from "./count-approvals.ts";

/**
 * What people have to know of approvals of a protected environment that nobody has signed.
 *
 * @returns undefined where there are none, or the environment is not protected
 */
export function unsignedWords(
  { counted, signed }: Pick<ApprovalCount, "counted" | "signed">,
  { isProtected }: Pick<PolicyInForce, "isProtected">,
): string | undefined {
  const unsigned = counted.length - signed.length;
  return isProtected && unsigned > 0
    ? `${unsigned} of these approvals ${unsigned === 1 ? "is" : "are"} not signed: whose they are rests on git's user.email, which everybody sets for themselves (release.approvals.signers asks for signatures)`
    : undefined;
}
