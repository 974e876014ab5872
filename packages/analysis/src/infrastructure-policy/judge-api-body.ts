import type { InfrastructureFinding } from "@slipway/contracts";
import { type FindingWords, finding } from "./finding.ts";
import { isRecord, look, type ResourceView, unknownFinding } from "./resource-view.ts";

type Json = Record<string, unknown>;

/** Of a path item, what is an operation; browsers send no credentials with a preflight request, so OPTIONS is none of them. */
const METHODS = new Map([
  ...["get", "put", "post", "delete", "head", "patch"].map((key): [string, string] => [key, key.toUpperCase()]),
  ["x-amazon-apigateway-any-method", "ANY"],
]);

/**
 * What of an API's OpenAPI body would be open to the world: every operation that the gateway asks nobody about who they are. Each is a
 * finding of its own, with the operation (`GET /items`) in the place of a policy's statement.
 *
 * A security requirement counts as far as API Gateway enforces it: a scheme with an authorizer, signatures, or API keys. Others
 * (`oauth2` alone, say) are documentation to it, and let everybody in.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function judgeApiBody(view: ResourceView, words: FindingWords): InfrastructureFinding[] {
  const place = { address: view.address, attribute: "body" };
  const body = look(view, "body");
  if (!body.known) {
    return [unknownFinding(place, words)];
  }
  if (body.value === undefined || body.value === null || body.value === "") {
    // Made of resources and methods, each of which is judged itself.
    return [];
  }
  const document = parse(body.value);
  if (document === undefined) {
    const reason = "The body is no JSON object, so nobody can see which of its operations ask who is calling.";
    return [finding(place, { ...words, reason, next: "write the body in JSON" }, "unknown")];
  }
  const schemes = schemesOf(document);
  return entriesOf(document.paths).flatMap(([path, item]) =>
    entriesOf(item)
      .filter(([key, operation]) => METHODS.has(key) && isRecord(operation) && isOpen(operation, document, schemes))
      .map(([key]) => finding({ ...place, statement: `${METHODS.get(key)} ${path}` }, words)),
  );
}

function parse(body: unknown): Json | undefined {
  try {
    const document: unknown = JSON.parse(String(body));
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

function isOpen(operation: Json, document: Json, schemes: ReadonlyMap<string, Json>): boolean {
  const auth = operation["x-amazon-apigateway-auth"];
  if (isRecord(auth) && typeof auth.type === "string" && auth.type.toUpperCase() !== "NONE") {
    return false;
  }
  const alternatives = operation.security ?? document.security;
  return (
    !Array.isArray(alternatives) ||
    alternatives.length === 0 ||
    // An alternative that asks for nothing is enough for everybody.
    alternatives.some((requirement) => !Object.keys(requirement ?? {}).some((name) => isEnforced(schemes.get(name))))
  );
}

function isEnforced(scheme: Json | undefined): boolean {
  if (scheme === undefined) {
    return false;
  }
  const authtype = scheme["x-amazon-apigateway-authtype"];
  return (
    isRecord(scheme["x-amazon-apigateway-authorizer"]) ||
    (typeof authtype === "string" && authtype.toLowerCase() === "awssigv4") ||
    (scheme.type === "apiKey" && typeof scheme.name === "string" && scheme.name.toLowerCase() === "x-api-key")
  );
}

/** The security schemes of OpenAPI 3.0 and of Swagger 2.0. */
function schemesOf({ components, securityDefinitions }: Json): ReadonlyMap<string, Json> {
  const definitions = securityDefinitions ?? (isRecord(components) ? components.securitySchemes : undefined);
  return new Map(entriesOf(definitions).filter((entry): entry is [string, Json] => isRecord(entry[1])));
}

function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}
