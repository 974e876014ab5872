import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { evidenceSchema } from "@slipway/contracts";
import { ManualClock, RecordingProgress, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { HttpClient } from "./ports/http-client.ts";
import type { LiveChecks } from "./ports/live-checks.ts";
import type { Terraform } from "./ports/terraform.ts";
import type { StateResource, TerraformState } from "./ports/terraform-states.ts";
import { ReleaseError } from "./release-error.ts";
import { type ValidateDeploymentOptions, validateDeployment } from "./validate-deployment.ts";

const failure = { kind: "failed", what: "It broke", why: "because", next: "mend it" } as const;
const table: StateResource = {
  ...{ address: "module.table.aws_dynamodb_table.this", type: "aws_dynamodb_table", name: "this" },
  attributes: { name: "items-prod" },
};
const policy: StateResource = { ...table, address: "aws_iam_policy.x", type: "aws_iam_policy" };
const stateOf = (resources: readonly StateResource[]): TerraformState => ({
  serial: 1,
  resources,
  outputs: { api_url: "https://api.example.com/live" },
});

interface World {
  state?: TerraformState | undefined;
  look?: LiveChecks["look"];
  send?: HttpClient["send"];
  plan?: () => Promise<{ changed: boolean; counts: { add: number; change: number; destroy: number } }>;
  options?: Partial<ValidateDeploymentOptions>;
}

async function validate(world: World = {}) {
  using folder = temporaryFolder();
  const planFile = join(folder.path, "plans/prod.tfplan");
  const progress = new RecordingProgress();
  const nothing = { add: 0, change: 0, destroy: 0 };
  const terraform: Terraform = {
    async init() {
      return {
        async plan() {
          writeFileSync(planFile, "secret");
          return (await world.plan?.()) ?? { changed: false, counts: nothing };
        },
        apply: () => Promise.reject(new Error("a look applies nothing")),
        outputs: async () => ({}),
      };
    },
  };
  const evidence = await validateDeployment(
    {
      state: {
        ...{ name: "prod", location: "s3://states/prod" },
        read: async () => ("state" in world ? world.state : stateOf([table, policy])),
      },
      checks: {
        knows: ({ type }) => type === "aws_dynamodb_table",
        look: world.look ?? (async () => [{ check: "table-active", title: "Active", status: "pass", found: "ACTIVE" }]),
      },
      http: { send: world.send ?? (async () => ({ status: 200, headers: {}, body: "" })) },
      terraform,
      clock: new ManualClock(),
      progress,
    },
    {
      ...{ phase: "prod", directory: "/tf", planFile, variables: {}, howToDeploy: "slipway rehearse prod --once" },
      validation: { alarmsNotAboutReleases: ["*-backups"] },
      healthUrl: ({ api_url }) => (typeof api_url === "string" ? `${api_url}/health` : undefined),
      ...world.options,
    },
  );
  expect(existsSync(planFile), "the plan file is gone").toBe(false);
  for (const one of evidence) {
    evidenceSchema.parse(one);
    expect(one.next !== undefined, `${one.check} says what to do, and only where it is no pass`).toBe(
      one.status !== "pass",
    );
  }
  return { progress, evidence, seen: evidence.map(({ check, status, found }) => `${check} ${status}: ${found}`) };
}

describe("validateDeployment", () => {
  it("looks at every resource that can be looked at, the API, and drift", async () => {
    const { seen, evidence, progress } = await validate();

    expect(seen).toEqual([
      "deployment.api-healthy pass: GET https://api.example.com/live/health answers 200",
      "deployment.no-drift pass: a plan has nothing to do",
      "deployment.table-active pass: ACTIVE",
    ]);
    expect(evidence[2]).toMatchObject({ subject: "dynamodb_table items-prod", at: "2026-01-01T00:00:00.000Z" });
    expect(progress.ended).toEqual([
      "prod.resources: done (1 passed, 0 failed, 0 unknown)",
      "prod.drift: done (a plan has nothing to do)",
    ]);
  });

  it.each<[string, TerraformState | undefined, string]>([
    ["no state", undefined, "the state s3://states/prod does not exist"],
    ["an empty state", stateOf([]), "the state s3://states/prod holds nothing"],
  ])("finds that nothing is deployed in %s, and says what to type", async (_name, state, found) => {
    const { evidence } = await validate({ state });

    expect(evidence).toMatchObject([
      { check: "deployment.exists", status: "fail", found, next: "slipway rehearse prod --once" },
    ]);
  });

  it.each([
    ["not-found", "fail"],
    ["denied", "unknown"],
    ["throttled", "unknown"],
    ["unreachable", "unknown"],
  ] as const)("takes a look that is %s for %s", async (kind, status) => {
    const { seen } = await validate({ look: () => Promise.reject(new ReleaseError({ ...failure, kind })) });

    expect(seen.at(-1)).toBe(`deployment.resource-there ${status}: It broke: because`);
  });

  it.each<[string, string | undefined, string]>([
    ["fails", "items-errors", "fail: it is ALARM"],
    [
      "passes, and says so, where no release is to blame for it",
      "items-backups",
      "pass: it is ALARM: no release is to blame for it (validation.alarmsNotAboutReleases)",
    ],
    ["fails where something else is wrong with it", undefined, "fail: it is ALARM"],
  ])("an alarm that rings %s", async (_name, ringing, found) => {
    const { seen } = await validate({
      look: async () => [
        {
          ...{ check: "alarm-quiet", title: "Quiet", status: "fail", found: "it is ALARM", next: "look" },
          ...(ringing === undefined ? {} : { ringing }),
        },
      ],
    });

    expect(seen).toContain(`deployment.alarm-quiet ${found}`);
  });

  it("goes on looking at the others when one cannot be looked at", async () => {
    const tables = Array.from({ length: 20 }, (_, index) => ({ ...table, address: `t${index}`, id: `t${index}` }));
    const { seen } = await validate({
      state: stateOf(tables),
      look: async ({ address }) => {
        if (address === "t3") throw new ReleaseError(failure);
        return [{ check: "table-active", title: "Active", status: "pass", found: address }];
      },
    });

    expect(seen.filter((one) => one.startsWith("deployment.table-active pass"))).toHaveLength(19);
    expect(seen.filter((one) => one.startsWith("deployment.resource-there unknown"))).toHaveLength(1);
  });

  it.each<[string, World, string]>([
    [
      "an API that answers 502",
      { send: async () => ({ status: 502, headers: {}, body: "" }) },
      "fail: GET https://api.example.com/live/health answers 502",
    ],
    [
      "an API that does not answer",
      { send: () => Promise.reject(new ReleaseError(failure)) },
      "fail: It broke: because",
    ],
    [
      "an API whose URL nobody knows",
      { state: { ...stateOf([table]), outputs: {} } },
      "unknown: its URL is in no output of the state",
    ],
  ])("does not pass %s", async (_name, world, found) => {
    expect((await validate(world)).seen[0]).toBe(`deployment.api-healthy ${found}`);
  });

  it("does not ask an API where there is none", async () => {
    const { seen } = await validate({ options: { healthUrl: undefined } });
    expect(seen.join()).not.toContain("api-healthy");
  });

  it("counts what a plan would change", async () => {
    const counts = { add: 1, change: 2, destroy: 3 };
    const { seen } = await validate({ plan: async () => ({ changed: true, counts }) });
    expect(seen[1]).toBe("deployment.no-drift fail: a plan has 1 to add, 2 to change, 3 to destroy");
  });

  it("does not know of drift where Terraform cannot plan", async () => {
    const { seen } = await validate({ plan: () => Promise.reject(new ReleaseError(failure)) });
    expect(seen[1]).toBe("deployment.no-drift unknown: It broke: because");
  });

  it("stops where it is asked to, with no verdict", async () => {
    const stop = new AbortController();
    const look = () => {
      stop.abort();
      return Promise.reject(new DOMException("Request aborted", "AbortError"));
    };
    await expect(validate({ look, options: { signal: stop.signal } })).rejects.toMatchObject({ kind: "interrupted" });
    const interrupted = { plan: () => Promise.reject(new ReleaseError({ ...failure, kind: "interrupted" as const })) };
    await expect(validate(interrupted)).rejects.toMatchObject({ kind: "interrupted" });
  });

  it("lets a bug be a bug", async () => {
    await expect(validate({ look: () => Promise.reject(new TypeError("x")) })).rejects.toThrow(TypeError);
  });
});
