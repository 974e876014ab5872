import type * as z from "zod";
import { defineConfig, type slipwayConfigSchema } from "../slipway-config.ts";

/** A configuration with nothing wrong, to be spoilt by a test. */
export function validConfig(): z.input<typeof slipwayConfigSchema> {
  return defineConfig({
    project: "orders",
    region: "eu-central-1",
    infrastructure: "terraform",
    bootstrap: { directory: "terraform/bootstrap", outputs: { stateBucket: "state_bucket" } },
    environments: {
      prod: {
        terraform: {
          directory: "terraform/prod",
          stateKey: "prod/terraform.tfstate",
          variables: { zones: ["a", "b"] },
        },
        functions: [
          {
            name: "orders",
            directory: "functions/orders",
            build: ["make", "orders"],
            artifact: "functions/orders/out",
            outputs: { functionName: "function_name", alias: "alias", artifactBucket: "bucket" },
          },
        ],
        api: { urlOutput: "url" },
        smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
      },
    },
  });
}
