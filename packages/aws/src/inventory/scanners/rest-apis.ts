import { APIGatewayClient, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import type { ResourceScanner } from "@slipway/release-engine";
import type { ScanContext } from "../scan-context.ts";

const pageSize = 500;

/** REST APIs; their stages and deployments are parts of them. */
export function restApis(context: ScanContext): ResourceScanner {
  const gateway = context.client(APIGatewayClient);
  return {
    type: "rest-api",
    async list(page) {
      const { items = [], position } = await context.call("apigateway:GET", "the REST APIs", (options) =>
        gateway.send(new GetRestApisCommand({ position: page, limit: pageSize }), options),
      );
      return {
        items: items.map(({ id = "", name = id, createdDate, tags = {} }) => ({
          ...{ type: "rest-api", id, name, createdAt: createdDate?.getTime(), tags },
          arn: `arn:${context.partition}:apigateway:${context.region}::/restapis/${id}`,
        })),
        next: position,
      };
    },
    // The listing says everything.
    describe: async (resource) => resource,
  };
}
