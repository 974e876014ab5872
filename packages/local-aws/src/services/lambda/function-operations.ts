import { randomUUID } from "node:crypto";
import type { CreateFunctionRequest } from "@aws-sdk/client-lambda";
import type { RequestContext } from "../../core/service.ts";
import type { CodeDownload } from "./code-download.ts";
import { withReadableEnvironment } from "./environment-access.ts";
import { requireExecutionRole, requireRolePermissions } from "./execution-role.ts";
import { architectureOf, dropUnusedPackage, readCode, unpack } from "./function-code.ts";
import { toConfiguration } from "./function-configuration.ts";
import { functionArn, parseFunctionName } from "./function-names.ts";
import type { FunctionRecord, VersionRecord } from "./function-records.ts";
import { newSettings, requireDeadLetterTarget } from "./function-settings.ts";
import { type FunctionView, newRevision } from "./function-store.ts";
import { requireFunction, resolveTarget, versionsOf } from "./function-target.ts";
import { conflict, invalidParameter, unsupported } from "./lambda-errors.ts";
import type { LambdaOperations, LambdaState } from "./lambda-state.ts";
import { page } from "./pages.ts";
import { checkTags } from "./tag-operations.ts";
import { publishVersion } from "./version-operations.ts";

/** Creating, reading, listing and deleting functions. */
export function functionOperations(state: LambdaState, download: CodeDownload): LambdaOperations {
  const { core, functions } = state;
  return {
    async CreateFunction(input, context) {
      const { name, qualifier } = parseFunctionName(context, input.FunctionName);
      const arn = functionArn(context, name);
      refuseUnsupported(input, qualifier);
      return await state.updates.exclusively(name, arn, async () => {
        if (functions.find(name) !== undefined) {
          throw conflict(`Function already exist: ${name}`);
        }
        const settings = newSettings(name, input);
        const tags = checkTags(input.Tags ?? {});
        requireExecutionRole(core, state.dependencies.roles, settings.role, arn);
        requireRolePermissions(core.authorizer, settings);
        requireDeadLetterTarget(state.dependencies, settings);
        const code = await readCode(state, input.Code, "CreateFunction", context);
        unpack(state, code);
        const latest: VersionRecord = {
          version: "$LATEST",
          contentId: randomUUID(),
          revisionId: newRevision(),
          lastModified: core.clock.now(),
          state: "Pending",
          lastUpdateStatus: "Successful",
          code: {
            sha256: code.sha256,
            size: code.bytes.length,
            blob: core.store.blobs.put(code.bytes),
            architecture: architectureOf(input.Architectures),
          },
          settings,
        };
        const record: FunctionRecord = {
          name,
          latest,
          tags,
          reservedConcurrency: undefined,
          lastVersion: 0,
          publishedContentId: undefined,
          recursiveLoop: "Terminate",
        };
        functions.change(name, (changes) => changes.put(record));
        state.updates.settleSoon(name, latest.contentId);
        return input.Publish === true
          ? publishVersion(state, context, name, undefined)
          : toConfiguration(context, name, latest, undefined);
      });
    },

    async GetFunction(input, context) {
      const { view, version, reference } = resolveTarget(functions, context, input.FunctionName, input.Qualifier);
      const { record } = view;
      return {
        Configuration: withReadableEnvironment(
          state,
          context,
          toConfiguration(context, record.name, version, reference.qualifier),
        ),
        Code: { RepositoryType: "S3", Location: await download.location(version.code.blob) },
        ...(Object.keys(record.tags).length === 0 ? {} : { Tags: { ...record.tags } }),
        ...(record.reservedConcurrency === undefined
          ? {}
          : { Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency } }),
      };
    },

    GetFunctionConfiguration(input, context) {
      const { view, version, reference } = resolveTarget(functions, context, input.FunctionName, input.Qualifier);
      return withReadableEnvironment(
        state,
        context,
        toConfiguration(context, view.record.name, version, reference.qualifier),
      );
    },

    ListFunctions(input, context) {
      if (input.MasterRegion !== undefined && input.MasterRegion !== "ALL" && input.MasterRegion !== context.region) {
        throw unsupported("replicated functions (MasterRegion)");
      }
      const rows = functions.all().flatMap((view) => {
        const versions = input.FunctionVersion === "ALL" ? versionsOf(view) : [view.record.latest];
        return versions.map((version) => ({ name: view.record.name, version }));
      });
      const { items, NextMarker } = page(rows, ({ name, version }) => `${name}:${version.version}`, input);
      const all = input.FunctionVersion === "ALL";
      return {
        Functions: items.map(({ name, version }) =>
          withReadableEnvironment(
            state,
            context,
            toConfiguration(context, name, version, all ? version.version : undefined),
          ),
        ),
        ...(NextMarker === undefined ? {} : { NextMarker }),
      };
    },

    DeleteFunction(input, context) {
      const { name, qualifier } = parseFunctionName(context, input.FunctionName, input.Qualifier);
      const view = requireFunction(functions, context, name);
      if (qualifier === undefined) {
        functions.change(name, (changes) => changes.deleteAll());
        state.runtime.retire(name);
        for (const blob of new Set(versionsOf(view).map(({ code }) => code.blob))) {
          core.store.blobs.delete(blob);
        }
      } else {
        deleteVersion(state, context, view, qualifier);
      }
      return { StatusCode: 204 };
    },

    GetFunctionCodeSigningConfig(input, context) {
      const { view } = resolveTarget(functions, context, input.FunctionName);
      return { FunctionName: view.record.name, CodeSigningConfigArn: undefined };
    },

    GetRuntimeManagementConfig(input, context) {
      const { arn } = resolveTarget(functions, context, input.FunctionName, input.Qualifier);
      return { UpdateRuntimeOn: "Auto", FunctionArn: arn };
    },

    GetFunctionRecursionConfig(input, context) {
      const { view } = resolveTarget(functions, context, input.FunctionName);
      return { RecursiveLoop: view.record.recursiveLoop };
    },

    PutFunctionRecursionConfig(input, context) {
      const { view } = resolveTarget(functions, context, input.FunctionName);
      const recursiveLoop = input.RecursiveLoop === "Allow" ? "Allow" : "Terminate";
      functions.change(view.record.name, (changes) => changes.put({ ...view.record, recursiveLoop }));
      return { RecursiveLoop: recursiveLoop };
    },
  };
}

function deleteVersion(state: LambdaState, context: RequestContext, view: FunctionView, qualifier: string): void {
  const { name } = view.record;
  if (qualifier === "$LATEST") {
    throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
  }
  if (!/^\d+$/.test(qualifier)) {
    throw invalidParameter(
      `Deletion of aliases is not currently supported: ${functionArn(context, name, qualifier)}. Use DeleteAlias.`,
    );
  }
  const version = view.versions.get(qualifier);
  if (version === undefined) {
    return;
  }
  const aliases = [...view.aliases.values()]
    .filter((alias) => alias.version === qualifier || alias.additional?.version === qualifier)
    .map((alias) => alias.name);
  if (aliases.length > 0) {
    throw conflict(`Unable to delete version because the following aliases reference it: [${aliases.join(", ")}]`);
  }
  state.functions.change(name, (changes) => {
    changes.deleteVersion(qualifier);
    changes.putPolicy(qualifier, []);
    changes.deleteEventInvoke(qualifier);
  });
  state.runtime.retire(name, qualifier);
  dropUnusedPackage(state, name, version.code.blob);
}

function refuseUnsupported(input: Omit<CreateFunctionRequest, "Code">, qualifier: string | undefined): void {
  if (qualifier !== undefined) {
    throw invalidParameter("FunctionName must not have a qualifier when a function is created.");
  }
  if (input.PackageType === "Image") {
    throw unsupported("container images (PackageType Image): use a deployment package of type Zip");
  }
  if (input.CodeSigningConfigArn !== undefined) {
    throw unsupported("code signing (CodeSigningConfigArn)");
  }
  if (input.TenancyConfig !== undefined) {
    throw unsupported("tenant isolation (TenancyConfig)");
  }
  if (input.PublishTo !== undefined) {
    throw unsupported("$LATEST.PUBLISHED (PublishTo)");
  }
}
