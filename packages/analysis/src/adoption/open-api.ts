import { HclReference, type HclValue, isHclObject } from "../hcl/hcl-value.ts";
import type { DetectedRoute } from "./detected.ts";
import type { RepositoryFiles } from "./repository-files.ts";

/** A text of YAML as a value. @throws Error where it is none */
export type ReadYaml = (text: string) => unknown;

/** What an OpenAPI document says of a way into an API. */
export interface DocumentedOperation {
  readonly path: string;
  readonly method: DetectedRoute["method"];
  /** Statuses that it names, without ranges and `default`. */
  readonly statuses: readonly number[];
  /** Whether it has to be given something besides what is in its path. */
  readonly needsInput: boolean;
  /** Whether who asks has to show who they are. */
  readonly isClosed: boolean;
  /** What it takes, as an example; undefined where it says nothing of that. */
  readonly body: HclValue | undefined;
  /** Names of what is in its good answer. */
  readonly answers: readonly string[];
}

/** An OpenAPI document of a repository. */
export interface ApiDocument {
  readonly file: string;
  readonly root: HclValue;
  /** Whether its paths may be below another one, which only its servers say. */
  readonly hasBasePath: boolean;
}

type Members = { readonly [key: string]: HclValue };

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
/** What a document says of itself at its beginning: no other file is worth reading whole. */
const BEGINS = /["'\s{]?(openapi|swagger)["']?\s*:/;
const NOT_RELEASED = /(^|\/)(examples?|tests?|e2e|fixtures|testdata|samples?)(\/|$)/;
const DEEPEST = 8;

/** The OpenAPI documents of a repository; those in YAML where somebody can read that. */
export function apiDocuments(files: RepositoryFiles, readYaml?: ReadYaml): readonly ApiDocument[] {
  return [...files].flatMap(([file, text]) => {
    const isYaml = /\.ya?ml$/.test(file);
    if (!(isYaml || file.endsWith(".json")) || NOT_RELEASED.test(file) || !BEGINS.test(text.slice(0, 4_000))) {
      return [];
    }
    try {
      const root = (isYaml ? readYaml?.(text) : JSON.parse(text)) as HclValue | undefined;
      const isOne = isHclObject(root) && (root.openapi ?? root.swagger) !== undefined && isHclObject(root.paths);
      return isOne ? [{ file, root, hasBasePath: hasBasePath(root) }] : [];
    } catch {
      return [];
    }
  });
}

export function methodOf(value: unknown): DetectedRoute["method"] | undefined {
  const text = String(value).toUpperCase();
  return text === "ANY" ? "ANY" : METHODS.find((each) => each === text);
}

interface WrittenOperation extends Pick<DocumentedOperation, "path" | "method"> {
  readonly operation: Members;
  /** Parameters of all operations of its path. */
  readonly shared: HclValue | undefined;
}

/** The operations of a document, as they stand there. */
export function operationsIn(root: HclValue | undefined): readonly WrittenOperation[] {
  const paths = membersOf(membersOf(root).paths);
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(membersOf(item)).flatMap(([key, operation]) => {
      const method = key === "x-amazon-apigateway-any-method" ? "ANY" : methodOf(key);
      const shared = membersOf(item).parameters;
      return method === undefined || !isHclObject(operation) ? [] : [{ path, method, operation, shared }];
    }),
  );
}

/** What a document says of each of its operations. */
export function documentedOperations(root: HclValue | undefined): readonly DocumentedOperation[] {
  return operationsIn(root).map(({ path, method, operation, shared }) => {
    const parameters = [...listOf(shared), ...listOf(operation.parameters)].map((each) => resolved(each, root));
    const body = resolved(operation.requestBody, root);
    const old = parameters.find((each) => each.in === "body");
    const security = operation.security ?? membersOf(root).security;
    const responses = membersOf(operation.responses);
    const statuses = Object.keys(responses).flatMap((key) => (/^[1-5]\d\d$/.test(key) ? [Number(key)] : []));
    const good = responses[String(statuses.find((status) => status >= 200 && status < 300))];
    return {
      ...{ path, method, statuses },
      // What cannot be found is taken for one that is needed.
      needsInput: parameters.some((each) => each.in !== "path" && (each.required === true || each.in === undefined)),
      // One of several ways in may be to show nothing: `{}`.
      isClosed: Array.isArray(security) && security.length > 0 && !security.some((each) => isEmpty(each)),
      body: exampleOf(schemaIn(body) ?? old?.schema, root, membersOf(jsonIn(body)).example),
      answers: propertiesOf(schemaIn(resolved(good, root)), root),
    };
  });
}

function hasBasePath(root: Members): boolean {
  const urls = listOf(root.servers).map((each) => String(membersOf(each).url ?? "/"));
  const paths = [...urls.map((url) => url.replace(/^[a-z]+:\/\/[^/]*/i, "")), String(root.basePath ?? "/")];
  return paths.some((path) => !/^\/?$/.test(path));
}

function membersOf(value: HclValue | undefined): Members {
  return isHclObject(value) && !(value instanceof HclReference) ? value : {};
}

function listOf(value: HclValue | undefined): readonly HclValue[] {
  return Array.isArray(value) ? (value as readonly HclValue[]) : [];
}

function isEmpty(value: HclValue): boolean {
  return isHclObject(value) && Object.keys(value).length === 0;
}

/** What stands there, or where it says that it stands: `{ $ref: "#/components/..." }`. Of another document it is empty. */
function resolved(value: HclValue | undefined, root: HclValue | undefined, depth = 0): Members {
  const { $ref: reference } = membersOf(value);
  if (typeof reference !== "string") {
    return membersOf(value);
  }
  if (!reference.startsWith("#/") || depth > DEEPEST) {
    return {};
  }
  const parts = reference.slice(2).split("/");
  const found = parts.reduce<HclValue | undefined>(
    (at, part) => membersOf(at)[part.replaceAll("~1", "/").replaceAll("~0", "~")],
    root,
  );
  return resolved(found, root, depth + 1);
}

/** What there is in JSON; of Swagger 2 the response itself has the schema. */
function jsonIn(part: Members): HclValue | undefined {
  const content = membersOf(part.content);
  const key = Object.keys(content).find((each) => /[/+]json\b/.test(each));
  return key === undefined ? undefined : content[key];
}

function schemaIn(part: Members): HclValue | undefined {
  return membersOf(jsonIn(part)).schema ?? part.schema;
}

function propertiesOf(schema: HclValue | undefined, root: HclValue | undefined): readonly string[] {
  const { properties, allOf } = resolved(schema, root);
  return [...Object.keys(membersOf(properties)), ...listOf(allOf).flatMap((each) => propertiesOf(each, root))];
}

/** A value that a schema allows, as far as it says so: what it has to have, and nothing else. */
function exampleOf(
  schema: HclValue | undefined,
  root: HclValue | undefined,
  given?: HclValue,
  depth = 0,
): HclValue | undefined {
  const its = resolved(schema, root);
  const [first] = listOf(its.examples);
  const [option] = [...listOf(its.oneOf), ...listOf(its.anyOf)];
  const example = given ?? its.example ?? first ?? its.default ?? its.const ?? listOf(its.enum)[0];
  if (example !== undefined || schema === undefined || depth > DEEPEST) {
    return example;
  }
  if (option !== undefined) {
    return exampleOf(option, root, undefined, depth + 1);
  }
  const type = listOf(its.type)[0] ?? its.type;
  switch (type) {
    case "integer":
    case "number":
      return typeof its.minimum === "number" ? its.minimum : 1;
    case "boolean":
      return true;
    case "array":
      return [];
    case "string":
      return its.format === "date-time"
        ? "2026-01-01T00:00:00Z"
        : its.format === "uri"
          ? "https://example.com/{runId}"
          : "smoke test {runId}";
    default: {
      const parts = [its, ...listOf(its.allOf).map((each) => resolved(each, root))];
      const properties: Members = Object.assign({}, ...parts.map((each) => membersOf(each.properties)));
      const required = parts.flatMap((each) => listOf(each.required)).map(String);
      const entries = required.map(
        (name) => [name, exampleOf(properties[name], root, undefined, depth + 1) ?? null] as const,
      );
      return Object.fromEntries(entries);
    }
  }
}
