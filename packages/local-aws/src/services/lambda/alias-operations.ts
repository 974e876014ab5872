import type { AliasConfiguration, AliasRoutingConfiguration } from "@aws-sdk/client-lambda";
import { functionArn, type Place, parseFunctionName } from "./function-names.ts";
import type { AliasRecord } from "./function-records.ts";
import { type FunctionView, newRevision } from "./function-store.ts";
import { findVersion, requireAlias, requireFunction } from "./function-target.ts";
import { conflict, functionNotFound, invalidMember, invalidParameter, revisionMismatch } from "./lambda-errors.ts";
import type { LambdaOperations, LambdaState } from "./lambda-state.ts";
import { page } from "./pages.ts";

/** Aliases, with weights. https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html */
export function aliasOperations({ functions }: LambdaState): LambdaOperations {
  const find = (place: Place, functionName: string | undefined): FunctionView =>
    requireFunction(functions, place, parseFunctionName(place, functionName).name);

  return {
    CreateAlias(input, context) {
      const view = find(context, input.FunctionName);
      const name = aliasName(input.Name);
      if (view.aliases.has(name)) {
        throw conflict(`Alias already exists: ${functionArn(context, view.record.name, name)}`);
      }
      const alias: AliasRecord = {
        name,
        version: requiredVersion(input.FunctionVersion),
        description: input.Description ?? "",
        revisionId: newRevision(),
        additional: additionalVersion(input.RoutingConfig),
      };
      checkAlias(context, view, alias);
      functions.change(view.record.name, (changes) => changes.putAlias(alias));
      return toAlias(context, view, alias);
    },

    UpdateAlias(input, context) {
      const view = find(context, input.FunctionName);
      const before = requireAlias(view, context, input.Name);
      if (input.RevisionId !== undefined && input.RevisionId !== before.revisionId) {
        throw revisionMismatch("GetAlias");
      }
      const alias: AliasRecord = {
        name: before.name,
        version: input.FunctionVersion ?? before.version,
        description: input.Description ?? before.description,
        revisionId: newRevision(),
        additional: input.RoutingConfig === undefined ? before.additional : additionalVersion(input.RoutingConfig),
      };
      checkAlias(context, view, alias);
      functions.change(view.record.name, (changes) => changes.putAlias(alias));
      return toAlias(context, view, alias);
    },

    GetAlias(input, context) {
      const view = find(context, input.FunctionName);
      return toAlias(context, view, requireAlias(view, context, input.Name));
    },

    ListAliases(input, context) {
      const view = find(context, input.FunctionName);
      const wanted = input.FunctionVersion;
      const aliases = [...view.aliases.values()].filter(
        ({ version, additional }) => wanted === undefined || version === wanted || additional?.version === wanted,
      );
      const { items, NextMarker } = page(aliases, ({ name }) => name, input);
      return {
        Aliases: items.map((alias) => toAlias(context, view, alias)),
        ...(NextMarker === undefined ? {} : { NextMarker }),
      };
    },

    DeleteAlias(input, context) {
      const view = find(context, input.FunctionName);
      const name = input.Name ?? "";
      // Deleting an alias that is not there succeeds on AWS.
      functions.change(view.record.name, (changes) => {
        changes.deleteAlias(name);
        changes.putPolicy(name, []);
        changes.deleteEventInvoke(name);
      });
      return {};
    },
  };
}

function toAlias(place: Place, view: FunctionView, alias: AliasRecord): AliasConfiguration {
  return {
    AliasArn: functionArn(place, view.record.name, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    ...(alias.additional === undefined
      ? {}
      : { RoutingConfig: { AdditionalVersionWeights: { [alias.additional.version]: alias.additional.weight } } }),
    RevisionId: alias.revisionId,
  };
}

function aliasName(name: string | undefined): string {
  if (name === undefined || !/^[a-zA-Z0-9_-]{1,128}$/.test(name) || /^\d+$/.test(name)) {
    throw invalidMember(
      "name",
      name ?? "null",
      "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
    );
  }
  return name;
}

function requiredVersion(version: string | undefined): string {
  if (version === undefined || !/^(\$LATEST|\d+)$/.test(version)) {
    throw invalidMember(
      "functionVersion",
      version ?? "null",
      "Member must satisfy regular expression pattern: (\\$LATEST|[0-9]+)",
    );
  }
  return version;
}

function additionalVersion(routing: AliasRoutingConfiguration | undefined): AliasRecord["additional"] {
  const weights = Object.entries(routing?.AdditionalVersionWeights ?? {});
  const [first] = weights;
  if (first === undefined) {
    return undefined;
  }
  if (weights.length > 1) {
    throw invalidParameter(
      `Number of items in AdditionalVersionWeights cannot be greater than 1. Number of items in AdditionalVersionWeights: ${weights.length}`,
    );
  }
  const [version, weight] = first;
  if (!(weight >= 0 && weight <= 1)) {
    throw invalidMember(
      "routingConfig.additionalVersionWeights",
      weight,
      "Map value must satisfy constraint: [Member must have value between 0.0 and 1.0, inclusive]",
    );
  }
  return { version, weight };
}

/** The rules of AWS: versions that exist and are published, with one execution role and the same dead-letter target. */
function checkAlias(place: Place, view: FunctionView, { version, additional }: AliasRecord): void {
  requiredVersion(version);
  const { name } = view.record;
  const main = findVersion(view, version);
  if (main === undefined) {
    throw functionNotFound(functionArn(place, name, version));
  }
  if (additional === undefined) {
    return;
  }
  if (version === "$LATEST" || additional.version === "$LATEST") {
    throw invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version");
  }
  const other = view.versions.get(additional.version);
  if (other === undefined) {
    throw functionNotFound(functionArn(place, name, additional.version));
  }
  if (additional.version === version) {
    throw invalidParameter(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  }
  if (main.settings.role !== other.settings.role) {
    throw invalidParameter(
      `Versions ${version} and ${other.version} of an alias must have the same execution role: ${main.settings.role} and ${other.settings.role} differ.`,
    );
  }
  if (main.settings.deadLetterArn !== other.settings.deadLetterArn) {
    throw invalidParameter(
      `Versions ${version} and ${other.version} of an alias must have the same dead-letter configuration, or none.`,
    );
  }
}
