import { NormalizedSchema } from "@smithy/core/schema";
import type { Service } from "../core/service.ts";

/** How an operation is bound to HTTP, in the REST protocols. */
export interface HttpBinding {
  readonly method: string;
  readonly segments: readonly PathSegment[];
  /** Query parameters that are part of the operation's URI: `?versioning`, `?list-type=2`. */
  readonly literals: readonly (readonly [name: string, value: string | undefined])[];
  /** Query parameters and headers without which the request cannot mean this operation. */
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  /** Status of a success. */
  readonly code: number;
}

/** One piece of a URI pattern: text, `{label}` or `{label+}`. */
export type PathSegment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "label" | "greedy"; readonly name: string };

/** An operation as the SDK describes it. */
export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** The member of the output that is a stream of events. */
  readonly eventStream?: string;
  readonly http?: HttpBinding;
}

/** An error as the SDK describes it. */
export interface ErrorModel {
  readonly name: string;
  readonly namespace: string;
  readonly status: number;
  /** Code in the Query protocol, where it differs from the name. */
  readonly queryCode?: string;
  readonly fault: "client" | "server";
  readonly schema: NormalizedSchema;
}

/** Everything the wire layer needs to know of a service, read from the SDK's own runtime schemas. */
export interface ServiceModel {
  readonly operations: ReadonlyMap<string, OperationModel>;
  readonly errors: ReadonlyMap<string, ErrorModel>;
  readonly xmlNamespace: string | undefined;
}

// Layout of the SDK's static schemas (`@smithy/core/schema`): operations are [9, namespace, name, traits, input, output],
// structures [3, namespace, name, traits, memberNames, memberSchemas, requiredCount], errors the same with -3.
const OPERATION = 9;
const ERROR = -3;
type StaticSchema = readonly [kind: number, namespace: string, name: string, traits: unknown, ...rest: unknown[]];

/**
 * Loads the SDK's module of a service and reads its operations, errors and settings.
 * The schemas are not promised to be stable, so the SDK's versions are pinned; a test reads every operation of every service.
 */
export async function loadServiceModel(service: Service): Promise<ServiceModel> {
  const sdk = (await service.load()) as Record<string, unknown>;
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  for (const [name, value] of Object.entries(sdk)) {
    if (!name.endsWith("$") || !Array.isArray(value)) {
      continue;
    }
    const schema = value as unknown as StaticSchema;
    if (schema[0] === OPERATION) {
      operations.set(schema[2], readOperation(schema));
    } else if (schema[0] === ERROR) {
      errors.set(schema[2], readError(schema));
    }
  }
  if (operations.size === 0) {
    throw new Error(`The SDK's module for ${service.id} exports no operation schemas: its version has changed.`);
  }
  return { operations, errors, xmlNamespace: readXmlNamespace(sdk, service) };
}

function readOperation(schema: StaticSchema): OperationModel {
  const traits = (typeof schema[3] === "object" ? schema[3] : {}) as { http?: [string, string, number] };
  const input = NormalizedSchema.of(schema[4] as never);
  const output = NormalizedSchema.of(schema[5] as never);
  return {
    name: schema[2],
    input,
    output,
    ...(output.isStructSchema() && output.getEventStreamMember() !== ""
      ? { eventStream: output.getEventStreamMember() }
      : {}),
    http: traits.http === undefined ? undefined : readBinding(traits.http, input),
  };
}

function readBinding([method, uri, code]: [string, string, number], input: NormalizedSchema): HttpBinding {
  const [path = "/", queryString = ""] = uri.split("?");
  const segments = path
    .split("/")
    .slice(1)
    .map((text): PathSegment => {
      const label = /^\{(.+?)(\+?)\}$/.exec(text);
      return label === null
        ? { kind: "text", text }
        : { kind: label[2] === "+" ? "greedy" : "label", name: label[1] ?? "" };
    });
  const literals = queryString
    .split("&")
    .filter((part) => part !== "")
    .map((part): readonly [string, string | undefined] => {
      const [name = "", value] = part.split("=");
      return [name, value];
    })
    // `x-id` names the operation for logs; only the JavaScript SDK sends it.
    .filter(([name]) => name !== "x-id");
  const required = requiredMembers(input);
  const of = (trait: "httpQuery" | "httpHeader"): string[] =>
    required.flatMap((member) => {
      const name = member.getMergedTraits()[trait];
      return typeof name === "string" ? [name] : [];
    });
  return {
    method,
    segments,
    literals,
    requiredQuery: of("httpQuery"),
    requiredHeaders: of("httpHeader").map((name) => name.toLowerCase()),
    code,
  };
}

function requiredMembers(schema: NormalizedSchema): NormalizedSchema[] {
  const raw = schema.getSchema() as unknown as StaticSchema;
  if (!Array.isArray(raw)) {
    return [];
  }
  const count = (raw[6] as number | undefined) ?? 0;
  return [...schema.structIterator()].slice(0, count).map(([, member]) => member);
}

function readError(schema: StaticSchema): ErrorModel {
  const traits = (typeof schema[3] === "object" ? schema[3] : {}) as {
    error?: "client" | "server";
    httpError?: number;
    awsQueryError?: [string, number];
  };
  const fault = traits.error ?? "client";
  return {
    name: schema[2],
    namespace: schema[1],
    fault,
    status: traits.awsQueryError?.[1] ?? traits.httpError ?? (fault === "server" ? 500 : 400),
    queryCode: traits.awsQueryError?.[0],
    schema: NormalizedSchema.of(schema as never),
  };
}

function readXmlNamespace(sdk: Record<string, unknown>, service: Service): string | undefined {
  const Client = sdk[service.client] as new (
    configuration: object,
  ) => { config: { protocolSettings?: { xmlNamespace?: string } } };
  return new Client({ region: "us-east-1", credentials: { accessKeyId: "-", secretAccessKey: "-" } }).config
    .protocolSettings?.xmlNamespace;
}
