import type { MethodSetting } from "@aws-sdk/client-api-gateway";
import type { StageRecord } from "../services/apigateway/api-state.ts";

/**
 * The settings of a stage for one of its methods: its own, else those of all methods.
 *
 * Their keys are `{resource path}/{method}`, with slashes escaped (`~1items/GET`) or not (`items/{id}/GET`).
 */
export function methodSettings(stage: StageRecord, resourcePath: string, httpMethod: string): MethodSetting {
  const { methodSettings: settings } = stage;
  if (settings === undefined) {
    return {};
  }
  const wanted = `${resourcePath.replace(/^\/+/, "")}/${httpMethod}`;
  for (const [key, setting] of Object.entries(settings)) {
    if (
      key !== "*/*" &&
      key
        .replaceAll("~1", "/")
        .replaceAll("~0", "~")
        .replace(/^\/+(?=.*\/)/, "") === wanted
    ) {
      return setting;
    }
  }
  return settings["*/*"] ?? {};
}
