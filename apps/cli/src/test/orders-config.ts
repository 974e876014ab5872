import { type SlipwayConfig, slipwayConfigSchema } from "@slipway/contracts";

/** A project of one function and one environment, `prod`, of which only what must be said is said. */
export const ordersConfig: SlipwayConfig = slipwayConfigSchema.parse({
  ...{ project: "orders", region: "eu-central-1", infrastructure: "tf" },
  bootstrap: { directory: "tf/bootstrap", outputs: { stateBucket: "state_bucket" } },
  environments: {
    prod: {
      terraform: { directory: "tf/prod", stateKey: "prod/terraform.tfstate" },
      functions: [
        {
          ...{ name: "orders", directory: "f", build: ["make"], artifact: "f/out" },
          outputs: { functionName: "function_name", alias: "alias", artifactBucket: "bucket" },
        },
      ],
      api: { urlOutput: "url" },
      smoke: { steps: [{ name: "up", method: "GET", path: "/", expect: { status: 200 } }] },
    },
  },
});
