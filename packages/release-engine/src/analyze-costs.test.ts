import { priceTableOf } from "@slipway/analysis";
import type { PriceTable } from "@slipway/contracts";
import { expect, it } from "vitest";
import { type AnalyzeCostsOptions, type AnalyzeCostsPorts, analyzeCosts } from "./analyze-costs.ts";
import type { StateResource, TerraformState } from "./ports/terraform-states.ts";
import type { UsageQuestion } from "./ports/usage-reader.ts";

const resource: StateResource = { address: "aws_kms_key.this", type: "aws_kms_key", name: "this", attributes: {} };
const options: AnalyzeCostsOptions = {
  label: "observed on AWS",
  environment: "prod",
  region: "us-east-1",
  days: 7,
  now: Date.parse("2026-11-23T04:17:00Z"),
  prices: {
    prices: priceTableOf("us-east-1") as PriceTable,
    origin: "table of Slipway",
    from: "us-east-1.json",
    warnings: ["The prices are old."],
  },
  freeTier: false,
};

function ports(state: TerraformState | undefined, asked: UsageQuestion[] = []): AnalyzeCostsPorts {
  return {
    state: { name: "prod", location: "s3://states/prod.tfstate", read: async () => state },
    usage: {
      async observe(question) {
        asked.push(question);
        const { window } = question;
        const key = { address: resource.address, type: resource.type, name: "k-1" };
        return {
          window,
          resources: [{ kind: "key", ...key, state: "enabled", rotations: { value: 0 } }],
          free: {},
          unpriced: {},
          gaps: [],
          notes: ["as observed"],
        };
      },
    },
  };
}

it("observes what the state has, over whole hours back from now", async () => {
  const asked: UsageQuestion[] = [];
  const report = await analyzeCosts(ports({ serial: 1, resources: [resource], outputs: {} }, asked), options);
  const window = { from: Date.parse("2026-11-16T04:00:00Z"), to: options.now };
  expect(asked).toEqual([{ environment: "prod", resources: [resource], window }]);
  expect(report.totalUsdPerMonth).toBe(1);
  expect(report.notes.slice(0, 2)).toEqual(["The prices are old.", "as observed"]);
  expect(report.comparison).toBeNull();
});

it("compares with an earlier report", async () => {
  const state = { serial: 1, resources: [resource], outputs: {} };
  const before = { ...(await analyzeCosts(ports(state), options)), totalUsdPerMonth: 0.25 };
  const report = await analyzeCosts(ports(state), { ...options, previous: { report: before, file: "before.json" } });
  expect(report.comparison).toMatchObject({ file: "before.json", differenceUsdPerMonth: 0.75 });
});

it("says that nothing has been applied where there is no state", async () => {
  await expect(analyzeCosts(ports(undefined), options)).rejects.toThrow(
    "prod has no Terraform state at s3://states/prod.tfstate",
  );
});
