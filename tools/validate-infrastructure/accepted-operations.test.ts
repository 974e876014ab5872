import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { acceptFindings, judgeResources } from "@slipway/analysis";
import { loadConfig } from "@slipway/release-engine";
import { expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "../..");
const { infrastructurePolicy } = await loadConfig(join(repository, "slipway.config.ts"));
const definition = JSON.parse(
  readFileSync(join(repository, "infrastructure/modules/items_service/openapi.json"), "utf8"),
);

/** The API's body with the locks that an environment has, as modules/api_gateway writes them. */
function bodyOf({ isLocked, isDeepHealthSigned }: { isLocked: boolean; isDeepHealthSigned: boolean }): string {
  const schemes = {
    jwt: { type: "apiKey", name: "Authorization", "x-amazon-apigateway-authorizer": { type: "token" } },
    sigv4: { type: "apiKey", name: "Authorization", "x-amazon-apigateway-authtype": "awsSigv4" },
  };
  const { get, ...others } = definition.paths["/health/deep"];
  const paths = {
    ...definition.paths,
    ...(isDeepHealthSigned ? { "/health/deep": { ...others, get: { ...get, security: [{ sigv4: [] }] } } } : {}),
  };
  const securitySchemes = isLocked ? schemes : { sigv4: schemes.sigv4 };
  return JSON.stringify({ ...definition, paths, components: { ...definition.components, securitySchemes } });
}

/** What the configuration says of each operation that is open in an environment: `waived` or `fail`. */
function judged(environment: string, body: string): Record<string, string> {
  const accepted = infrastructurePolicy?.accepted ?? [];
  const address = "module.items.module.api.aws_api_gateway_rest_api.this";
  const resource = { address, type: "aws_api_gateway_rest_api", attributes: { body } };
  const findings = judgeResources([resource], { isProtected: true, requiredTags: [] })
    .filter(({ id }) => id === "exposure.unauthenticated-api")
    .map((each) => ({ ...each, root: `environments/${environment}` }));
  const waived = acceptFindings(findings, { accepted, today: "2026-12-01", isComplete: false });
  return Object.fromEntries(waived.map(({ statement = "", status }) => [statement, status]));
}

const ANY = {
  "ANY /items": "waived",
  "ANY /items/{id}": "waived",
  "ANY /health": "waived",
  "ANY /health/deep": "waived",
};

test("a locked production has only health and the methods that a path does not have open, each accepted by its name", () => {
  expect(judged("prod", bodyOf({ isLocked: true, isDeepHealthSigned: true }))).toEqual({
    ...ANY,
    "GET /health": "waived",
  });
});

test("without a lock production is open, and what is accepted there does not hide it", () => {
  expect(judged("prod", bodyOf({ isLocked: false, isDeepHealthSigned: false }))).toEqual({
    ...ANY,
    "GET /health": "waived",
    "GET /health/deep": "fail",
    "GET /items": "fail",
    "POST /items": "fail",
    "GET /items/{id}": "fail",
    "PUT /items/{id}": "fail",
    "PATCH /items/{id}": "fail",
    "DELETE /items/{id}": "fail",
  });
});

test.each(["dev", "staging"])("all of %s is accepted", (environment) => {
  const statuses = judged(environment, bodyOf({ isLocked: false, isDeepHealthSigned: false }));
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(Object.keys(ANY)));
  expect(new Set(Object.values(statuses))).toEqual(new Set(["waived"]));
});
