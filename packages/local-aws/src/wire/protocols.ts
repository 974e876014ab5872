import { XmlShapeDeserializer } from "@aws-sdk/core/protocols";
import { cbor } from "@smithy/core/cbor";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../core/aws-error.ts";
import type { HttpRequest, HttpResponse, Protocol } from "../core/service.ts";
import { eventStreamResponse } from "./event-stream.ts";
import { readTree, type TreeFormat, writeTree } from "./json-codec.ts";
import { readQuery } from "./query-codec.ts";
import { type BodyReader, isBoundElsewhere, type RestMatch, readRestInput, writeRestOutput } from "./rest-binding.ts";
import type { ErrorModel, OperationModel, ServiceModel } from "./service-model.ts";
import { escapeXml, writeElement, writeMembers } from "./xml-writer.ts";

/** What a codec needs to answer: the operation (unknown when the request could not be matched) and the ids. */
export interface AnswerContext {
  readonly model: ServiceModel | undefined;
  readonly operation: OperationModel | undefined;
  readonly requestId: string;
  readonly request: HttpRequest;
}

/** An error, resolved against the service's model. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly fault: "client" | "server";
  readonly model: ErrorModel | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One wire protocol, server side. */
export interface Codec {
  /** Reads the operation's input. `match` is there for REST protocols. */
  read(operation: OperationModel, request: HttpRequest, match: RestMatch | undefined): Record<string, unknown>;
  write(output: Record<string, unknown>, context: AnswerContext): HttpResponse;
  writeError(error: WireError, context: AnswerContext): HttpResponse;
}

const JSON_TREE: TreeFormat = { kind: "json", useJsonName: false };
const REST_JSON_TREE: TreeFormat = { kind: "json", useJsonName: true };
const CBOR_TREE: TreeFormat = { kind: "cbor", useJsonName: false };

/** Parses a JSON body; empty means `{}`. */
export function parseJsonBody(body: Uint8Array): Record<string, unknown> {
  if (body.byteLength === 0) {
    return {};
  }
  try {
    const value: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through to the one answer that AWS has for all of these.
  }
  throw new AwsError("SerializationException", "The request body is not a JSON object.", { status: 400 });
}

/** AWS JSON 1.0 and 1.1: one POST path, the operation in `X-Amz-Target`. */
function awsJson(contentType: string): Codec {
  return {
    read: (operation, request) =>
      (readTree(operation.input, parseJsonBody(request.body), JSON_TREE) as Record<string, unknown> | undefined) ?? {},
    write: (output, { operation }) => {
      if (operation?.eventStream !== undefined) {
        return eventStreamResponse(operation.output, operation.eventStream, output, writeJson);
      }
      const body = operation === undefined ? "{}" : writeJson(operation.output, output);
      return { status: 200, headers: { "content-type": contentType }, body };
    },
    writeError: (error, { request }) => ({
      status: error.status,
      headers: { "content-type": contentType, ...queryErrorHeader(error, request) },
      body: JSON.stringify({
        __type: error.model === undefined ? error.code : `${error.model.namespace}#${error.model.name}`,
        message: error.message,
        ...errorFields(error, JSON_TREE),
      }),
    }),
  };
}

function writeJson(schema: NormalizedSchema, value: unknown): string {
  return JSON.stringify(writeTree(schema, value, JSON_TREE) ?? {});
}

/** Services that moved from Query to JSON tell old clients the code that they know (`awsQueryCompatible`). */
function queryErrorHeader(error: WireError, request: HttpRequest): Record<string, string> {
  return request.headers["x-amzn-query-mode"] === "true"
    ? { "x-amzn-query-error": `${queryCode(error)};${error.fault === "server" ? "Receiver" : "Sender"}` }
    : {};
}

function queryCode(error: WireError): string {
  return error.model?.queryCode ?? error.code;
}

/** The members of an error's shape beside its message, written as the protocol writes members. */
function errorFields(error: WireError, format: TreeFormat): Record<string, unknown> {
  if (error.model === undefined) {
    return { ...error.fields };
  }
  const written = writeTree(error.model.schema, error.fields, format) as Record<string, unknown>;
  for (const [name] of error.model.schema.structIterator()) {
    if (/^message$/i.test(name) && name !== "message") {
      written[name] = error.message;
    }
  }
  return written;
}

const restJson1: Codec = {
  read: (_operation, request, match) => readRestInput(expectMatch(match), request, jsonBody),
  write: (output, { operation }) => {
    if (operation === undefined) {
      return { status: 200, headers: {}, body: "" };
    }
    return writeRestOutput(operation, output, {
      contentType: "application/json",
      payload: (schema, value) => JSON.stringify(writeTree(schema, value, REST_JSON_TREE)),
      members: (schema, value) => JSON.stringify(writeUnbound(schema, value)),
    });
  },
  writeError: (error) => ({
    status: error.status,
    headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
    body: JSON.stringify({ message: error.message, ...errorFields(error, REST_JSON_TREE) }),
  }),
};

const jsonBody: BodyReader = {
  payload: (schema, body) => readTree(schema, parseJsonBody(body), REST_JSON_TREE),
  members: (schema, body) => readTree(schema, parseJsonBody(body), REST_JSON_TREE) as Record<string, unknown>,
};

function writeUnbound(schema: NormalizedSchema, value: Record<string, unknown>): unknown {
  const body: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const written = isBoundElsewhere(member) ? undefined : writeTree(member, value[name], REST_JSON_TREE);
    if (written !== undefined) {
      body[(member.getMergedTraits().jsonName as string | undefined) ?? name] = written;
    }
  }
  return body;
}

function expectMatch(match: RestMatch | undefined): RestMatch {
  if (match === undefined) {
    throw new Error("A REST protocol needs a matched path.");
  }
  return match;
}

const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

const xmlReader = new XmlShapeDeserializer({
  timestampFormat: { useTrait: true, default: 5 },
  xmlNamespace: "",
  serviceNamespace: "",
  httpBindings: false,
} as ConstructorParameters<typeof XmlShapeDeserializer>[0]);

const xmlBody: BodyReader = {
  payload: (schema, body) => {
    try {
      return xmlReader.read(schema as never, body as never);
    } catch (cause) {
      throw new AwsError(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
        { status: 400, cause },
      );
    }
  },
  members: (schema, body) => xmlBody.payload(schema, body) as Record<string, unknown>,
};

const restXml: Codec = {
  read: (_operation, request, match) => readRestInput(expectMatch(match), request, xmlBody),
  write: (output, { operation }) => {
    if (operation === undefined) {
      return { status: 200, headers: {}, body: "" };
    }
    return writeRestOutput(operation, output, {
      contentType: "application/xml",
      payload: (schema, value) => XML_DECLARATION + writeElement(payloadName(schema), schema, value, S3_NAMESPACE),
      members: (schema, value) => XML_DECLARATION + writeXmlDocument(operation, schema, value),
    });
  },
  writeError: (error, { request, requestId }) => ({
    status: error.status,
    headers: { "content-type": "application/xml" },
    body: `${XML_DECLARATION}<Error><Code>${escapeXml(queryCode(error))}</Code><Message>${escapeXml(error.message)}</Message>${xmlFields(error)}<Resource>${escapeXml(request.path)}</Resource><RequestId>${requestId}</RequestId></Error>`,
  }),
};

function payloadName(schema: NormalizedSchema): string {
  return (schema.getMergedTraits().xmlName as string | undefined) ?? schema.getName() ?? "";
}

/** `GetBucketLocation` is the one answer whose only member is the document itself (Smithy's `s3UnwrappedXmlOutput`, which the SDK's schemas leave out). */
function writeXmlDocument(operation: OperationModel, schema: NormalizedSchema, value: Record<string, unknown>): string {
  if (operation.name === "GetBucketLocation") {
    return `<LocationConstraint xmlns="${S3_NAMESPACE}">${escapeXml(String(value.LocationConstraint ?? ""))}</LocationConstraint>`;
  }
  const name = (schema.getMergedTraits().xmlName as string | undefined) ?? schema.getName();
  return `<${name} xmlns="${S3_NAMESPACE}">${writeMembers(schema, value, isBoundElsewhere)}</${name}>`;
}

function xmlFields(error: WireError): string {
  return Object.entries(error.fields)
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join("");
}

const awsQuery: Codec = {
  read: (operation, request) => readQuery(operation.input, formOf(request)),
  write: (output, { operation, model, requestId }): HttpResponse => {
    if (operation === undefined) {
      return { status: 200, headers: {}, body: "" };
    }
    const { name } = operation;
    const result = operation.output.isStructSchema()
      ? `<${name}Result>${writeMembers(operation.output, output)}</${name}Result>`
      : "";
    return {
      status: 200,
      headers: { "content-type": "text/xml" },
      body: `<${name}Response${xmlns(model)}>${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
    };
  },
  writeError: (error, { model, requestId }) => ({
    status: error.status,
    headers: { "content-type": "text/xml" },
    body: `<ErrorResponse${xmlns(model)}><Error><Type>${error.fault === "server" ? "Receiver" : "Sender"}</Type><Code>${escapeXml(queryCode(error))}</Code><Message>${escapeXml(error.message)}</Message>${xmlFields(error)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  }),
};

function xmlns(model: ServiceModel | undefined): string {
  return model?.xmlNamespace === undefined ? "" : ` xmlns="${model.xmlNamespace}"`;
}

/** The form parameters of a Query request: in the body of a POST, in the URL of a GET. */
export function formOf(request: HttpRequest): URLSearchParams {
  return request.method === "GET" ? request.query : new URLSearchParams(Buffer.from(request.body).toString("utf8"));
}

const CBOR_HEADERS = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };

const rpcv2Cbor: Codec = {
  read: (operation, request) => {
    if (request.body.byteLength === 0) {
      return {};
    }
    let tree: unknown;
    try {
      tree = cbor.deserialize(request.body);
    } catch (cause) {
      throw new AwsError("SerializationException", "The request body is not CBOR.", { status: 400, cause });
    }
    return (readTree(operation.input, tree, CBOR_TREE) as Record<string, unknown> | undefined) ?? {};
  },
  write: (output, { operation }) => ({
    status: 200,
    headers: { ...CBOR_HEADERS },
    body: cbor.serialize(
      (operation?.output.isStructSchema() ? writeTree(operation.output, output, CBOR_TREE) : undefined) ?? {},
    ),
  }),
  writeError: (error, { request }) => ({
    status: error.status,
    headers: { ...CBOR_HEADERS, ...queryErrorHeader(error, request) },
    body: cbor.serialize({
      __type: error.model === undefined ? error.code : `${error.model.namespace}#${error.model.name}`,
      message: error.message,
      ...errorFields(error, CBOR_TREE),
    }),
  }),
};

/** The codec of each protocol. */
export const CODECS: Readonly<Record<Protocol, Codec>> = {
  awsJson1_0: awsJson("application/x-amz-json-1.0"),
  awsJson1_1: awsJson("application/x-amz-json-1.1"),
  restJson1,
  restXml,
  awsQuery,
  rpcv2Cbor,
};
