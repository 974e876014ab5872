import type { Operations } from "../../core/service.ts";
import { type ApiRecord, type ApiState, badRequest } from "./api-state.ts";
import { importDefinition } from "./import-definition.ts";
import { parseOpenApi } from "./openapi-document.ts";
import { newApi, restApiAnswer } from "./rest-api-operations.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** ImportRestApi and PutRestApi: APIs out of OpenAPI 3.0 and Swagger 2.0 documents, in JSON or YAML. */
export function importOperations(state: ApiState): Pick<Operations<Sdk>, "ImportRestApi" | "PutRestApi"> {
  return {
    async ImportRestApi(input, context) {
      const document = await parseOpenApi(input.body);
      const parameters = parametersOf(input.parameters, context.http.query);
      const type = parameters.endpointConfigurationTypes;
      const api = newApi(state, {
        name: "imported",
        ...(type === undefined ? {} : { endpointConfiguration: { types: [endpointType(type)] } }),
      });
      const warnings = importDefinition(state, api, document, {
        mode: "overwrite",
        basePathMode: basePathMode(parameters.basepath),
      });
      refuseWarnings(warnings, input.failOnWarnings);
      state.apis.put(api.id, api);
      return answer(api, warnings);
    },

    async PutRestApi(input, context) {
      const document = await parseOpenApi(input.body);
      const parameters = parametersOf(input.parameters, context.http.query);
      return state.changeApi(input.restApiId, (api) => {
        const warnings = importDefinition(state, api, document, {
          mode: input.mode === "overwrite" ? "overwrite" : "merge",
          basePathMode: basePathMode(parameters.basepath),
        });
        refuseWarnings(warnings, input.failOnWarnings);
        return { ...answer(api, warnings), tags: api.settings.tags ?? {} };
      });
    },
  };
}

function answer(api: ApiRecord, warnings: string[]) {
  return { ...restApiAnswer(api), ...(warnings.length > 0 ? { warnings } : {}) };
}

function refuseWarnings(warnings: readonly string[], fail: boolean | undefined): void {
  if (fail === true && warnings.length > 0) {
    throw badRequest(`Warnings found during import:\n\t${warnings.join("\n\t")}`);
  }
}

/** The free parameters of an import; they travel as query parameters, next to those that the operation has of its own. */
function parametersOf(given: Record<string, string> | undefined, query: URLSearchParams): Record<string, string> {
  return { ...Object.fromEntries(query), ...given };
}

function basePathMode(mode = "ignore"): string {
  if (mode !== "ignore" && mode !== "prepend" && mode !== "split") {
    throw badRequest(`Invalid basepath: ${mode}. Must be one of: [ignore, prepend, split]`);
  }
  return mode;
}

function endpointType(type: string): "EDGE" | "REGIONAL" | "PRIVATE" {
  if (type !== "EDGE" && type !== "REGIONAL" && type !== "PRIVATE") {
    throw badRequest(`Invalid endpointConfigurationTypes: ${type}. Must be one of: [EDGE, REGIONAL, PRIVATE]`);
  }
  return type;
}
