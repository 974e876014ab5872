import { APIGatewayClient, GetUsagePlansCommand } from "@aws-sdk/client-api-gateway";
import type { ResourceScanner } from "@slipway/release-engine";
import type { ScanContext } from "../scan-context.ts";

const pageSize = 500;

/** Usage plans, with the stages that they are for. */
export function usagePlans(context: ScanContext): ResourceScanner {
  const gateway = context.client(APIGatewayClient);
  return {
    type: "usage-plan",
    async list(page) {
      const { items = [], position } = await context.call("apigateway:GET", "the usage plans", (options) =>
        gateway.send(new GetUsagePlansCommand({ position: page, limit: pageSize }), options),
      );
      return {
        items: items.map(({ id = "", name = id, apiStages = [], tags = {} }) => ({
          ...{ type: "usage-plan", id, name, tags },
          arn: `arn:${context.partition}:apigateway:${context.region}::/usageplans/${id}`,
          use:
            apiStages.length === 0
              ? { verdict: "idle", why: "it is for no stage" }
              : { verdict: "unknown", why: `it is for ${apiStages.length} stages` },
          facts: { apiStages: apiStages.map(({ apiId, stage }) => `${apiId}:${stage}`) },
        })),
        next: position,
      };
    },
    // The listing says everything.
    describe: async (resource) => resource,
  };
}
