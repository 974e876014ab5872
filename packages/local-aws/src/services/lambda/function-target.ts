import { type FunctionReference, functionArn, type Place, parseFunctionName } from "./function-names.ts";
import type { AliasRecord, VersionRecord } from "./function-records.ts";
import type { FunctionStore, FunctionView } from "./function-store.ts";
import { functionNotFound, notFound } from "./lambda-errors.ts";

/** A function, version or alias that exists. */
export interface FunctionTarget {
  readonly reference: FunctionReference;
  readonly view: FunctionView;
  /** The version that is meant; of an alias the one without a weight. */
  readonly version: VersionRecord;
  readonly alias: AliasRecord | undefined;
  /** With the qualifier that was asked for. */
  readonly arn: string;
}

/** Finds a function by name. Throws `ResourceNotFoundException`. */
export function requireFunction(functions: FunctionStore, place: Place, name: string): FunctionView {
  const view = functions.find(name);
  if (view === undefined) {
    throw functionNotFound(functionArn(place, name));
  }
  return view;
}

/**
 * Finds what a `FunctionName` and a `Qualifier` mean.
 *
 * @throws AwsError `ResourceNotFoundException` when the function, version or alias does not exist
 */
export function resolveTarget(
  functions: FunctionStore,
  place: Place,
  functionName: string | undefined,
  qualifier?: string,
): FunctionTarget {
  const reference = parseFunctionName(place, functionName, qualifier);
  const arn = functionArn(place, reference.name, reference.qualifier);
  const view = functions.find(reference.name);
  if (view === undefined) {
    throw functionNotFound(arn);
  }
  const wanted = reference.qualifier ?? "$LATEST";
  const alias = view.aliases.get(wanted);
  const version = findVersion(view, alias?.version ?? wanted);
  if (version === undefined) {
    throw functionNotFound(arn);
  }
  return { reference, view, version, alias, arn };
}

/** A version of a function by number, or `$LATEST`. */
export function findVersion(view: FunctionView, version: string): VersionRecord | undefined {
  return version === "$LATEST" ? view.record.latest : view.versions.get(version);
}

/** Finds an alias. Throws `ResourceNotFoundException`. */
export function requireAlias(view: FunctionView, place: Place, name: string | undefined): AliasRecord {
  const alias = view.aliases.get(name ?? "");
  if (alias === undefined) {
    throw notFound(`Cannot find alias arn: ${functionArn(place, view.record.name, name ?? "")}`);
  }
  return alias;
}

/** `$LATEST`, then the published versions in order. */
export function versionsOf({ record, versions }: FunctionView): VersionRecord[] {
  return [record.latest, ...[...versions.values()].sort((a, b) => Number(a.version) - Number(b.version))];
}
