import type { NormalizedSchema } from "@smithy/core/schema";
import type { HttpRequest, HttpResponse } from "../core/service.ts";
import { readText } from "./query-codec.ts";
import type { OperationModel } from "./service-model.ts";
import { formatTimestamp, TIMESTAMP_HTTP_DATE } from "./timestamps.ts";

/** A REST request matched to its operation. */
export interface RestMatch {
  readonly operation: OperationModel;
  /** Path labels, decoded. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Finds the operation that a REST request means: the one whose path, literals and required query parameters and headers all fit,
 * and of several the most particular (`PUT /{Key+}?partNumber&uploadId` with `x-amz-copy-source` over plain `PUT /{Key+}`).
 */
export function matchOperation(
  operations: Iterable<OperationModel>,
  request: HttpRequest,
  path: string,
): RestMatch | undefined {
  const segments = path.split("/").slice(1);
  let best: RestMatch | undefined;
  let bestScore = -1;
  for (const operation of operations) {
    const { http } = operation;
    if (http === undefined || http.method !== request.method) {
      continue;
    }
    const literalsFit = http.literals.every(
      ([name, value]) => request.query.has(name) && (value === undefined || request.query.get(name) === value),
    );
    if (
      !literalsFit ||
      !http.requiredQuery.every((name) => request.query.has(name)) ||
      !http.requiredHeaders.every((name) => request.headers[name] !== undefined)
    ) {
      continue;
    }
    const labels = matchPath(http.segments, segments);
    if (labels === undefined) {
      continue;
    }
    const texts = http.segments.filter(({ kind }) => kind === "text").length;
    const score = texts * 100 + (http.literals.length + http.requiredQuery.length) * 10 + http.requiredHeaders.length;
    if (score > bestScore) {
      best = { operation, labels };
      bestScore = score;
    }
  }
  return best;
}

function matchPath(
  pattern: NonNullable<OperationModel["http"]>["segments"],
  segments: readonly string[],
): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  let at = 0;
  for (const [index, segment] of pattern.entries()) {
    if (segment.kind === "greedy") {
      const after = pattern.length - index - 1;
      const end = segments.length - after;
      if (end <= at) {
        return undefined;
      }
      const value = segments.slice(at, end).map(decode).join("/");
      if (value === "") {
        return undefined;
      }
      labels[segment.name] = value;
      at = end;
      continue;
    }
    const found = segments[at++];
    if (found === undefined || (segment.kind === "text" && found !== segment.text)) {
      return undefined;
    }
    if (segment.kind === "label") {
      if (found === "") {
        return undefined;
      }
      labels[segment.name] = decode(found);
    }
  }
  // A trailing slash is tolerated, as AWS's routers do.
  return at === segments.length || (at === segments.length - 1 && segments[at] === "") ? labels : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Where a body goes: a payload member, or members of the input. */
export interface BodyReader {
  /** Reads a member that is the whole body (a structure; blobs and text are taken as they are). */
  payload(schema: NormalizedSchema, body: Uint8Array): unknown;
  /** Reads the members that travel in the body together. */
  members(schema: NormalizedSchema, body: Uint8Array): Record<string, unknown>;
}

/** Reads the input of a REST operation from path, query string, headers and body. */
export function readRestInput(match: RestMatch, request: HttpRequest, body: BodyReader): Record<string, unknown> {
  const schema = match.operation.input;
  if (!schema.isStructSchema()) {
    return {};
  }
  const input: Record<string, unknown> = {};
  let hasBodyMembers = false;
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) {
      const label = match.labels[name];
      set(input, name, label === undefined ? undefined : readText(member, label));
    } else if (typeof traits.httpQuery === "string") {
      set(input, name, readQueryMember(member, traits.httpQuery, request.query));
    } else if (traits.httpQueryParams) {
      set(input, name, readQueryMap(member, request.query, match));
    } else if (typeof traits.httpHeader === "string") {
      set(input, name, readHeader(member, request.headers[traits.httpHeader.toLowerCase()]));
    } else if (typeof traits.httpPrefixHeaders === "string") {
      set(input, name, readPrefixHeaders(traits.httpPrefixHeaders.toLowerCase(), request.headers));
    } else if (traits.httpPayload) {
      set(input, name, readPayload(member, request.body, body));
    } else {
      hasBodyMembers = true;
    }
  }
  if (hasBodyMembers && request.body.byteLength > 0) {
    for (const [name, value] of Object.entries(body.members(schema, request.body))) {
      input[name] ??= value;
    }
  }
  return input;
}

function set(target: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) {
    target[name] = value;
  }
}

function readQueryMember(member: NormalizedSchema, name: string, query: URLSearchParams): unknown {
  if (member.isListSchema()) {
    const values = query.getAll(name);
    const item = member.getValueSchema();
    return values.length === 0 ? undefined : values.map((value) => readText(item, value));
  }
  const value = query.get(name);
  return value === null || (value === "" && !member.isStringSchema()) ? undefined : readText(member, value);
}

function readQueryMap(member: NormalizedSchema, query: URLSearchParams, { operation }: RestMatch): unknown {
  const bound = new Set<string>(operation.http?.literals.map(([name]) => name));
  for (const [, other] of operation.input.structIterator()) {
    const name = other.getMergedTraits().httpQuery;
    if (typeof name === "string") {
      bound.add(name);
    }
  }
  const lists = member.getValueSchema().isListSchema();
  const names = [...new Set(query.keys())].filter((name) => !bound.has(name));
  return Object.fromEntries(names.map((name) => [name, lists ? query.getAll(name) : query.get(name)]));
}

function readHeader(member: NormalizedSchema, value: string | undefined): unknown {
  if (value === undefined) {
    return undefined;
  }
  if (member.isListSchema()) {
    const item = member.getValueSchema();
    return splitHeader(value).map((part) => readText(item, part, TIMESTAMP_HTTP_DATE));
  }
  return readText(member, value, TIMESTAMP_HTTP_DATE);
}

/** The values of a list in a header: comma-separated, quoted where they hold commas or quotes. */
function splitHeader(value: string): string[] {
  return [...value.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)/g)]
    .map(([whole, quoted, bare]) => (whole === "" ? undefined : (quoted?.replace(/\\(.)/g, "$1") ?? bare?.trim())))
    .filter((part): part is string => part !== undefined);
}

function quoteHeader(value: string): string {
  return /[",]/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : value;
}

function readPrefixHeaders(prefix: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

function readPayload(member: NormalizedSchema, body: Uint8Array, reader: BodyReader): unknown {
  if (member.isBlobSchema() || member.isStreaming()) {
    return body;
  }
  if (member.isStringSchema()) {
    return Buffer.from(body).toString("utf8");
  }
  return body.byteLength === 0 ? undefined : reader.payload(member, body);
}

/** Writes the body of an answer. */
export interface BodyWriter {
  readonly contentType: string;
  payload(schema: NormalizedSchema, value: Record<string, unknown>): string;
  /** The members that are bound to nothing else. */
  members(schema: NormalizedSchema, value: Record<string, unknown>): string;
}

/** Writes the output of a REST operation to status, headers and body. */
export function writeRestOutput(
  operation: OperationModel,
  output: Record<string, unknown>,
  writer: BodyWriter,
): HttpResponse {
  const response: HttpResponse = { status: operation.http?.code ?? 200, headers: {}, body: "" };
  const schema = operation.output;
  if (!schema.isStructSchema()) {
    return response;
  }
  // The schemas do not say that a part of an object (S3's GetObject with a range) is 206, Partial Content.
  response.status = output.ContentRange === undefined ? response.status : 206;
  let hasPayload = false;
  let hasBodyMembers = false;
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    const value = output[name];
    if (isBoundElsewhere(member)) {
      if (value !== undefined && value !== null) {
        writeBound(member, value, response);
      }
      continue;
    }
    if (!traits.httpPayload) {
      hasBodyMembers = true;
      continue;
    }
    hasPayload = true;
    if (value === undefined || value === null) {
      continue;
    }
    if (member.isStructSchema()) {
      response.headers["content-type"] = writer.contentType;
      response.body = writer.payload(member, value as Record<string, unknown>);
    } else {
      response.headers["content-type"] ??= member.isStringSchema() ? "text/plain" : "application/octet-stream";
      response.body = value as HttpResponse["body"];
    }
  }
  if (!hasPayload && hasBodyMembers) {
    response.headers["content-type"] = writer.contentType;
    response.body = writer.members(schema, output);
  }
  return response;
}

/** True for members that travel in the status line or in headers. */
export function isBoundElsewhere(member: NormalizedSchema): boolean {
  const traits = member.getMergedTraits();
  return Boolean(traits.httpHeader ?? traits.httpPrefixHeaders ?? traits.httpResponseCode);
}

function writeBound(member: NormalizedSchema, value: unknown, response: HttpResponse): void {
  const traits = member.getMergedTraits();
  if (traits.httpResponseCode) {
    response.status = value as number;
  } else if (typeof traits.httpPrefixHeaders === "string") {
    for (const [key, item] of Object.entries(value as Record<string, string>)) {
      response.headers[`${traits.httpPrefixHeaders}${key}`] = item;
    }
  } else if (typeof traits.httpHeader === "string") {
    response.headers[traits.httpHeader.toLowerCase()] = member.isListSchema()
      ? (value as unknown[]).map((item) => quoteHeader(headerText(member.getValueSchema(), item))).join(",")
      : headerText(member, value);
  }
}

function headerText(schema: NormalizedSchema, value: unknown): string {
  return value instanceof Date ? String(formatTimestamp(schema, value, TIMESTAMP_HTTP_DATE)) : String(value);
}
