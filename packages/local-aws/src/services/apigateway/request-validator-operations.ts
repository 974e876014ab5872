import type { RequestValidator } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { type ApiRecord, type ApiState, badRequest, conflict, newApiGatewayId, notFound, page } from "./api-state.ts";
import { applyPatch, type PatchRule, replaceFlag, replaceText } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** CreateRequestValidator, GetRequestValidator(s), UpdateRequestValidator, DeleteRequestValidator. */
export function requestValidatorOperations(
  state: ApiState,
): Pick<
  Operations<Sdk>,
  | "CreateRequestValidator"
  | "GetRequestValidator"
  | "GetRequestValidators"
  | "UpdateRequestValidator"
  | "DeleteRequestValidator"
> {
  return {
    CreateRequestValidator(input) {
      if (!state.apis.has(input.restApiId ?? "")) {
        throw badRequest("Invalid REST API identifier specified");
      }
      return state.changeApi(input.restApiId, (api) => {
        const validator: RequestValidator = {
          id: newApiGatewayId(6),
          name: input.name,
          validateRequestBody: input.validateRequestBody ?? false,
          validateRequestParameters: input.validateRequestParameters ?? false,
        };
        api.requestValidators[validator.id ?? ""] = validator;
        return validator;
      });
    },

    GetRequestValidator: (input) => validatorOf(state, input.restApiId, input.requestValidatorId).validator,

    GetRequestValidators: (input) =>
      page(Object.values(state.api(input.restApiId).requestValidators), input.position, input.limit),

    UpdateRequestValidator: (input) =>
      state.core.store.transaction(() => {
        const { api, validator } = validatorOf(state, input.restApiId, input.requestValidatorId);
        applyPatch(validator, input.patchOperations, rules, "listed");
        state.apis.put(api.id, api);
        return validator;
      }),

    DeleteRequestValidator(input) {
      state.core.store.transaction(() => {
        const { api, validator } = validatorOf(state, input.restApiId, input.requestValidatorId);
        const user = Object.values(api.resources).find((resource) =>
          Object.values(resource.methods).some((method) => method.requestValidatorId === validator.id),
        );
        if (user !== undefined) {
          throw conflict(
            `Cannot delete request validator '${validator.name}', is referenced in method request: ${user.path}`,
          );
        }
        delete api.requestValidators[validator.id ?? ""];
        state.apis.put(api.id, api);
      });
      return {};
    },
  };
}

function validatorOf(
  state: ApiState,
  apiId: string | undefined,
  id: string | undefined,
): { api: ApiRecord; validator: RequestValidator } {
  const api = state.apis.get(apiId ?? "");
  const validator = api?.requestValidators[id ?? ""];
  if (api === undefined || validator === undefined) {
    throw notFound("Invalid Request Validator identifier specified");
  }
  return { api, validator };
}

const rules: PatchRule<RequestValidator>[] = [
  replaceText("/name", (validator, value) => {
    if (value === "") {
      throw badRequest("Request Validator name cannot be blank");
    }
    validator.name = value;
  }),
  replaceFlag("/validateRequestParameters", (validator, value) => {
    validator.validateRequestParameters = value;
  }),
  replaceFlag("/validateRequestBody", (validator, value) => {
    validator.validateRequestBody = value;
  }),
];
