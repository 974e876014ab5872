import { APIGatewayClient, GetApiKeysCommand } from "@aws-sdk/client-api-gateway";
import type { ResourceScanner } from "@slipway/release-engine";
import type { ScanContext } from "../scan-context.ts";

const pageSize = 500;

/** API keys; their values are never asked for. */
export function apiKeys(context: ScanContext): ResourceScanner {
  const gateway = context.client(APIGatewayClient);
  return {
    type: "api-key",
    async list(page) {
      const { items = [], position } = await context.call("apigateway:GET", "the API keys", (options) =>
        gateway.send(new GetApiKeysCommand({ position: page, limit: pageSize, includeValues: false }), options),
      );
      return {
        items: items.map(({ id = "", name = id, createdDate, enabled, stageKeys = [], tags = {} }) => ({
          ...{ type: "api-key", id, name, createdAt: createdDate?.getTime(), tags },
          arn: `arn:${context.partition}:apigateway:${context.region}::/apikeys/${id}`,
          use:
            enabled === false
              ? { verdict: "idle", why: "it is disabled" }
              : { verdict: "unknown", why: `enabled, for ${stageKeys.length} stages without a usage plan` },
        })),
        next: position,
      };
    },
    // The listing says everything.
    describe: async (resource) => resource,
  };
}
