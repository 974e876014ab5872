import { randomUUID } from "node:crypto";
import { requireExecutionRole, requireRolePermissions } from "./execution-role.ts";
import { architectureOf, dropUnusedPackage, readCode, unpack } from "./function-code.ts";
import { toConfiguration } from "./function-configuration.ts";
import { functionArn, type Place, parseFunctionName } from "./function-names.ts";
import type { FunctionRecord, VersionRecord } from "./function-records.ts";
import { changedSettings, requireDeadLetterTarget } from "./function-settings.ts";
import { newRevision } from "./function-store.ts";
import { requireFunction } from "./function-target.ts";
import { invalidParameter, revisionMismatch, unsupported } from "./lambda-errors.ts";
import type { LambdaOperations, LambdaState } from "./lambda-state.ts";
import { publishVersion } from "./version-operations.ts";

/** Updating code and configuration of `$LATEST`. */
export function updateOperations(state: LambdaState): LambdaOperations {
  const { core, functions } = state;

  /** Runs `work` on a function that nobody else is updating, and that is still at the revision that the caller knows. */
  const update = async <T>(
    place: Place,
    functionName: string | undefined,
    revisionId: string | undefined,
    work: (record: FunctionRecord) => T | Promise<T>,
  ): Promise<T> => {
    const { name, qualifier } = parseFunctionName(place, functionName);
    if (qualifier !== undefined && qualifier !== "$LATEST") {
      throw invalidParameter(
        "Current operation does not support versions other than $LATEST. Please set the version to $LATEST or do not set a version in your request.",
      );
    }
    const arn = functionArn(place, name);
    requireFunction(functions, place, name);
    return await state.updates.exclusively(name, arn, async () => {
      const { record } = requireFunction(functions, place, name);
      state.updates.check(record, arn);
      if (revisionId !== undefined && revisionId !== record.latest.revisionId) {
        throw revisionMismatch("GetFunction");
      }
      return await work(record);
    });
  };

  const replace = (record: FunctionRecord, changed: Partial<VersionRecord>): VersionRecord => {
    const latest: VersionRecord = {
      ...record.latest,
      ...changed,
      contentId: randomUUID(),
      revisionId: newRevision(),
      lastModified: core.clock.now(),
      lastUpdateStatus: "InProgress",
    };
    functions.change(record.name, (changes) => {
      // Tags or concurrency may have changed while the code was being read.
      changes.put({ ...(functions.find(record.name)?.record ?? record), latest });
    });
    state.updates.settleSoon(record.name, latest.contentId);
    return latest;
  };

  return {
    UpdateFunctionCode: (input, context) =>
      update(context, input.FunctionName, input.RevisionId, async (record) => {
        if (input.PublishTo !== undefined) {
          throw unsupported("$LATEST.PUBLISHED (PublishTo)");
        }
        const { name } = record;
        const code = await readCode(state, input, "UpdateFunctionCode", context);
        unpack(state, code);
        const architecture = architectureOf(input.Architectures, record.latest.code.architecture);
        const changed = { sha256: code.sha256, size: code.bytes.length, architecture };
        if (input.DryRun === true) {
          const planned = { ...record.latest, code: { ...changed, blob: "" } };
          return toConfiguration(context, name, planned, undefined);
        }
        requireFunction(functions, context, name);
        const latest = replace(record, { code: { ...changed, blob: core.store.blobs.put(code.bytes) } });
        const answer =
          input.Publish === true
            ? publishVersion(state, context, name, undefined)
            : toConfiguration(context, name, latest, undefined);
        dropUnusedPackage(state, name, record.latest.code.blob);
        return answer;
      }),

    UpdateFunctionConfiguration: (input, context) =>
      update(context, input.FunctionName, input.RevisionId, (record) => {
        const settings = changedSettings(record.name, record.latest.settings, input);
        if (input.Role !== undefined) {
          const arn = functionArn(context, record.name);
          requireExecutionRole(core, state.dependencies.roles, settings.role, arn);
        }
        if (input.Role !== undefined || input.TracingConfig !== undefined || input.DeadLetterConfig !== undefined) {
          requireRolePermissions(core.authorizer, settings);
        }
        requireDeadLetterTarget(state.dependencies, settings);
        return toConfiguration(context, record.name, replace(record, { settings }), undefined);
      }),
  };
}
