import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { withReadableEnvironment } from "./environment-access.ts";
import { toConfiguration } from "./function-configuration.ts";
import { functionArn, type Place, parseFunctionName } from "./function-names.ts";
import type { VersionRecord } from "./function-records.ts";
import { newRevision } from "./function-store.ts";
import { requireFunction, versionsOf } from "./function-target.ts";
import { invalidMember, invalidParameter, revisionMismatch, unsupported } from "./lambda-errors.ts";
import type { LambdaOperations, LambdaState } from "./lambda-state.ts";
import { page } from "./pages.ts";

/** Publishing and listing versions. */
export function versionOperations(state: LambdaState): LambdaOperations {
  const { functions } = state;
  return {
    PublishVersion(input, context) {
      const { name } = parseFunctionName(context, input.FunctionName);
      const { record } = requireFunction(functions, context, name);
      if (input.PublishTo !== undefined) {
        throw unsupported("$LATEST.PUBLISHED (PublishTo)");
      }
      state.updates.check(record, functionArn(context, name));
      if (input.RevisionId !== undefined && input.RevisionId !== record.latest.revisionId) {
        throw revisionMismatch("GetFunction");
      }
      const { sha256 } = record.latest.code;
      if (input.CodeSha256 !== undefined && input.CodeSha256 !== "" && input.CodeSha256 !== sha256) {
        throw invalidParameter(
          `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again with the CodeSHA256 in $LATEST.`,
        );
      }
      if ((input.Description?.length ?? 0) > 256) {
        throw invalidMember("description", input.Description, "Member must have length less than or equal to 256");
      }
      return publishVersion(state, context, name, input.Description);
    },

    ListVersionsByFunction(input, context) {
      const { name } = parseFunctionName(context, input.FunctionName);
      const view = requireFunction(functions, context, name);
      const { items, NextMarker } = page(versionsOf(view), ({ version }) => version, input);
      return {
        Versions: items.map((version) =>
          withReadableEnvironment(state, context, toConfiguration(context, name, version, version.version)),
        ),
        ...(NextMarker === undefined ? {} : { NextMarker }),
      };
    },
  };
}

/**
 * Makes a version of what `$LATEST` is now. When nothing was updated since the newest version, that one is the answer.
 * https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
 */
export function publishVersion(
  state: LambdaState,
  place: Place,
  name: string,
  description: string | undefined,
): FunctionConfiguration {
  const { record, versions } = requireFunction(state.functions, place, name);
  const newest = versions.get(String(record.lastVersion));
  if (newest !== undefined && record.publishedContentId === record.latest.contentId) {
    return toConfiguration(place, name, newest, newest.version);
  }
  const number = record.lastVersion + 1;
  const published: VersionRecord = {
    ...record.latest,
    version: String(number),
    revisionId: newRevision(),
    // A version is never updated: it can be invoked as soon as it is there.
    state: "Active",
    lastUpdateStatus: "Successful",
    settings: { ...record.latest.settings, description: description ?? record.latest.settings.description },
  };
  state.functions.change(name, (changes) => {
    changes.putVersion(published);
    changes.put({ ...record, lastVersion: number, publishedContentId: record.latest.contentId });
  });
  return toConfiguration(place, name, published, published.version);
}
