import { createHash, createHmac } from "node:crypto";
import { CloudWatchClient, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AwsError } from "../core/aws-error.ts";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "../core/credentials.ts";
import { defineService, type Service } from "../core/service.ts";
import { type ServedServices, serveServices } from "../test/serve-services.ts";
import { type TestCore, testCore } from "../test/test-core.ts";

let core: TestCore;
let served: ServedServices;
/** Bodies that PutObject received. */
const stored = new Map<string, Uint8Array>();

beforeAll(async () => {
  core = testCore();
  const sts = defineService<typeof import("@aws-sdk/client-sts")>({
    id: "sts",
    signingNames: ["sts"],
    load: () => import("@aws-sdk/client-sts"),
    client: "STSClient",
    queryVersion: "2011-06-15",
    operations: {
      GetCallerIdentity: (_input, { principal }) => ({ Arn: principal.arn }),
      GetSessionToken: () => {
        throw new TypeError("a slip of ours");
      },
    },
  });
  const s3 = defineService<typeof import("@aws-sdk/client-s3")>({
    id: "s3",
    signingNames: ["s3"],
    load: () => import("@aws-sdk/client-s3"),
    client: "S3Client",
    rest: "restXml",
    prepare: ({ path }) => {
      const [, bucket = "", ...key] = path.split("/");
      return { path: `/${key.join("/")}`, presetInput: { Bucket: bucket } };
    },
    operations: {
      PutObject: ({ Bucket, Key, Body }) => {
        stored.set(`${Bucket}/${Key}`, Body ?? new Uint8Array());
        return { ETag: '"x"' };
      },
      GetObject: ({ Bucket, Key }) => {
        const body = stored.get(`${Bucket}/${Key}`);
        if (body === undefined) {
          throw new AwsError("NoSuchKey", "The specified key does not exist.", { fields: { Key } });
        }
        return { Body: body };
      },
    },
  });
  const cloudwatch = defineService<typeof import("@aws-sdk/client-cloudwatch")>({
    id: "monitoring",
    signingNames: ["monitoring"],
    load: () => import("@aws-sdk/client-cloudwatch"),
    client: "CloudWatchClient",
    targetPrefixes: ["GraniteServiceVersion20100801"],
    operations: {},
    rawJsonOperations: {},
  });
  served = await serveServices(core, [sts, s3, cloudwatch] satisfies Service[]);
});

afterAll(async () => {
  await served.close();
  core.dispose();
});

function sts(credentials: object = served.client.credentials): STSClient {
  return new STSClient({ ...served.client, credentials: credentials as never, maxAttempts: 1 });
}

function s3(): S3Client {
  return new S3Client({ ...served.client, forcePathStyle: true, maxAttempts: 1 });
}

describe("signatures", () => {
  it("lets a caller in under its own name", async () => {
    await expect(sts().send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Arn: "arn:aws:iam::000000000000:root",
    });
  });

  it.each([
    ["a wrong secret", { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: "wrong" }, "SignatureDoesNotMatch"],
    ["an unknown key", { accessKeyId: "AKIANOBODY", secretAccessKey: "x" }, "InvalidClientTokenId"],
  ])("refuses %s", async (_case, credentials, code) => {
    await expect(sts(credentials).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: code,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it("refuses a session's key without its token, and after its end", async () => {
    const role = { arn: "arn:aws:iam::000000000000:role/r", roleId: "AROA1" };
    const session = core.credentials.issueSession(role, "s", 900);
    const keys = { accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey };
    await expect(
      sts({ ...keys, sessionToken: session.sessionToken }).send(new GetCallerIdentityCommand({})),
    ).resolves.toMatchObject({ Arn: "arn:aws:sts::000000000000:assumed-role/r/s" });
    await expect(sts(keys).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: "InvalidClientTokenId",
    });
    const ended = core.credentials.issueSession(role, "s", -1);
    await expect(
      sts({
        accessKeyId: ended.accessKeyId,
        secretAccessKey: ended.secretAccessKey,
        sessionToken: ended.sessionToken,
      }).send(new GetCallerIdentityCommand({})),
    ).rejects.toMatchObject({ name: "ExpiredToken" });
  });

  it("refuses a body that was changed after signing", async () => {
    const signed = await sign("PUT", "/b/k", "the body");
    const answer = await fetch(`${served.url}/b/k`, { method: "PUT", headers: signed, body: "another body" });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("<Code>XAmzContentSHA256Mismatch</Code>");
  });

  it("refuses a signature of an hour ago", async () => {
    const signed = await sign("GET", "/b/k", "", new Date(Date.now() - 3_600_000));
    const answer = await fetch(`${served.url}/b/k`, { headers: signed });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("RequestTimeTooSkewed");
  });

  it("refuses an unsigned request", async () => {
    const answer = await fetch(`${served.url}/b/k`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("<Code>AccessDenied</Code>");
  });

  it("takes a presigned URL until it expires", async () => {
    stored.set("b/presigned", Buffer.from("hello"));
    const url = (seconds: number, at: Date) => presign("/b/presigned", seconds, at);
    expect(await (await fetch(await url(60, new Date()), UNSIGNED)).text()).toBe("hello");
    const late = await fetch(await url(60, new Date(Date.now() - 61_000)), UNSIGNED);
    expect(late.status).toBe(403);
    expect(await late.text()).toContain("Request has expired");
  });

  it("signs keys with every kind of character alike", async () => {
    const key = "a b/ü+&=%25/'(x)*!~.json";
    await s3().send(new PutObjectCommand({ Bucket: "b", Key: key, Body: "odd" }));
    expect(Buffer.from(stored.get(`b/${key}`) ?? "").toString()).toBe("odd");
  });

  it("checks the signature of every chunk of a streamed upload", async () => {
    expect((await putInChunks("/b/chunks", ["first ", "second"])).status).toBe(200);
    expect(Buffer.from(stored.get("b/chunks") ?? "").toString()).toBe("first second");
    expect((await putInChunks("/b/tampered", ["first ", "second"], "sEcond")).status).toBe(403);
    expect(stored.has("b/tampered")).toBe(false);
  });

  it("refuses another Region than the one it plays", async () => {
    const client = new STSClient({ ...served.client, region: "eu-west-1", maxAttempts: 1 });
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: "InvalidRegion",
      message: expect.stringContaining("slipway local start --region eu-west-1"),
    });
  });
});

describe("what is not there", () => {
  it("refuses an unknown operation at once, by its name, so that no client retries", async () => {
    const client = new CloudWatchClient(served.client);
    await expect(client.send(new ListDashboardsCommand({}))).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: expect.stringContaining("monitoring:ListDashboards"),
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
    await expect(s3().send(new CreateBucketCommand({ Bucket: "b" }))).rejects.toMatchObject({
      message: expect.stringContaining("s3:CreateBucket"),
    });
  });

  it.each([
    ["awsJson", { "x-amz-target": "Kinesis_20131202.ListStreams", "content-type": "application/x-amz-json-1.1" }],
    ["restJson", { "content-type": "application/json" }],
    ["Query", { "content-type": "application/x-www-form-urlencoded" }],
  ])("refuses a service that is not here in the caller's protocol: %s", async (protocol, headers) => {
    const answer = await fetch(`${served.url}/`, {
      method: "POST",
      headers: { ...headers, authorization: claimFor("kinesis"), "x-amz-date": "20260101T000000Z" },
      body: protocol === "Query" ? "Action=ListStreams&Version=2013-12-02" : "{}",
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-errortype")).toBe("UnknownService");
    const text = await answer.text();
    const message = protocol === "Query" ? text : (JSON.parse(text) as { message: string }).message;
    expect(message).toMatch(/Local AWS does not have the service behind '(Kinesis_20131202.ListStreams|kinesis)'/);
    expect(text.startsWith("<ErrorResponse")).toBe(protocol === "Query");
  });

  it("takes no property that every object has for an operation", async () => {
    const answer = await fetch(`${served.url}/`, {
      method: "POST",
      headers: await signFor("monitoring", { "x-amz-target": "GraniteServiceVersion20100801.constructor" }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("does not implement monitoring:constructor");
  });

  it("writes an error of the service in the caller's protocol", async () => {
    await expect(s3().send(new GetObjectCommand({ Bucket: "b", Key: "nothing" }))).rejects.toMatchObject({
      name: "NoSuchKey",
      $metadata: { httpStatusCode: 404 },
    });
  });

  it("calls its own bug a bug, and does not make clients retry it", async () => {
    const { GetSessionTokenCommand } = await import("@aws-sdk/client-sts");
    await expect(sts().send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
      name: "LocalAwsBug",
      message: expect.stringContaining("a slip of ours"),
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe("planted faults", () => {
  const put = () => s3().send(new PutObjectCommand({ Bucket: "b", Key: "faulty", Body: "x" }));

  it.each([
    ["throttle", "SlowDown", 503],
    ["error", "InternalError", 500],
    ["unavailable", "ServiceUnavailable", 503],
  ] as const)("%s: refused in the service's own words, and not acted upon", async (kind, code, status) => {
    stored.delete("b/faulty");
    served.faults.plant({ kind, service: "s3", operation: "PutObject", resource: "b/fau*", remaining: 1 });
    await expect(put()).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
    expect(stored.has("b/faulty")).toBe(false);
    expect(served.faults.list()).toEqual([]);
  });

  it("drop: the connection is cut before the act; lost-answer: after it", async () => {
    stored.delete("b/faulty");
    served.faults.plant({ kind: "drop", service: "s3", remaining: 1 });
    await expect(put()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(stored.has("b/faulty")).toBe(false);
    served.faults.plant({ kind: "lost-answer", service: "s3", remaining: 1 });
    await expect(put()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(stored.has("b/faulty")).toBe(true);
  });

  it("delay: acted upon after the wait", async () => {
    served.faults.plant({ kind: "delay", service: "s3", remaining: 1, delayMs: 150 });
    const started = performance.now();
    await put();
    expect(performance.now() - started).toBeGreaterThanOrEqual(145);
  });

  it("leaves other services, operations and resources alone", async () => {
    served.faults.plant({ kind: "error", service: "sts" });
    served.faults.plant({ kind: "error", service: "s3", operation: "GetObject" });
    served.faults.plant({ kind: "error", service: "s3", resource: "other-bucket" });
    await expect(put()).resolves.toMatchObject({ ETag: '"x"' });
    served.faults.clear();
  });

  it.each([
    [{ kind: "explode" }, "kind"],
    [{ kind: "error", rate: 1.5 }, "rate"],
    [{ kind: "error", remaining: 0 }, "count"],
    [{ kind: "delay" }, "delay"],
  ])("refuses %j, naming the field", (request, field) => {
    expect(() => served.faults.plant(request as never)).toThrow(new RegExp(`^${field}:`));
  });

  it("are written into the request log", async () => {
    served.faults.plant({ kind: "throttle", service: "s3", remaining: 1 });
    await put().catch(() => {});
    expect(served.requests.latest(1)[0]).toMatchObject({
      service: "s3",
      operation: "PutObject",
      status: 503,
      error: "SlowDown",
      fault: "throttle",
    });
  });
});

/** The signer makes this header part of what is signed. */
const UNSIGNED = { headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } };

function sha256(data: string): string {
  return createHash("sha256").update(data).digest("hex");
}

class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;
  constructor(secret?: Uint8Array | string) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

/** An `Authorization` that says which service is meant; the request goes no further than that. */
function claimFor(service: string): string {
  const scope = `20260101/us-east-1/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${ROOT_ACCESS_KEY_ID}/${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`;
}

async function signFor(service: string, headers: Record<string, string>): Promise<Record<string, string>> {
  const signed = await signer(service).sign(request("POST", "/", headers) as never);
  return (signed as unknown as { headers: Record<string, string> }).headers;
}

function signer(service = "s3"): SignatureV4 {
  return new SignatureV4({
    service,
    region: "us-east-1",
    credentials: served.client.credentials,
    sha256: Sha256 as never,
    uriEscapePath: false,
  });
}

function request(method: string, path: string, headers: Record<string, string> = {}) {
  const { hostname, port, host } = new URL(served.url);
  return { method, protocol: "http:", hostname, port: Number(port), path, query: {}, headers: { host, ...headers } };
}

async function sign(method: string, path: string, body: string, at = new Date()): Promise<Record<string, string>> {
  const signed = await signer().sign(request(method, path, { "x-amz-content-sha256": sha256(body) }) as never, {
    signingDate: at,
  });
  return (signed as unknown as { headers: Record<string, string> }).headers;
}

async function presign(path: string, expiresIn: number, signingDate: Date): Promise<string> {
  const { query } = await signer().presign(
    {
      ...request("GET", path),
      headers: { host: new URL(served.url).host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    } as never,
    { expiresIn, signingDate, unhoistableHeaders: new Set(["x-amz-content-sha256"]) },
  );
  return `${served.url}${path}?${new URLSearchParams(query as Record<string, string>)}`;
}

/** Uploads as the Go SDK does over plain HTTP: every chunk signed, each signature over the one before. */
async function putInChunks(path: string, chunks: readonly string[], lastSent = chunks.at(-1)): Promise<Response> {
  const length = chunks.join("").length;
  const at = new Date();
  const { headers } = (await signer().sign(
    request("PUT", path, {
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": String(length),
    }) as never,
    { signingDate: at },
  )) as unknown as { headers: Record<string, string> };
  const stamp = headers["x-amz-date"] ?? "";
  const day = stamp.slice(0, 8);
  const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${ROOT_SECRET_ACCESS_KEY}`, day), "us-east-1"), "s3"), "aws4_request");
  let previous = /Signature=(\w+)/.exec(headers.authorization ?? "")?.[1] ?? "";
  let body = "";
  for (const [index, chunk] of [...chunks, ""].entries()) {
    previous = hmac(
      key,
      `AWS4-HMAC-SHA256-PAYLOAD\n${stamp}\n${day}/us-east-1/s3/aws4_request\n${previous}\n${sha256("")}\n${sha256(chunk)}`,
    ).toString("hex");
    const sent = index === chunks.length - 1 ? lastSent : chunk;
    body += `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${sent}\r\n`;
  }
  return fetch(`${served.url}${path}`, { method: "PUT", headers, body });
}
