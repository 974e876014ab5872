import { defineConfig, type SlipwayConfigInput } from "@slipway/contracts";

type EnvironmentInput = SlipwayConfigInput["environments"][string];

/**
 * Put before every bucket name. Empty is right for local AWS; on AWS bucket names are shared by all accounts, so put in
 * one of your own that ends in a hyphen, such as "acme-".
 */
const bucketPrefix = "";

/** The repository whose workflows may assume the roles that the bootstrap makes. Put your own here. */
const github = { repository: "example/items-api", branch: "main" };

/** The origin whose scripts may call the API; the smoke test asks as if it were that origin. */
const allowedOrigin = "*";

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
    outputs: { stateBucket: "state_bucket_name", roleArns: "role_arns" },
    state: { bucket: `${bucketPrefix}terraform-state` },
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
    accepted: [
      {
        finding: "exposure.unauthenticated-api",
        address: "module.items.module.api.aws_api_gateway_method.*",
        root: "environments/*",
        reason:
          "the items API is public: it knows no users and no logins; its stage is throttled and its input validated",
      },
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
function environment(name: string, { protected: isProtected }: { protected: boolean }): EnvironmentInput {
  return {
    protected: isProtected,
    terraform: {
      directory: `infrastructure/environments/${name}`,
      stateKey: `${name}/terraform.tfstate`,
      variables: {
        bucket_prefix: bucketPrefix,
        access_log_bucket: `${bucketPrefix}access-logs`,
        cors_allow_origins: [allowedOrigin],
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
      },
    ],
    api: { urlOutput: "api_url" },
    data: {
      tables: [
        {
          name: "items",
          output: "table_name",
          migrations: "data/migrations/items",
          definition: "data/tables/items.json",
          seed: "data/seed/items.json",
        },
      ],
    },
    smoke: {
      ready: { path: "/health", withinSeconds: 60 },
      steps: [
        {
          name: "the API is healthy",
          method: "GET",
          path: "/health",
          expect: { status: 200, jsonSubset: { status: "ok" } },
        },
        {
          name: "an item is created",
          method: "POST",
          path: "/items",
          body: { name: "smoke test {runId}", description: "made by a smoke test", status: "active" },
          expect: { status: 201, jsonSubset: { name: "smoke test {runId}", status: "active", version: 1 } },
          capture: { itemId: { json: "/id" }, firstTag: { header: "ETag" } },
        },
        {
          name: "it can be read",
          method: "GET",
          path: "/items/{itemId}",
          expect: {
            status: 200,
            headers: { ETag: "{firstTag}", "Content-Type": "application/json" },
            jsonSubset: { id: "{itemId}", name: "smoke test {runId}", version: 1 },
          },
        },
        {
          name: "it is in the list",
          method: "GET",
          path: "/items?status=active&limit=100",
          expect: { status: 200, jsonSubset: { items: [{ id: "{itemId}" }] } },
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
          name: "an invalid item is refused, and why",
          method: "POST",
          path: "/items",
          body: { name: "", colour: "red" },
          expect: {
            status: 400,
            headers: { "Content-Type": "application/problem+json" },
            jsonSubset: { status: 400, errors: [{ pointer: "#/name" }, { pointer: "#/colour" }] },
          },
        },
        {
          name: "a browser may call it (CORS preflight)",
          method: "OPTIONS",
          path: "/items",
          headers: {
            Origin: allowedOrigin === "*" ? "https://app.example.com" : allowedOrigin,
            "Access-Control-Request-Method": "POST",
          },
          expect: { status: 204, headers: { "Access-Control-Allow-Origin": allowedOrigin } },
        },
        {
          name: "it is deleted",
          method: "DELETE",
          path: "/items/{itemId}",
          expect: { status: 204 },
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
          expect: { status: [204, 404] },
        },
      ],
    },
  };
}
