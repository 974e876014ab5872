import { createHash } from "node:crypto";
import type { Model } from "@aws-sdk/client-api-gateway";
import { modelUrl } from "../../gateway/request-validation.ts";
import { type ApiRecord, newApiGatewayId } from "./api-state.ts";
import { checkModelName } from "./model-operations.ts";
import { componentsOf, isJson, type Json, type OpenApiDocument, textOf } from "./openapi-document.ts";

/** Makes the models of an API out of the schemas of a document. */
export class ModelImport {
  readonly #api: ApiRecord;
  readonly #document: OpenApiDocument;

  constructor(api: ApiRecord, document: OpenApiDocument) {
    this.#api = api;
    this.#document = document;
  }

  /**
   * Imports all named schemas.
   *
   * @throws AwsError `BadRequestException` for a name that API Gateway does not allow
   */
  importAll(): void {
    for (const [name, schema] of componentsOf(this.#document, "schemas")) {
      checkModelName(name);
      this.#put(name, schema);
    }
  }

  /** The name of the model for a schema in an operation: of the one that it refers to, else of one made for it. */
  nameFor(schema: unknown): string | undefined {
    if (!isJson(schema)) {
      return undefined;
    }
    const referred = typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
    if (referred !== undefined) {
      return referred;
    }
    const name = `MODEL${createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 6)}`;
    this.#put(name, schema);
    return name;
  }

  #put(name: string, schema: Json): void {
    const model: Model = {
      id: this.#api.models[name]?.id ?? newApiGatewayId(6),
      name,
      description: textOf(schema.description),
      contentType: "application/json",
      schema: JSON.stringify(this.#withModelUrls(schema)),
    };
    this.#api.models[name] = model;
  }

  /** Rewrites references into the document as references to models, which is how API Gateway's schemas refer to each other. */
  #withModelUrls(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((entry) => this.#withModelUrls(entry));
    }
    if (!isJson(value)) {
      return value;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => {
        const name =
          key === "$ref" && typeof entry === "string"
            ? /^#\/(?:definitions|components\/schemas)\/(.+)$/.exec(entry)?.[1]
            : undefined;
        return [key, name === undefined ? this.#withModelUrls(entry) : modelUrl(this.#api.id, name)];
      }),
    );
  }
}
