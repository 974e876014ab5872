import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Protocol, Service } from "../core/service.ts";
import { exampleValue } from "../test/example-value.ts";
import { type ServedServices, serveServices } from "../test/serve-services.ts";
import { type TestCore, testCore } from "../test/test-core.ts";
import { loadServiceModel, type OperationModel } from "./service-model.ts";

type Wiring = Pick<
  Service,
  "id" | "signingNames" | "load" | "client" | "targetPrefixes" | "queryVersion" | "rpcServiceNames" | "rest"
> & {
  readonly name: string;
  /** The protocol that the SDK's client is told to use, where it is not its own. */
  readonly protocol?: unknown;
  readonly clientOptions?: object;
  readonly preset?: Record<string, unknown>;
  /** Operations that the SDK's client itself changes on the way. */
  readonly skip?: readonly string[];
  readonly leaveOut?: (member: string) => boolean;
};

const CLOUDWATCH = {
  id: "monitoring",
  signingNames: ["monitoring"],
  load: () => import("@aws-sdk/client-cloudwatch"),
  client: "CloudWatchClient",
  targetPrefixes: ["GraniteServiceVersion20100801"],
  rpcServiceNames: ["GraniteServiceVersion20100801"],
  queryVersion: "2010-08-01",
};

const SQS = {
  id: "sqs",
  signingNames: ["sqs"],
  load: () => import("@aws-sdk/client-sqs"),
  client: "SQSClient",
  targetPrefixes: ["AmazonSQS"],
  queryVersion: "2012-11-05",
  // The client would compare the digests of example messages with example digests.
  clientOptions: { md5: false },
};

const WIRINGS: readonly (Wiring & { readonly speaks: Protocol })[] = [
  { name: "CloudWatch as JSON", speaks: "awsJson1_0", ...CLOUDWATCH },
  { name: "CloudWatch as Query", speaks: "awsQuery", ...CLOUDWATCH, protocol: AwsQueryProtocol },
  { name: "CloudWatch as CBOR", speaks: "rpcv2Cbor", ...CLOUDWATCH, protocol: AwsSmithyRpcV2CborProtocol },
  {
    name: "IAM",
    speaks: "awsQuery",
    id: "iam",
    signingNames: ["iam"],
    load: () => import("@aws-sdk/client-iam"),
    client: "IAMClient",
    queryVersion: "2010-05-08",
  },
  {
    name: "SNS",
    speaks: "awsQuery",
    id: "sns",
    signingNames: ["sns"],
    load: () => import("@aws-sdk/client-sns"),
    client: "SNSClient",
    queryVersion: "2010-03-31",
  },
  { name: "SQS as JSON", speaks: "awsJson1_0", ...SQS },
  { name: "SQS as Query", speaks: "awsQuery", ...SQS, protocol: AwsQueryProtocol },
  {
    name: "KMS",
    speaks: "awsJson1_1",
    id: "kms",
    signingNames: ["kms"],
    load: () => import("@aws-sdk/client-kms"),
    client: "KMSClient",
    targetPrefixes: ["TrentService"],
  },
  {
    name: "CloudWatch Logs",
    speaks: "awsJson1_1",
    id: "logs",
    signingNames: ["logs"],
    load: () => import("@aws-sdk/client-cloudwatch-logs"),
    client: "CloudWatchLogsClient",
    targetPrefixes: ["Logs_20140328"],
  },
  {
    name: "Lambda",
    speaks: "restJson1",
    id: "lambda",
    signingNames: ["lambda"],
    load: () => import("@aws-sdk/client-lambda"),
    client: "LambdaClient",
    rest: "restJson1",
  },
  {
    name: "API Gateway",
    speaks: "restJson1",
    id: "apigateway",
    signingNames: ["apigateway"],
    load: () => import("@aws-sdk/client-api-gateway"),
    client: "APIGatewayClient",
    rest: "restJson1",
  },
  {
    name: "S3",
    speaks: "restXml",
    id: "s3",
    signingNames: ["s3"],
    load: () => import("@aws-sdk/client-s3"),
    client: "S3Client",
    rest: "restXml",
    clientOptions: { forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" },
    preset: { Bucket: "a-bucket" },
    // CreateSession and the Express operations sign differently; the SDK computes checksums and keys of its own.
    skip: ["CreateSession", "ListDirectoryBuckets", "WriteGetObjectResponse", "ListBuckets"],
    leaveOut: (member) =>
      /^(Checksum|SSECustomer|CopySourceSSECustomer|ContentMD5|ContentLength|MultipartUpload|ExpectedBucketOwner|Expires$|ExpiresString)/.test(
        member,
      ),
  },
];

describe.each(WIRINGS)("$name", (wiring) => {
  let core: TestCore;
  let served: ServedServices;
  /** What the operation was called with, and what it is to answer. */
  let received: unknown;
  let answer: Record<string, unknown>;

  beforeEach(async () => {
    core = testCore();
    const operations = new Proxy<Service["operations"]>(
      {},
      {
        get: () => (input: unknown) => {
          received = input;
          return answer;
        },
      },
    );
    const service: Service = {
      ...wiring,
      operations,
      prepare:
        wiring.id === "s3"
          ? ({ path }) => {
              const [, bucket = "", ...key] = path.split("/");
              return { path: `/${key.join("/")}`, presetInput: { Bucket: bucket } };
            }
          : undefined,
    };
    served = await serveServices(core, [service]);
  });

  afterEach(async () => {
    await served.close();
    core.dispose();
  });

  it(`carries every operation's input and output, written by the SDK as ${wiring.speaks}`, async () => {
    const model = await loadServiceModel(wiring as unknown as Service);
    const sdk = (await wiring.load()) as unknown as Record<string, unknown>;
    const Client = sdk[wiring.client] as new (
      options: object,
    ) => { send(command: unknown): Promise<object>; destroy(): void };
    const client = new Client({
      ...served.client,
      maxAttempts: 1,
      ...(wiring.protocol === undefined ? {} : { protocol: wiring.protocol }),
      ...wiring.clientOptions,
    });
    let carried = 0;
    for (const operation of model.operations.values()) {
      const Command = sdk[`${operation.name}Command`] as new (input: unknown) => unknown;
      if (Command === undefined || wiring.skip?.includes(operation.name) || streams(operation)) {
        continue;
      }
      const input = {
        ...(exampleValue(operation.input, wiring.leaveOut) as object),
        ...(operation.input.isStructSchema() && has(operation.input, "Bucket") ? wiring.preset : {}),
      };
      answer = exampleValue(operation.output, wiring.leaveOut) as Record<string, unknown>;
      setStatus(operation.output, answer);
      const { $metadata: _, ...output } = (await client.send(new Command(input)).catch((error: unknown) => {
        throw new Error(`${operation.name}: ${String(error)}`, { cause: error });
      })) as { $metadata?: unknown };
      expect(plain(received), `${operation.name} input`).toMatchObject(plain(input));
      expect(plain(output), `${operation.name} output`).toMatchObject(plain(answer ?? {}));
      carried++;
    }
    client.destroy();
    expect(carried).toBeGreaterThan(20);
  });
});

function streams({ input, output }: OperationModel): boolean {
  return [input, output].some(
    (schema) => schema.isStructSchema() && [...schema.structIterator()].some(([, member]) => member.isStreaming()),
  );
}

function has(schema: NormalizedSchema, name: string): boolean {
  return [...schema.structIterator()].some(([member]) => member === name);
}

/** A member that travels as the HTTP status must be one that the SDK takes for a success. */
function setStatus(schema: NormalizedSchema, value: Record<string, unknown>): void {
  if (schema.isStructSchema()) {
    for (const [name, member] of schema.structIterator()) {
      if (member.getMergedTraits().httpResponseCode) {
        value[name] = 202;
      }
    }
  }
}

/** Bytes compare by content, whatever class carries them. */
function plain(value: unknown): object {
  const convert = (item: unknown): unknown => {
    if (item instanceof Uint8Array) {
      return Buffer.from(item).toString("hex");
    }
    if (item instanceof Date) {
      return item.toISOString();
    }
    if (Array.isArray(item)) {
      return item.map(convert);
    }
    return typeof item === "object" && item !== null
      ? Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, convert(inner)]))
      : item;
  };
  return convert(value) as object;
}
