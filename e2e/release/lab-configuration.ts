import type { SlipwayConfigInput } from "@slipway/contracts";

/** What differs between commits of the lab's repository. */
export interface LabSettings {
  /**
   * Terraform variables of the shop: `greeting` changes its functions, `log_days` something that is done at once, `orders_table` the table,
   * on one of which only they have rights. Those that can be set badly: `memory`, `most_requests`, `rights`, `indexes`, `watched`.
   */
  readonly variables?: Readonly<Record<string, string | number | readonly string[]>>;
  /** How long the lease lasts without a sign of life. */
  readonly leaseSeconds?: number;
  /** Shares of the traffic, each held for a minute of the target's clock. */
  readonly canary?: readonly number[];
  /** How often a version that is no worse may be put back: the more often, the fewer requests it takes to judge one. */
  readonly falseAlarms?: number;
  /** The share of bad requests that has to be found: the larger, the fewer requests it takes to judge a version. */
  readonly mustFind?: number;
  /** The functions that are released; both, unless said otherwise. */
  readonly functions?: readonly ("orders" | "stock")[];
  /** Requests of the smoke scenario: all of them, or too few to see whether orders are taken. */
  readonly smoke?: "full" | "blind";
  /** How a function is built; it lies there ready. */
  readonly build?: readonly string[];
  /** What tests it, as far as the checklist asks. */
  readonly tests?: readonly string[];
  /** The environment variables with the addresses that are told what happens. */
  readonly webhookVariables?: readonly string[];
  /** How many people other than the author have to approve a plan that changes infrastructure. */
  readonly approvals?: number;
  /** Whether its table can be restored to another one that takes its place. */
  readonly restorable?: boolean;
  /** Checks that need not pass, beside those that no commit of the lab can. */
  readonly waive?: readonly string[];
}

/** Who waives what the lab's small repository does not have. */
const WAIVER = {
  by: "Jane Doe <jane@example.com>",
  reason: "a lab, not a product",
  // Far enough for clocks that are moved by weeks, and within the year that a waiver may hold.
  expires: new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10),
};

const seeStock = {
  ...({ name: "there is something to order", method: "GET", path: "/stock" } as const),
  expect: { status: 200, jsonSubset: { left: 12 } },
};

const makeOrder = [
  {
    ...({ name: "an order is taken", method: "POST", path: "/orders", body: { what: "smoke {runId}" } } as const),
    expect: { status: 201, jsonSubset: { what: "smoke {runId}" } },
    capture: { id: { json: "/id" } },
  },
  {
    ...({ name: "and can be seen", method: "GET", path: "/orders/{id}" } as const),
    expect: { status: 200, jsonSubset: { id: "{id}" } },
  },
];

const takeBack = {
  ...({ name: "it is taken back", method: "DELETE", path: "/orders/{id}" } as const),
  expect: { status: [204, 404] },
};

/** How a version is asked past the gateway: as the gateway would. */
const proofs = {
  stock: { name: "it says what is there", payload: { httpMethod: "GET" }, expect: { jsonSubset: { statusCode: 200 } } },
  orders: {
    ...{ name: "it looks into its table", payload: { httpMethod: "GET", pathParameters: { id: "nobody" } } },
    expect: { jsonSubset: { statusCode: 404 } },
  },
  blind: { name: "it answers", payload: { httpMethod: "PATCH" }, expect: { jsonSubset: { statusCode: 405 } } },
};

const shopFunction = (name: "orders" | "stock", build: readonly string[], proof: keyof typeof proofs) => ({
  ...{ name, directory: `functions/${name}`, build: [...build], artifact: `functions/${name}` },
  outputs: { functionName: `${name}_function`, alias: `${name}_alias`, artifactBucket: "artifact_bucket" },
  proof: { invocations: [proofs[proof]] },
});

/** `slipway.config.ts` of the lab's repository. */
export function labConfiguration(settings: LabSettings = {}): SlipwayConfigInput {
  const { variables = {}, leaseSeconds = 10, canary = [10, 50], build = ["true"], smoke = "full" } = settings;
  const {
    tests = ["true"],
    webhookVariables = [],
    approvals = 0,
    functions = ["orders", "stock"],
    waive = [],
    restorable = false,
    falseAlarms,
    mustFind,
  } = settings;
  return {
    ...{ project: "shop", region: "us-east-1", infrastructure: "terraform" },
    bootstrap: {
      directory: "terraform/bootstrap",
      outputs: { stateBucket: "state_bucket", ledgerTable: "ledger_table" },
    },
    environments: {
      live: {
        protected: false,
        terraform: {
          directory: "terraform/live",
          stateKey: "live/terraform.tfstate",
          variables: Object.fromEntries(
            Object.entries(variables).map(([name, value]) => [name, typeof value === "object" ? [...value] : value]),
          ),
        },
        functions: functions.map((name) =>
          shopFunction(name, build, name === "orders" && smoke === "blind" ? "blind" : name),
        ),
        api: { urlOutput: "api_url" },
        smoke: {
          ...(functions.includes("stock") && { ready: { path: "/stock", withinSeconds: 20 } }),
          ...(smoke === "full"
            ? { steps: [...(functions.includes("stock") ? [seeStock] : []), ...makeOrder], cleanup: [takeBack] }
            : { steps: [seeStock] }),
        },
        ...(restorable && {
          data: {
            tables: [
              { name: "orders", output: "table_name", migrations: "migrations", restoredVariable: "restored_table" },
            ],
          },
        }),
        validation: {
          minimumRequests: 50,
          // What else the machine does is no fault of a release.
          responseTime: { limitMs: 5_000, unnoticedMs: 5_000 },
          cors: { path: "/stock", origin: "https://shop.example.com", allowOrigin: "*", method: "GET" },
          metricNamespaces: ["Shop"],
          monthlyCostUsd: { most: 1_000 },
        },
        release: {
          leaseSeconds,
          canary: {
            steps: canary.map((percent) => ({ percent, holdSeconds: 60 })),
            metricsDelaySeconds: 0,
            ...(falseAlarms === undefined ? {} : { falseAlarms }),
            ...(mustFind === undefined ? {} : { mustFind }),
            metrics: functions.map((name) => ({
              ...{ name: `${name}Faults`, function: name, namespace: "Shop", dimensions: { function: name } },
              ...{ versionDimension: "version", total: "requests", events: "faults" },
            })),
          },
          checklist: {
            ...{ tests: [...tests], lint: ["true"], audit: ["true"], validateInfrastructure: ["true"], reviewers: 0 },
            coverage: { command: ["true"] },
          },
          approvals: { infrastructure: approvals },
          drill: { install: ["true"] },
          notifications: {
            webhooks: webhookVariables.map((urlVariable, index) => ({ name: `team-${index + 1}`, urlVariable })),
          },
          waivers: [...waived, ...waive].map((check) => ({ check, ...WAIVER })),
        },
      },
    },
  };
}

/** Checks that the lab's small repository cannot pass, and those that ask for people. */
const waived = [
  ...["checklist.iam", "checklist.rate-limits"],
  ...["deployment.stage-throttled", "deployment.table-encrypted"],
  // Its alarms tell nobody.
  ...[
    "validation.alarms-functioning",
    "validation.request-logging",
    "validation.no-security-issues",
    "validation.user-feedback",
  ],
];
