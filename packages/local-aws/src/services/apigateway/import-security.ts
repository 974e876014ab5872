import type { Authorizer, Method } from "@aws-sdk/client-api-gateway";
import { type ApiRecord, newApiGatewayId } from "./api-state.ts";
import { checkAuthorizer } from "./authorizer-operations.ts";
import { componentsOf, isJson, type Json, listOf, type OpenApiDocument, textOf, textsOf } from "./openapi-document.ts";

/** What a method needs for its authorization. */
export type Security = Pick<Method, "authorizationType" | "authorizerId" | "apiKeyRequired" | "authorizationScopes">;

/** Makes authorizers out of a document's security schemes, and says what its operations need. */
export class SecurityImport {
  readonly #document: OpenApiDocument;
  readonly #schemes = new Map<string, { readonly scheme: Json; readonly authorizer: Authorizer | undefined }>();

  /** @throws AwsError `BadRequestException` for an authorizer that API Gateway or local AWS does not have */
  constructor(api: ApiRecord, document: OpenApiDocument) {
    this.#document = document;
    for (const [name, scheme] of componentsOf(document, "securitySchemes")) {
      const definition = scheme["x-amazon-apigateway-authorizer"];
      const authorizer = isJson(definition) ? authorizerFrom(name, scheme, definition, api) : undefined;
      if (authorizer !== undefined) {
        checkAuthorizer(api, authorizer);
        api.authorizers[authorizer.id ?? ""] = authorizer;
      }
      this.#schemes.set(name, { scheme, authorizer });
    }
  }

  /** The security of an operation: its own, else the document's. */
  of(operation: Json): Security {
    const auth = operation["x-amazon-apigateway-auth"];
    const security: Security = {
      authorizationType: isJson(auth) ? (textOf(auth.type) ?? "NONE").toUpperCase() : "NONE",
      apiKeyRequired: false,
    };
    for (const requirement of listOf(operation.security ?? this.#document.root.security)) {
      for (const [name, scopes] of Object.entries(requirement)) {
        this.#require(security, name, scopes);
      }
    }
    return security;
  }

  #require(security: Security, name: string, scopes: unknown): void {
    const known = this.#schemes.get(name);
    if (known === undefined) {
      return;
    }
    const { scheme, authorizer } = known;
    if (authorizer !== undefined) {
      const custom = authorizer.type === "TOKEN" || authorizer.type === "REQUEST";
      security.authorizationType = custom ? "CUSTOM" : authorizer.type;
      security.authorizerId = authorizer.id;
      const asked = textsOf(scopes);
      security.authorizationScopes = asked.length > 0 ? asked : undefined;
    } else if (textOf(scheme["x-amazon-apigateway-authtype"])?.toLowerCase() === "awssigv4") {
      security.authorizationType = "AWS_IAM";
    } else if (scheme.type === "apiKey" && textOf(scheme.name)?.toLowerCase() === "x-api-key") {
      security.apiKeyRequired = true;
    }
  }
}

function authorizerFrom(name: string, scheme: Json, definition: Json, api: ApiRecord): Authorizer {
  const type = (textOf(definition.type) ?? "").toUpperCase();
  const ttl = definition.authorizerResultTtlInSeconds;
  const existing = Object.values(api.authorizers).find((authorizer) => authorizer.name === name);
  return {
    id: existing?.id ?? newApiGatewayId(6),
    name,
    type: type as Authorizer["type"],
    authType: textOf(scheme["x-amazon-apigateway-authtype"]) ?? "custom",
    authorizerUri: textOf(definition.authorizerUri),
    authorizerCredentials: textOf(definition.authorizerCredentials),
    // A token is read from the header that the security scheme names; requests name their sources themselves.
    identitySource:
      type === "REQUEST"
        ? textOf(definition.identitySource)
        : `method.request.header.${textOf(scheme.name) ?? "Authorization"}`,
    identityValidationExpression: textOf(definition.identityValidationExpression),
    authorizerResultTtlInSeconds: ttl === undefined ? undefined : Number(ttl),
    providerARNs: Array.isArray(definition.providerARNs) ? textsOf(definition.providerARNs) : undefined,
  };
}
