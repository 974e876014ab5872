import type { CreateStageRequest } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { type ApiState, badRequest, conflict, filled, notFound, type StageRecord } from "./api-state.ts";
import { checkStageVariable } from "./check-stage-variable.ts";
import { forgetStages } from "./rest-api-operations.ts";
import { patchStage } from "./stage-patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/**
 * CreateStage, GetStage(s), UpdateStage, DeleteStage and the two cache flushes.
 *
 * @param flushAuthorizers - forgets the authorizer results that the data plane has cached for a stage
 */
export function stageOperations(
  state: ApiState,
  flushAuthorizers: (apiId: string, stageName: string) => void,
): Pick<
  Operations<Sdk>,
  | "CreateStage"
  | "GetStage"
  | "GetStages"
  | "UpdateStage"
  | "DeleteStage"
  | "FlushStageCache"
  | "FlushStageAuthorizersCache"
> {
  return {
    CreateStage: (input) =>
      state.core.store.transaction(() => {
        const { id } = state.api(input.restApiId);
        const stage = newStage(state, input);
        if (state.stages.has(`${id}/${stage.stageName}`)) {
          throw conflict("Stage already exists");
        }
        state.stages.put(`${id}/${stage.stageName}`, stage);
        return stage;
      }),

    GetStage: (input) => state.stage(input.restApiId, input.stageName),

    GetStages(input) {
      const { id } = state.api(input.restApiId);
      const stages = state.stages.values(`${id}/`);
      return {
        item:
          input.deploymentId === undefined
            ? stages
            : stages.filter((stage) => stage.deploymentId === input.deploymentId),
      };
    },

    UpdateStage: (input) =>
      state.core.store.transaction(() => {
        const stage = state.stage(input.restApiId, input.stageName);
        patchStage(state, input.restApiId ?? "", stage, input.patchOperations ?? []);
        stage.lastUpdatedDate = state.now();
        state.stages.put(`${input.restApiId}/${stage.stageName}`, stage);
        return stage;
      }),

    DeleteStage(input) {
      state.core.store.transaction(() => {
        const { stageName } = state.stage(input.restApiId, input.stageName);
        state.stages.delete(`${input.restApiId}/${stageName}`);
        forgetStages(state, input.restApiId ?? "", stageName);
      });
      return {};
    },

    // There are no cache clusters here, so there is nothing to flush.
    FlushStageCache(input) {
      state.stage(input.restApiId, input.stageName);
      return {};
    },

    FlushStageAuthorizersCache(input) {
      const { stageName } = state.stage(input.restApiId, input.stageName);
      flushAuthorizers(input.restApiId ?? "", stageName);
      return {};
    },
  };
}

/**
 * A new stage with AWS's defaults.
 *
 * @throws AwsError `BadRequestException` or `NotFoundException` for a bad name, deployment or variable
 */
export function newStage(state: ApiState, input: Partial<CreateStageRequest>): StageRecord {
  const { stageName = "", deploymentId = "" } = input;
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(stageName)) {
    throw badRequest("Stage name only allows a-zA-Z0-9_-");
  }
  if (!state.deployments.has(`${input.restApiId}/${deploymentId}`)) {
    throw badRequest("Deployment id does not exist");
  }
  if (input.canarySettings !== undefined) {
    throw badRequest(
      "canarySettings are not supported by local AWS: leave them out and shift traffic with a Lambda alias.",
    );
  }
  if (input.cacheClusterEnabled === true) {
    throw badRequest("cacheClusterEnabled is not supported by local AWS: there are no cache clusters here.");
  }
  if (input.documentationVersion !== undefined) {
    throw notFound("Invalid Documentation version specified");
  }
  for (const [name, value] of Object.entries(input.variables ?? {})) {
    checkStageVariable(name, value);
  }
  const now = state.now();
  return {
    deploymentId,
    stageName,
    description: input.description,
    cacheClusterEnabled: false,
    cacheClusterStatus: "NOT_AVAILABLE",
    methodSettings: {},
    variables: filled(input.variables),
    tracingEnabled: input.tracingEnabled ?? false,
    tags: filled(input.tags),
    createdDate: now,
    lastUpdatedDate: now,
  };
}
