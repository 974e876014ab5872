import type { SourceCommit } from "../../ports/source-repository.ts";
import { identityOf } from "./identity.ts";

/** Who wrote any of it. Whoever only committed it may have read it, too. */
export function authorsOf(commits: readonly SourceCommit[]): ReadonlySet<string> {
  const people = commits.flatMap(({ author, trailers }) => [author, ...(trailers["co-authored-by"] ?? [])]);
  return new Set(people.flatMap((each) => identityOf(each) ?? []));
}
