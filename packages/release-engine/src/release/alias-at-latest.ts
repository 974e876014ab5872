import { ReleaseError } from "../release-error.ts";

/**
 * Why an alias at `$LATEST` cannot be released to, and the way out.
 *
 * @param then what to do once it points at a version
 */
export function aliasAtLatest(functionName: string, alias: string, then: string): ReleaseError {
  return new ReleaseError({
    kind: "conflict",
    what: `The alias ${alias} of ${functionName} points at $LATEST`,
    why: "every change of the function's code has all of the traffic at once: a release could neither be tested before that, nor compared, nor put back",
    next: `keep what runs as a version, and point the alias at it: aws lambda publish-version --function-name ${functionName}; aws lambda update-alias --function-name ${functionName} --name ${alias} --function-version VERSION; then ${then}: it will be compared with that version`,
  });
}
