import { type SlipwayConfigInput, slipwayConfigSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { rollbackConfig } from "./rollback-config.ts";

const functionOf = (name: string, output: string) => ({
  ...{ name, directory: `functions/${name}`, build: ["true"], artifact: `functions/${name}` },
  outputs: { functionName: output, alias: "alias", artifactBucket: "bucket" },
  proof: { invocations: [{ name: output, payload: {}, expect: { jsonSubset: {} } }] },
});

interface Differences {
  readonly directory: string;
  readonly variables: Record<string, string>;
  readonly functions: ReturnType<typeof functionOf>[];
  readonly smokePath: string;
  readonly approvals: number;
  readonly topicOutput?: string;
}

function configOf(name: string, different: Differences) {
  const { directory, variables, functions, smokePath, approvals, topicOutput } = different;
  const input: SlipwayConfigInput = {
    ...{ project: "shop", region: "us-east-1", infrastructure: directory.split("/")[0] ?? "" },
    bootstrap: { directory: `${directory}/bootstrap`, outputs: { stateBucket: "bucket", ledgerTable: "table" } },
    infrastructurePolicy: { requiredTags: approvals > 0 ? ["Project"] : [] },
    environments: {
      [name]: {
        protected: approvals > 0,
        terraform: { directory, stateKey: `${directory}.tfstate`, variables },
        functions,
        api: { urlOutput: `url_of_${directory.replace("/", "_")}` },
        smoke: { steps: [{ name: "look", method: "GET" as const, path: smokePath, expect: { status: 200 } }] },
        validation: {
          cors: { path: "/", origin: "https://shop.example.com", allowOrigin: "*", method: "GET" },
          metricNamespaces: ["Shop"],
          monthlyCostUsd: { most: 1 },
        },
        release: {
          approvals: { infrastructure: approvals },
          notifications: topicOutput === undefined ? {} : { topicOutput },
        },
      },
    },
  };
  return slipwayConfigSchema.parse(input);
}

const now = configOf("prod", {
  ...{ directory: "tf/now", variables: { size: "new" }, smokePath: "/new", approvals: 2, topicOutput: "topic" },
  functions: [functionOf("orders", "orders_now"), functionOf("added", "added_now")],
});
const then = configOf("prod", {
  ...{ directory: "old/then", variables: { size: "old" }, smokePath: "/old", approvals: 0 },
  functions: [functionOf("orders", "orders_then"), functionOf("removed", "removed_then")],
});
const merge = (parts: ("code" | "infrastructure")[]) =>
  rollbackConfig(now, then, { environment: "prod", parts, to: "r3" });

describe("the configuration of a rollback of the infrastructure", () => {
  it("describes the earlier infrastructure as its own commit does", () => {
    const { infrastructure, environments } = merge(["infrastructure"]);
    expect(infrastructure).toBe("old");
    expect(environments.prod).toMatchObject({
      terraform: { directory: "old/then", variables: { size: "old" } },
      functions: [
        { name: "orders", outputs: { functionName: "orders_then" } },
        { name: "removed", outputs: { functionName: "removed_then" } },
      ],
      api: { urlOutput: "url_of_old_then" },
    });
    expect(environments.prod?.release.notifications).not.toHaveProperty("topicOutput");
  });

  it("goes by the rules, and the state, of the checkout: an older commit loosens nothing", () => {
    const { bootstrap, infrastructurePolicy, environments } = merge(["code", "infrastructure"]);
    expect(bootstrap.directory).toBe("tf/now/bootstrap");
    expect(infrastructurePolicy?.requiredTags).toEqual(["Project"]);
    expect(environments.prod).toMatchObject({
      ...{ protected: true, terraform: { stateKey: "tf/now.tfstate" } },
      release: { approvals: { infrastructure: 2 } },
    });
  });

  it("asks of code that stays what the checkout asks of it, and of code that goes back what was asked then", () => {
    const asked = (parts: ("code" | "infrastructure")[]) => {
      const { smoke, functions } = merge(parts).environments.prod ?? {};
      return JSON.stringify([smoke?.steps.map(({ path }) => path), functions?.[0]?.proof]);
    };
    expect(asked(["infrastructure"])).toMatch(/\/new.*orders_now/);
    expect(asked(["code", "infrastructure"])).toMatch(/\/old.*orders_then/);
  });

  it("of a commit without the environment is none", () => {
    const other = configOf("staging", {
      ...{ directory: "tf/x", variables: {}, smokePath: "/", approvals: 0, functions: [functionOf("orders", "x")] },
    });
    const merged = () => rollbackConfig(now, other, { environment: "prod", parts: ["infrastructure"], to: "r3" });
    expect(merged).toThrow("The infrastructure of prod cannot go back to r3");
  });
});
