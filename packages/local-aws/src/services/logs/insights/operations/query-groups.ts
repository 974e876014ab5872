import { AwsError } from "../../../../core/aws-error.ts";
import type { InputOf } from "../../../../core/service.ts";
import type { LogGroup } from "../../group-table.ts";
import { invalidParameter, type Logs, type LogsState, nameFromIdentifier, requireGroup } from "../../logs-state.ts";
import type { Source } from "../language/ast.ts";

const MAX_GROUPS = 50;
const CLASSES: readonly string[] = ["STANDARD", "INFREQUENT_ACCESS"];

type StartQueryInput = InputOf<Logs, "StartQuery">;

/**
 * The log groups that a query is about: those of the request, or those that its `SOURCE` names.
 *
 * @throws AwsError `InvalidParameterException` unless they are named in exactly one way, `ResourceNotFoundException`
 */
export function queryGroups(state: LogsState, input: StartQueryInput, source: Source | undefined): LogGroup[] {
  const { logGroupName, logGroupNames, logGroupIdentifiers } = input;
  const ways = [logGroupName, logGroupNames, logGroupIdentifiers, source].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    throw invalidParameter(
      "Exactly one of logGroupName, logGroupNames, logGroupIdentifiers and a SOURCE in the query must name the log groups.",
    );
  }
  if (source?.kind === "logGroups") {
    return selectGroups(state, source);
  }
  const names = logGroupNames ?? logGroupIdentifiers ?? source?.names ?? [logGroupName ?? ""];
  if (names.length === 0 || names.length > MAX_GROUPS) {
    throw invalidParameter(`A query is about 1 to ${MAX_GROUPS} log groups, got ${names.length}.`);
  }
  const found = names.map((name) => requireGroup(state, nameFromIdentifier(state.core, name)));
  const delivery = found.find(({ logGroupClass }) => logGroupClass === "DELIVERY");
  if (delivery !== undefined) {
    throw invalidParameter(`The log group ${delivery.name} has the class DELIVERY, which cannot be queried.`);
  }
  return [...new Map(found.map((group) => [group.id, group])).values()];
}

/** The names of all groups that a request is about, as far as they can be told; for the check of its rights, which never fails. */
export function namesOfQueryGroups(state: LogsState, input: StartQueryInput, source: Source | undefined): string[] {
  if (source?.kind === "logGroups") {
    return matchingGroups(state, source).map(({ name }) => name);
  }
  const { logGroupName, logGroupNames = [], logGroupIdentifiers = [] } = input;
  return [
    ...(logGroupName === undefined ? [] : [logGroupName]),
    ...logGroupNames,
    ...logGroupIdentifiers,
    ...(source?.names ?? []),
  ];
}

function selectGroups(state: LogsState, source: Extract<Source, { kind: "logGroups" }>): LogGroup[] {
  const unknown = source.classes?.find((each) => !CLASSES.includes(each));
  if (unknown !== undefined) {
    throw invalidParameter(`A SOURCE selects groups of class STANDARD or INFREQUENT_ACCESS, got ${unknown}.`);
  }
  const found = matchingGroups(state, source);
  if (found.length === 0) {
    throw new AwsError("ResourceNotFoundException", "The SOURCE of the query selects no log group.");
  }
  return found;
}

/** What is asked for in the check of rights is what is read: groups that buffered lines make are among them. */
function matchingGroups(
  { core, store, ingest }: LogsState,
  source: Extract<Source, { kind: "logGroups" }>,
): LogGroup[] {
  const { namePrefix, classes = ["STANDARD"], accountIdentifiers } = source;
  if (accountIdentifiers !== undefined && !accountIdentifiers.includes(core.accountId)) {
    return [];
  }
  ingest.flush();
  return store.groups
    .all()
    .filter(
      ({ name, logGroupClass }) =>
        classes.includes(logGroupClass) &&
        (namePrefix === undefined || namePrefix.some((prefix) => name.startsWith(prefix))),
    );
}
