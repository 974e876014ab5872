import { defineConfig, type SlipwayConfigInput } from "@slipway/contracts";

type EnvironmentName = "dev" | "staging" | "prod";
type EnvironmentInput = SlipwayConfigInput["environments"][string];
type SmokeStep = EnvironmentInput["smoke"]["steps"][number];
type Smoke = Pick<EnvironmentInput["smoke"], "steps" | "cleanup" | "authorizer">;

/**
 * Put before every bucket name. Empty is right for local AWS; on AWS bucket names are shared by all accounts, so put in
 * one of your own that ends in a hyphen, such as "acme-".
 */
const bucketPrefix = "";

/** The repository whose workflows may assume the roles that the bootstrap makes. Put your own here. */
const github = { repository: "example/items-api", branch: "main" };

/**
 * The origin whose scripts may call an environment's API; the smoke test asks as if it were that origin. `*` is any: right for dev, and in
 * staging and prod only here, where nobody's origin is known. Put your own there, such as "https://app.example.com".
 */
const allowedOrigins: Readonly<Record<EnvironmentName, string>> = { dev: "*", staging: "*", prod: "*" };

/** Whose tokens an API takes; the Terraform variable `jwt`. */
type Jwt = { issuer: string; audiences: string[]; jwks_uri?: string; read_scope?: string; write_scope?: string };

/**
 * Who may read and write an environment's items: everybody where nothing is set, and with an issuer only who has its token, such as
 * { jwt: { issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12cD34e", audiences: ["1h2j3k4l5m6n7o8p9q0r"] }, required: true }.
 * Begin with `required: false`, and release: before that the authorizer has no code, and would let nobody in.
 */
const tokens: Readonly<Record<EnvironmentName, { jwt: Jwt; required: boolean } | undefined>> = {
  dev: undefined,
  staging: undefined,
  prod: undefined,
};

/**
 * How long an answer of a smoke test may take, in milliseconds: with a cold start, on a busy machine. What users wait is judged from all of
 * their requests (validation.responseTime); this finds what hangs.
 */
const withinMs = 5_000;

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * A token as issuers make them, but with a key that none has: whoever refuses it had to ask the issuer for its keys. Who cannot reach the
 * issuer says something other than `Unauthorized`.
 */
const tokenOfNobody = [
  base64url({ alg: "RS256", kid: "slipway-proof-nobody-has-this-key", typ: "JWT" }),
  base64url({ sub: "slipway-smoke-test", exp: 4_102_444_800 }),
  Buffer.alloc(256).toString("base64url"),
].join(".");

/** A call as API Gateway makes it of an authorizer of type TOKEN. */
const refuses = (name: string, authorizationToken: string) => ({
  name,
  payload: {
    type: "TOKEN",
    authorizationToken,
    methodArn: "arn:aws:execute-api:us-east-1:000000000000:0000000000/prod/GET/items",
  },
  expect: { error: "Unauthorized", withinMs },
});

/** Lets requests in by their tokens; there as soon as an environment knows whose. */
const authorizer: EnvironmentInput["functions"][number] = {
  name: "authorizer",
  directory: "apps/authorizer",
  build: ["npm", "run", "build"],
  artifact: "apps/authorizer/dist",
  outputs: {
    functionName: "authorizer_function_name",
    alias: "authorizer_function_alias",
    artifactBucket: "artifact_bucket",
  },
  // No request of the API's reaches it through the gateway before it decides, so it is called as the gateway calls it. That a good token is
  // let in is not proven here, because nobody gives a release one; that the issuer can be asked for its keys is.
  proof: {
    invocations: [
      refuses("it lets nobody in without a bearer token", "Basic c2xpcHdheTpzbW9rZQ=="),
      refuses("nor with a token that names no key", "Bearer e30.e30.e30"),
      refuses("nor with one of a key that the issuer, when asked, does not have", `Bearer ${tokenOfNobody}`),
    ],
  },
};

const healthy: SmokeStep = {
  name: "the API is healthy",
  method: "GET",
  path: "/health",
  expect: { status: 200, withinMs, jsonSubset: { status: "ok" } },
};

/** An origin whose scripts may call the API. */
const callerOf = (allowedOrigin: string): string => (allowedOrigin === "*" ? "https://app.example.com" : allowedOrigin);

const preflight = (allowedOrigin: string): SmokeStep => ({
  name: "a browser may call it (CORS preflight)",
  method: "OPTIONS",
  path: "/items",
  headers: { Origin: callerOf(allowedOrigin), "Access-Control-Request-Method": "POST" },
  expect: { status: 204, withinMs, headers: { "Access-Control-Allow-Origin": allowedOrigin } },
});

/** The life of an item. */
const itemsSmoke = (allowedOrigin: string): Smoke => ({
  steps: [
    healthy,
    {
      name: "an item is created",
      method: "POST",
      path: "/items",
      // Where the answer is lost it is sent again, and makes no second item that nobody would delete.
      headers: { "Idempotency-Key": "smoke-test-{runId}" },
      body: { name: "smoke test {runId}", description: "made by a smoke test", status: "active" },
      expect: { status: 201, withinMs, jsonSubset: { name: "smoke test {runId}", status: "active", version: 1 } },
      capture: { itemId: { json: "/id" }, firstTag: { header: "ETag" } },
    },
    {
      name: "it can be read",
      method: "GET",
      path: "/items/{itemId}",
      headers: { Origin: callerOf(allowedOrigin) },
      expect: {
        status: 200,
        withinMs,
        headers: {
          ETag: "{firstTag}",
          "Content-Type": "application/json",
          "Access-Control-Allow-Origin": allowedOrigin,
        },
        jsonSubset: { id: "{itemId}", name: "smoke test {runId}", version: 1 },
      },
    },
    {
      name: "it is in the list",
      method: "GET",
      path: "/items?status=active&limit=100",
      expect: { status: 200, withinMs, jsonSubset: { items: [{ id: "{itemId}" }] } },
      // The list reads an index that follows the table with a delay.
      eventuallyWithinSeconds: 10,
    },
    {
      name: "it is replaced, guarded by its ETag",
      method: "PUT",
      path: "/items/{itemId}",
      headers: { "If-Match": "{firstTag}" },
      body: { name: "smoke test {runId}, changed", status: "inactive" },
      expect: {
        status: 200,
        withinMs,
        jsonSubset: { name: "smoke test {runId}, changed", status: "inactive", version: 2 },
      },
    },
    {
      name: "a second change with the old ETag is refused",
      method: "PUT",
      path: "/items/{itemId}",
      headers: { "If-Match": "{firstTag}" },
      body: { name: "smoke test {runId}, lost update" },
      expect: { status: 412 },
    },
    {
      name: "an unknown field is refused by the gateway",
      method: "POST",
      path: "/items",
      through: "gateway",
      body: { name: "smoke test {runId}", colour: "red" },
      expect: {
        status: 400,
        headers: { "Content-Type": "application/problem+json" },
        jsonSubset: { status: 400, type: "urn:items-api:problem:invalid-request" },
      },
    },
    {
      name: "a wrong name is refused by the function, and why",
      method: "POST",
      path: "/items",
      body: { name: "" },
      expect: {
        status: 400,
        headers: { "Content-Type": "application/problem+json" },
        jsonSubset: { status: 400, errors: [{ pointer: "#/name" }] },
      },
    },
    preflight(allowedOrigin),
    {
      name: "it is deleted",
      method: "DELETE",
      path: "/items/{itemId}",
      headers: { "If-Match": "*" },
      expect: { status: 204, withinMs },
    },
    {
      name: "and is gone",
      method: "GET",
      path: "/items/{itemId}",
      expect: { status: 404, headers: { "Content-Type": "application/problem+json" } },
    },
  ],
  cleanup: [
    {
      name: "the item is gone, whatever happened before",
      method: "DELETE",
      path: "/items/{itemId}",
      headers: { "If-Match": "*" },
      expect: { status: [204, 404] },
    },
  ],
});

/**
 * Where tokens are asked for: that they are, and that what needs none works. The life of an item is tried past the gateway, on the version
 * that is to be released: nobody gives a smoke test a token.
 */
const lockedSmoke = (allowedOrigin: string): Smoke => ({
  authorizer: { principalId: "slipway-smoke-test" },
  steps: [
    healthy,
    preflight(allowedOrigin),
    ...itemsSmoke(allowedOrigin)
      .steps.filter(({ path, method, through }) => path !== "/health" && method !== "OPTIONS" && through !== "gateway")
      .map((step): SmokeStep => ({ ...step, through: "version" })),
    {
      name: "nobody reads items without a token",
      method: "GET",
      path: "/items",
      through: "gateway",
      expect: {
        status: 401,
        withinMs,
        headers: { "Content-Type": "application/problem+json", "WWW-Authenticate": "Bearer" },
        jsonSubset: { status: 401 },
      },
    },
    {
      name: "nor with one that nobody has signed",
      method: "GET",
      path: "/items",
      headers: { Authorization: "Bearer e30.e30.e30" },
      through: "gateway",
      expect: { status: 401, headers: { "Content-Type": "application/problem+json" } },
    },
    {
      name: "nor writes any",
      method: "POST",
      path: "/items",
      through: "gateway",
      body: { name: "smoke test {runId}" },
      expect: { status: 401, headers: { "Content-Type": "application/problem+json" } },
    },
  ],
  cleanup: (itemsSmoke(allowedOrigin).cleanup ?? []).map((step): SmokeStep => ({ ...step, through: "version" })),
});

/** How every environment is released. */
const release: EnvironmentInput["release"] = {
  checklist: {
    documentation: {
      configuration: ["CONFIGURATION.md", "docs/reference/configuration.md"],
      api: {
        document: "docs/api/openapi.json",
        check: ["npm", "run", "generate", "--silent", "--workspace", "@slipway/api-handler", "--", "--check"],
      },
    },
    secrets: {
      allow: [
        {
          text: "AKIALOCALAWSROOTUSER",
          reason: "the root user of local AWS, on loopback: it opens nothing anywhere else",
        },
        { text: "AKIANOBODY0000000000", reason: "a test's, of nobody" },
      ],
    },
  },
};

export default defineConfig({
  project: "slipway",
  region: "us-east-1",
  github,
  infrastructure: "infrastructure",
  bootstrap: {
    directory: "infrastructure/bootstrap",
    policy: { file: "infrastructure/bootstrap/bootstrap-policy.json", replace: { BUCKET_PREFIX: bucketPrefix } },
    variables: {
      bucket_prefix: bucketPrefix,
      github_repository: github.repository,
      github_branch: github.branch,
    },
    outputs: { stateBucket: "state_bucket_name", roleArns: "role_arns", ledgerTable: "ledger_table_name" },
    state: { bucket: `${bucketPrefix}terraform-state` },
    ledger: { table: "slipway-ledger" },
  },
  orphans: {
    rules: [
      {
        type: "iam-role",
        name: "slipway-bootstrap",
        reason: "bootstrap is applied under it, so bootstrap's own state cannot have it",
      },
    ],
  },
  infrastructurePolicy: {
    requiredTags: ["Project", "Environment", "ManagedBy", "Service"],
    next: {
      "exposure.unauthenticated-api":
        "set jwt (issuer, audiences) in the environment's terraform.tfvars, and tokens in slipway.config.ts, so that the API asks for a token; or accept the operation in infrastructurePolicy.accepted deliberately, with a reason",
    },
    accepted: [
      {
        finding: "exposure.unauthenticated-api",
        address: "module.items.module.api.aws_api_gateway_rest_api.this",
        root: "environments/dev",
        reason: "what is in dev is made up and thrown away with it; its stage is throttled and its input validated",
      },
      {
        finding: "exposure.unauthenticated-api",
        address: "module.items.module.api.aws_api_gateway_rest_api.this",
        root: "environments/staging",
        reason:
          "staging holds what tests have made up, and load tests need no tokens; its stage is throttled and its input validated",
      },
      {
        finding: "exposure.unauthenticated-api",
        address: "module.items.module.api.aws_api_gateway_rest_api.this",
        root: "environments/*",
        statement: "GET /health",
        reason: "it says that the function answers, and nothing else; what watches the service has no token",
      },
      ...["ANY /items", "ANY /items/{id}", "ANY /health", "ANY /health/deep"].map((statement) => ({
        finding: "exposure.unauthenticated-api" as const,
        address: "module.items.module.api.aws_api_gateway_rest_api.this",
        root: "environments/*",
        statement,
        reason:
          "methods that the path does not have: the function answers 405 and what it has instead, and those that it has win over ANY and keep their locks",
      })),
      {
        finding: "iam.wildcard-resource",
        address: "module.api_gateway_account[0].aws_iam_role_policy.logging",
        statement: "WriteApiLogs",
        reason:
          "API Gateway demands all of AmazonAPIGatewayPushToCloudWatchLogs when the role is set, on any group: it logs for every API of the Region",
      },
      {
        finding: "iam.wildcard-resource",
        address: 'module.release_roles["*"].aws_iam_role_policy.this["operate"]',
        statement: "FindLogsAndCollectQueries",
        reason:
          "results are asked for by a query's id, which only who started it has; StartQuery is limited to the environment's groups",
      },
      {
        finding: "iam.wildcard-resource",
        address: 'module.release_roles["*"].aws_iam_role_policy.this["provision"]',
        statement: "ManageCompositeAlarmsQueriesAndSubscriptions",
        reason:
          "the composite alarm has to be deleted, too; KeepAlarmsOfOtherEnvironments denies it for alarms with another environment's tag",
      },
      {
        finding: "iam.wildcard-resource",
        address: 'module.release_roles["*"].aws_iam_role_policy.this["provision"]',
        statement: "GiveOwnKeyToTable",
        reason:
          "the key is made by the same apply, so its ARN is not known; DynamoDB alone can use it, for the own table or with the own tag",
      },
      {
        finding: "iam.wildcard-resource",
        address: "infrastructure/bootstrap/bootstrap-policy.json",
        statement: "UseOwnKeysThroughS3AndDynamoDb",
        reason:
          "the keys are made by the same apply, so their ARNs are not known; S3 and DynamoDB alone can use them, for the ledger or with the bootstrap's tag",
      },
    ],
  },
  environments: {
    dev: environment("dev", { protected: false }),
    staging: environment("staging", { protected: true }),
    prod: environment("prod", { protected: true }),
  },
});

/** The environments are released and tested alike; what differs between them is in their Terraform folders. */
function environment(name: EnvironmentName, { protected: isProtected }: { protected: boolean }): EnvironmentInput {
  const allowedOrigin = allowedOrigins[name];
  const token = tokens[name];
  return {
    protected: isProtected,
    terraform: {
      directory: `infrastructure/environments/${name}`,
      stateKey: `${name}/terraform.tfstate`,
      variables: {
        bucket_prefix: bucketPrefix,
        access_log_bucket: `${bucketPrefix}access-logs`,
        cors_allow_origins: [allowedOrigin],
        ...(token === undefined ? {} : { jwt: token.jwt, require_jwt: token.required }),
      },
      destroyVariables: { deletion_protection: false, force_destroy: true },
    },
    functions: [
      {
        name: "api-handler",
        directory: "apps/api-handler",
        build: ["npm", "run", "build"],
        artifact: "apps/api-handler/dist",
        outputs: { functionName: "function_name", alias: "function_alias", artifactBucket: "artifact_bucket" },
        proof: "smoke",
      },
      ...(token === undefined ? [] : [authorizer]),
    ],
    api: { urlOutput: "api_url", resources: ["/items", "/items/{id}", "/health", "/health/deep"] },
    validation: {
      metricNamespaces: ["ItemsApi"],
      // SQS measures a queue only while somebody uses it, and this one is there for what nobody wants.
      alarmsWithoutData: ["*-dead-letters"],
      alarmsNotAboutReleases: ["*-backups"],
      // What the idle service and some hundred thousand requests a month cost together stays below a fifth of it.
      monthlyCostUsd: { most: 50 },
    },
    release: {
      ...release,
      canary: {
        // The handler answers 500 itself, which Lambda takes for a success: it counts its answers by the version that gave them.
        metrics: [
          {
            ...{ name: "answers", function: "api-handler", namespace: "ItemsApi" },
            ...{ dimensions: { service: "items-api" }, versionDimension: "functionVersion" },
            ...{ total: "requests", events: "faults", words: { events: "were answered with 5xx" } },
          },
        ],
      },
      notifications: { topicOutput: "alarm_topic_arn" },
    },
    data: {
      tables: [
        {
          name: "items",
          output: "table_name",
          migrations: "data/migrations/items",
          definition: "data/tables/items.json",
          restoredVariable: "restored_table",
          seed: "data/seed/items.json",
        },
      ],
    },
    smoke: {
      ready: { path: "/health", withinSeconds: 60 },
      ...(token?.required === true ? lockedSmoke(allowedOrigin) : itemsSmoke(allowedOrigin)),
    },
  };
}
