import type { PlanGround } from "@slipway/contracts";
import { expect, test } from "vitest";
import { stopsPlan } from "./gate.ts";
import { judgeGround } from "./judge-ground.ts";

const source = "registry.terraform.io/hashicorp/aws";
const ground: PlanGround = {
  terraform: "1.11.4",
  providers: [{ source, version: "5.100.0" }],
  providerBlocks: [{ name: "aws", arguments: { region: "a".repeat(64), default_tags: "b".repeat(64) } }],
  backend: { type: "s3", settings: { bucket: "states", key: "prod/terraform.tfstate" } },
};
const lines = (now: PlanGround, before: PlanGround | undefined = ground) =>
  judgeGround(now, before).map((each) =>
    `${stopsPlan(each) ? "stops" : "told"} ${each.id} ${each.address} ${each.attribute ?? ""}`.trim(),
  );

test("nothing is said of the first plan, nor of one on the same ground", () => {
  expect(judgeGround(ground, undefined)).toEqual([]);
  expect(lines(structuredClone(ground))).toEqual([]);
});

test.each<[string, PlanGround, string[]]>([
  [
    "another bucket",
    { ...ground, backend: { type: "s3", settings: { ...ground.backend.settings, bucket: "x" } } },
    ["stops plan.backend-changed backend bucket"],
  ],
  [
    "another backend",
    { ...ground, backend: { type: "local", settings: {} } },
    ["stops plan.backend-changed backend bucket, key, type"],
  ],
  [
    "another Region",
    {
      ...ground,
      providerBlocks: [{ name: "aws", arguments: { region: "c".repeat(64), default_tags: "b".repeat(64) } }],
    },
    ["stops plan.provider-changed provider.aws region"],
  ],
  [
    "a role to assume",
    {
      ...ground,
      providerBlocks: [
        { name: "aws", arguments: { ...ground.providerBlocks[0]?.arguments, assume_role: "c".repeat(64) } },
      ],
    },
    ["stops plan.provider-changed provider.aws assume_role"],
  ],
  ["other tags", { ...ground, providerBlocks: [{ name: "aws", arguments: { region: "a".repeat(64) } }] }, []],
  [
    "another provider",
    { ...ground, providers: [...ground.providers, { source: "example.com/acme/x", version: "1.0.0" }] },
    ["stops plan.provider-changed provider.example.com/acme/x"],
  ],
  [
    "another version",
    { ...ground, providers: [{ source, version: "6.0.0" }] },
    [`told plan.provider-changed provider.${source} version`],
  ],
  ["another Terraform", { ...ground, terraform: "1.12.0" }, ["told plan.provider-changed terraform"]],
])("%s", (_, now, expected) => {
  expect(lines(now)).toEqual(expected);
});
