import { badRequest } from "./api-state.ts";

/** A map out of a parsed document. */
export type Json = Record<string, unknown>;

/** An OpenAPI 3.0 or Swagger 2.0 document, parsed. */
export interface OpenApiDocument {
  readonly version: "2.0" | "3.0";
  readonly root: Json;
}

/**
 * Parses an API definition in JSON or YAML.
 *
 * @throws AwsError `BadRequestException` when it is neither, or neither OpenAPI 3.0 nor Swagger 2.0
 */
export async function parseOpenApi(body: Uint8Array | undefined): Promise<OpenApiDocument> {
  const root = await parseText(new TextDecoder().decode(body ?? new Uint8Array()));
  if (!isJson(root)) {
    throw badRequest("Invalid OpenAPI input.");
  }
  if (String(root.swagger) === "2.0") {
    return { version: "2.0", root };
  }
  if (typeof root.openapi === "string" && root.openapi.startsWith("3.0")) {
    return { version: "3.0", root };
  }
  throw badRequest("Invalid OpenAPI input. The document must be OpenAPI 3.0.x or Swagger 2.0.");
}

async function parseText(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: YAML then, which is loaded only now because most definitions are JSON.
  }
  const { parse } = await import("yaml");
  try {
    return parse(text);
  } catch (cause) {
    throw badRequest(`Invalid OpenAPI input.${cause instanceof Error ? ` ${cause.message.split("\n")[0]}` : ""}`);
  }
}

/** Whether a value is a map. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The maps of a map, by key; what is not a map is left out. */
export function mapsOf(value: unknown): [string, Json][] {
  return isJson(value) ? Object.entries(value).filter((entry): entry is [string, Json] => isJson(entry[1])) : [];
}

/** The maps of a list. */
export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** The texts of a list. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** A text, or nothing. Numbers (a version of 1.0 in YAML) count as text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** A map of texts, without what is not text. */
export function textMapOf(value: unknown): Record<string, string> | undefined {
  if (!isJson(value)) {
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]): [string, string][] =>
      typeof entry === "string" ? [[key, entry]] : isJson(entry) ? [[key, JSON.stringify(entry)]] : [],
    ),
  );
}

/**
 * Follows a reference inside the document (`#/components/parameters/Id`); what is not a reference is itself.
 *
 * @throws AwsError `BadRequestException` for a reference that leads nowhere or out of the document
 */
export function resolve(document: OpenApiDocument, value: Json): Json {
  let current: unknown = value;
  for (let steps = 0; isJson(current) && typeof current.$ref === "string"; steps++) {
    const reference = current.$ref;
    if (!reference.startsWith("#/") || steps > 20) {
      throw badRequest(`Invalid OpenAPI input. The reference ${reference} cannot be followed.`);
    }
    current = reference
      .slice(2)
      .split("/")
      .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>((node, part) => (isJson(node) ? node[part] : undefined), document.root);
    if (!isJson(current)) {
      throw badRequest(`Invalid OpenAPI input. The reference ${reference} leads nowhere.`);
    }
  }
  return isJson(current) ? current : {};
}

/** The part of the document that holds reusable pieces of a kind, in either version. */
export function componentsOf(document: OpenApiDocument, kind: "schemas" | "securitySchemes"): [string, Json][] {
  const { root, version } = document;
  if (version === "2.0") {
    return mapsOf(kind === "schemas" ? root.definitions : root.securityDefinitions);
  }
  return mapsOf(isJson(root.components) ? root.components[kind] : undefined);
}

/**
 * The base path of a document as `mode` wants it: ignored, put before every path, or put there without its first part.
 *
 * Source: Amazon API Gateway developer guide, "Set the OpenAPI basePath property".
 */
export function basePathOf(document: OpenApiDocument, mode: string): string {
  if (mode === "ignore") {
    return "";
  }
  const path = trimSlashes(document.version === "2.0" ? (textOf(document.root.basePath) ?? "") : serverPath(document));
  const used = mode === "split" ? path.split("/").slice(1).join("/") : path;
  return used === "" ? "" : `/${used}`;
}

function serverPath({ root }: OpenApiDocument): string {
  const [server] = listOf(root.servers);
  const variables = new Map(mapsOf(server?.variables).map(([name, value]) => [name, textOf(value.default) ?? ""]));
  const basePath = variables.get("basePath");
  if (basePath !== undefined) {
    return basePath;
  }
  const url = (textOf(server?.url) ?? "").replaceAll(
    /\{([^}]+)\}/g,
    (_match, name: string) => variables.get(name) ?? "",
  );
  return url.replace(/^[a-z]+:\/\/[^/]*/i, "");
}

function trimSlashes(path: string): string {
  return path.replaceAll(/^\/+|\/+$/g, "");
}
