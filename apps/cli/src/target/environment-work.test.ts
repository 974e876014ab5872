import { slipwayConfigSchema } from "@slipway/contracts";
import { RecordingProgress } from "@slipway/testing";
import { expect, it } from "vitest";
import { ordersConfig } from "../test/orders-config.ts";
import { environmentWork } from "./environment-work.ts";

const BUCKET = { ...ordersConfig.bootstrap, state: { bucket: "states", key: "bootstrap/terraform.tfstate" } };

async function initOf(environment: string, config = ordersConfig) {
  const work = await environmentWork({
    ...{ repository: "/orders", config: { ...config, bootstrap: BUCKET }, environment, env: {} },
    target: { label: "AWS", isLocal: false, flags: "", region: config.region, env: {} },
    ...{ progress: new RecordingProgress(), signal: new AbortController().signal },
  });
  work.release();
  return work.init;
}

it("prepares a root module of several environments for whichever is meant, with its own state and values", async () => {
  const prod = ordersConfig.environments.prod;
  const terraform = (name: string) => ({
    ...{ directory: "tf/service", stateKey: `${name}.tfstate`, variableFiles: [`tf/service/${name}.tfvars`] },
  });
  const shared = slipwayConfigSchema.parse({
    ...ordersConfig,
    environments: {
      staging: { ...prod, terraform: terraform("staging") },
      prod: { ...prod, terraform: terraform("prod") },
    },
  });
  expect(await initOf("prod", shared)).toMatchObject({
    directory: "/orders/tf/service",
    backendConfig: { bucket: "states", key: "prod.tfstate" },
    variableFiles: ["/orders/tf/service/prod.tfvars"],
    reconfigure: true,
  });
  // Where a folder is one environment's own, Terraform asks what becomes of a state that lay elsewhere.
  expect(await initOf("prod")).toMatchObject({ directory: "/orders/tf/prod", variableFiles: [], reconfigure: false });
});
