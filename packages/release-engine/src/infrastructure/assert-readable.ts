import { ReleaseError } from "../release-error.ts";
import { Sensitive } from "../sensitive.ts";

/**
 * Looks whether Terraform hides what the release itself reads. The ledger keeps a sensitive output as `(sensitive value)` only, and every
 * later step, of whoever resumes the release, has nothing but the ledger.
 *
 * @param read names of outputs, by the keys of slipway.config.ts that name them
 * @throws {ReleaseError} `usage`, naming each such output and its keys
 */
export function assertReadable(
  outputs: Readonly<Record<string, unknown>>,
  read: Readonly<Record<string, string>>,
  environment: string,
  flags: string,
): void {
  const hidden = Object.entries(read).filter(([, name]) => outputs[name] instanceof Sensitive);
  if (hidden.length === 0) {
    return;
  }
  const names = [...new Set(hidden.map(([, name]) => name))];
  const keys = hidden.map(([key, name]) => `${key} (${name})`).join(", ");
  const [each, them] = names.length === 1 ? ["output", "it"] : ["outputs", "them"];
  throw new ReleaseError({
    kind: "usage",
    what: `The release needs the ${each} ${names.join(", ")} of ${environment}, which Terraform marks as sensitive`,
    why: `slipway.config.ts names ${them}: ${keys}. What is sensitive is not written into the ledger, and the steps after this one go by the ledger`,
    next: `take \`sensitive = true\` off the ${each} (with nonsensitive(...) where the value comes from a sensitive one) and commit; slipway rollback ${environment}${flags} ends this release, slipway deploy ${environment}${flags} begins anew`,
  });
}
