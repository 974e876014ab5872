import type { Deployment, MethodSnapshot } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { UnsupportedApiError } from "../../gateway/unsupported-api-error.ts";
import {
  type ApiRecord,
  type ApiState,
  badRequest,
  type DeploymentRecord,
  newApiGatewayId,
  page,
} from "./api-state.ts";
import { applyPatch, type PatchRule } from "./patch.ts";
import { newStage } from "./stage-operations.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/**
 * CreateDeployment, GetDeployment(s), UpdateDeployment, DeleteDeployment.
 *
 * @param assertRunnable - throws {@link UnsupportedApiError} for an API that the data plane cannot serve as AWS would
 */
export function deploymentOperations(
  state: ApiState,
  assertRunnable: (api: ApiRecord) => void,
): Pick<
  Operations<Sdk>,
  "CreateDeployment" | "GetDeployment" | "GetDeployments" | "UpdateDeployment" | "DeleteDeployment"
> {
  return {
    CreateDeployment(input) {
      if (input.canarySettings !== undefined) {
        throw badRequest(
          "canarySettings are not supported by local AWS: deploy without them and shift traffic with a Lambda alias.",
        );
      }
      return state.core.store.transaction(() => {
        const snapshot = state.api(input.restApiId);
        checkDeployable(snapshot, assertRunnable);
        const deployment: DeploymentRecord = {
          id: newApiGatewayId(6),
          // The Terraform provider sends an empty one where none is configured.
          description: input.description === "" ? undefined : input.description,
          createdDate: state.now(),
          snapshot,
        };
        state.deployments.put(`${snapshot.id}/${deployment.id}`, deployment);
        if (input.stageName !== undefined && input.stageName !== "") {
          deployToStage(state, snapshot.id, input.stageName, deployment.id, input);
        }
        return { id: deployment.id, description: deployment.description, createdDate: deployment.createdDate };
      });
    },

    GetDeployment: (input) => deploymentAnswer(state.deployment(input.restApiId, input.deploymentId), input.embed),

    GetDeployments(input) {
      const { id } = state.api(input.restApiId);
      const newestFirst = state.deployments
        .values(`${id}/`)
        .sort((a, b) => b.createdDate.getTime() - a.createdDate.getTime());
      return page(
        newestFirst.map((deployment) => deploymentAnswer(deployment, [])),
        input.position,
        input.limit,
      );
    },

    UpdateDeployment: (input) =>
      state.core.store.transaction(() => {
        const deployment = state.deployment(input.restApiId, input.deploymentId);
        applyPatch(deployment, input.patchOperations, rules, "listed");
        state.deployments.put(`${input.restApiId}/${deployment.id}`, deployment);
        return deploymentAnswer(deployment, []);
      }),

    DeleteDeployment(input) {
      state.core.store.transaction(() => {
        const deployment = state.deployment(input.restApiId, input.deploymentId);
        if (state.stages.values(`${input.restApiId}/`).some((stage) => stage.deploymentId === deployment.id)) {
          throw badRequest("Active stages pointing to this deployment must be moved or deleted");
        }
        state.deployments.delete(`${input.restApiId}/${deployment.id}`);
      });
      return {};
    },
  };
}

const rules: PatchRule<DeploymentRecord>[] = [
  {
    path: "/description",
    verbs: ["replace", "remove"],
    apply: (deployment, value, _keys, verb) => {
      deployment.description = verb === "remove" ? undefined : value;
    },
  },
];

/** @throws AwsError `BadRequestException` as AWS does for incomplete APIs, and for what local AWS cannot run */
function checkDeployable(api: ApiRecord, assertRunnable: (api: ApiRecord) => void): void {
  const methods = Object.values(api.resources).flatMap((resource) => Object.values(resource.methods));
  if (methods.length === 0) {
    throw badRequest("The REST API doesn't contain any methods");
  }
  if (methods.some((method) => method.methodIntegration === undefined)) {
    throw badRequest("No integration defined for method");
  }
  try {
    assertRunnable(api);
  } catch (error) {
    if (error instanceof UnsupportedApiError) {
      throw badRequest(error.message);
    }
    throw error;
  }
}

function deployToStage(
  state: ApiState,
  apiId: string,
  stageName: string,
  deploymentId: string,
  input: {
    stageDescription?: string;
    variables?: Record<string, string>;
    tracingEnabled?: boolean;
    cacheClusterEnabled?: boolean;
  },
): void {
  const key = `${apiId}/${stageName}`;
  const existing = state.stages.get(key);
  if (existing === undefined) {
    const stage = newStage(state, {
      restApiId: apiId,
      stageName,
      deploymentId,
      description: input.stageDescription,
      variables: input.variables,
      tracingEnabled: input.tracingEnabled,
      cacheClusterEnabled: input.cacheClusterEnabled,
    });
    state.stages.put(key, stage);
    return;
  }
  state.stages.put(key, {
    ...existing,
    deploymentId,
    description: input.stageDescription ?? existing.description,
    variables: input.variables ?? existing.variables,
    tracingEnabled: input.tracingEnabled ?? existing.tracingEnabled,
    lastUpdatedDate: state.now(),
  });
}

function deploymentAnswer(deployment: DeploymentRecord, embed: readonly string[] | undefined): Deployment {
  return {
    id: deployment.id,
    description: deployment.description,
    createdDate: deployment.createdDate,
    ...(embed?.includes("apisummary") === true ? { apiSummary: summary(deployment.snapshot) } : {}),
  };
}

function summary(api: ApiRecord): Record<string, Record<string, MethodSnapshot>> {
  const paths = Object.values(api.resources).filter((resource) => Object.keys(resource.methods).length > 0);
  return Object.fromEntries(
    paths.map((resource) => [
      resource.path,
      Object.fromEntries(
        Object.entries(resource.methods).map(([name, { authorizationType, apiKeyRequired }]) => [
          name,
          { authorizationType, apiKeyRequired },
        ]),
      ),
    ]),
  );
}
