import { priceTableOf } from "@slipway/analysis";
import { type PriceTable, smokeScenarioSchema, validationConfigSchema } from "@slipway/contracts";
import { monitoredResources } from "../../monitoring/monitored-resources.ts";
import type { StateResource } from "../../ports/terraform-states.ts";
import type { ValidationSubject } from "../measure-validation.ts";

/** An environment with one function, one API and one alarm, without an access log. */
export function environmentDefaults(): ValidationSubject {
  const resource = (type: string, attributes: Readonly<Record<string, unknown>>): StateResource => ({
    ...{ address: `${type}.it`, type, name: "it", id: String(attributes.id ?? "id"), attributes },
  });
  const resources = [
    resource("aws_lambda_function", { function_name: "orders", timeout: 10 }),
    resource("aws_lambda_alias", { function_name: "orders", name: "live" }),
    resource("aws_api_gateway_rest_api", { id: "a1", name: "orders" }),
    resource("aws_api_gateway_stage", { rest_api_id: "a1", stage_name: "prod" }),
    resource("aws_cloudwatch_metric_alarm", { alarm_name: "orders-errors" }),
  ];
  return {
    ...{ environment: "prod", window: "short", region: "us-east-1", root: "environments/prod", smoke: false },
    state: { serial: 1, resources, outputs: {} },
    resources: monitoredResources({ resources }),
    config: {
      protected: true,
      smoke: smokeScenarioSchema.parse({
        ready: { path: "/health", withinSeconds: 5 },
        steps: [{ name: "orders are there", method: "GET", path: "/orders", expect: { status: 200 } }],
      }),
      validation: validationConfigSchema.parse({ logs: { withinSeconds: 1 } }),
    },
    infrastructurePolicy: undefined,
    prices: async () => ({ prices: ownPrices(), origin: "table of Slipway", from: "test", warnings: [] }),
    costLabel: "observed on AWS",
    apiUrl: "https://api.example.com/prod/",
  };
}

function ownPrices(): PriceTable {
  const table = priceTableOf("us-east-1");
  if (table === undefined) {
    throw new Error("Slipway has no prices of us-east-1");
  }
  return table;
}
