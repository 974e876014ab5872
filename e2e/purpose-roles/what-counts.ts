import type { RolePolicies } from "./policies-of-roles.ts";
import type { Asked } from "./unneeded-statements.ts";

/** Roles of prod and of the account; those of dev and staging are the same but for names, and nobody worked under them. */
export function isOurs({ arn }: RolePolicies): boolean {
  return !/slipway-(dev|staging)-/.test(arn);
}

export function isAboutOurs({ need }: Asked): boolean {
  return !/slipway-(dev|staging)-/.test(need.resource);
}

/** AWS writes a policy for its own keys, and for a topic that has none. */
export function isWrittenByUs({ need }: Asked): boolean {
  return !/"(__default_statement_ID|key-default-1|auto-\w+)"|through \w+ for all principals in the account/.test(
    need.resourcePolicy?.document ?? "",
  );
}

/** What buckets and topics must refuse to everybody: the same requests over plain HTTP, and over a TLS that is too old. */
export function overPlainHttp(asked: readonly Asked[]): Asked[] {
  return asked
    .filter(({ need }) => /^(s3|sns):/i.test(need.action) && need.resourcePolicy !== undefined)
    .flatMap((one) => [
      { ...one, request: { isSecure: false } },
      { ...one, need: { ...one.need, conditions: { ...one.need.conditions, "s3:TlsVersion": "1.1" } } },
    ]);
}
