import { ReleaseError } from "../release-error.ts";

/**
 * What to throw when the aliases of some functions could not be moved.
 *
 * @param failures at least one
 * @param all how many functions there are
 * @param verb what became of those, such as `could not be put back`
 */
export function notAllMoved(failures: readonly ReleaseError[], all: number, verb: string): ReleaseError {
  const [first] = failures as [ReleaseError, ...ReleaseError[]];
  return new ReleaseError(
    {
      kind: first.kind,
      what: `${failures.length} of ${all} ${all === 1 ? "function" : "functions"} ${verb}`,
      why: failures.map(({ what, why }) => `${what}: ${why}`).join("\n"),
      next: failures.length === 1 ? first.next : `${first.next}; then type the same command again`,
    },
    { cause: failures.length === 1 ? first : new AggregateError(failures) },
  );
}
