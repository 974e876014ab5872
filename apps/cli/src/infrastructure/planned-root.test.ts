import { slipwayConfigSchema } from "@slipway/contracts";
import { expect, it } from "vitest";
import { plannedRoot } from "./planned-root.ts";

it("names the outputs that the release itself reads, by the keys of the configuration", () => {
  const config = slipwayConfigSchema.parse({
    ...{ project: "orders", region: "us-east-1", infrastructure: "infrastructure" },
    bootstrap: {
      directory: "infrastructure/bootstrap",
      policy: { file: "policy.json" },
      outputs: { stateBucket: "bucket" },
      state: { bucket: "states" },
    },
    environments: {
      prod: {
        terraform: { directory: "infrastructure/environments/prod", stateKey: "prod/terraform.tfstate" },
        functions: [
          {
            ...{ name: "orders", directory: "function", artifact: "function/dist", build: ["true"] },
            outputs: { functionName: "name", alias: "alias", artifactBucket: "artifacts" },
          },
        ],
        api: { urlOutput: "url" },
        release: { notifications: { topicOutput: "topic" } },
        smoke: { steps: [{ name: "alive", method: "GET", path: "/health", expect: { status: 200 } }] },
      },
    },
  });
  expect(plannedRoot(config, "prod")).toMatchObject({ root: "environments/prod" });
  expect(plannedRoot(config, "prod").readOutputs).toEqual({
    "environments.prod.functions[orders].outputs.functionName": "name",
    "environments.prod.functions[orders].outputs.alias": "alias",
    "environments.prod.functions[orders].outputs.artifactBucket": "artifacts",
    "environments.prod.api.urlOutput": "url",
    "environments.prod.release.notifications.topicOutput": "topic",
  });
});
