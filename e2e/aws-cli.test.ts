import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsCli, awsCli } from "./support/aws-cli.ts";
import { packageOf } from "./support/bundle-function.ts";
import { createProxyApi } from "./support/create-proxy-api.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { mustRun } from "./support/run-program.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const MEBIBYTE = 1024 * 1024;
const folder = temporaryFolder("aws-cli");

let localAws: LocalAwsProcess;
let aws: AwsCli;

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  aws = await awsCli(localAws);
});

afterAll(async () => {
  await localAws?.stop();
  folder.remove();
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("s3", () => {
  beforeAll(async () => {
    await aws.text("s3", "mb", "s3://files");
  });

  test("cp, ls, presign and rm", async () => {
    const path = file("hello world.txt", "hello, bucket\n");

    await aws.text("s3", "cp", path, "s3://files/a b/ünïcode+.txt");
    await aws.text("s3", "cp", "s3://files/a b/ünïcode+.txt", `${path}.back`);

    expect(readFileSync(`${path}.back`, "utf8")).toBe("hello, bucket\n");
    expect(await aws.text("s3", "ls", "s3://files", "--recursive")).toMatch(/ 14 a b\/ünïcode\+\.txt\n$/);

    const url = (await aws.text("s3", "presign", "s3://files/a b/ünïcode+.txt", "--expires-in", "60")).trim();
    const { stdout } = await mustRun("curl", ["--silent", "--fail", url]);
    expect(stdout).toBe("hello, bucket\n");
    const forged = await fetch(url.replace(/Expires=60/, "Expires=61"));
    expect(forged.status).toBe(403);
    expect(await forged.text()).toMatch(/<Code>SignatureDoesNotMatch<\/Code>/);

    await aws.text("s3", "rm", "s3://files", "--recursive");
    expect(await aws.text("s3", "ls", "s3://files", "--recursive").catch(() => "")).toBe("");
  });

  test("a multipart upload of 20 MB", async () => {
    const bytes = randomBytes(20 * MEBIBYTE);
    const where = ["--bucket", "files", "--key", "large.bin"];
    const { UploadId } = await aws.json<{ UploadId: string }>("s3api", "create-multipart-upload", ...where);
    const upload = [...where, "--upload-id", UploadId];
    const Parts: { PartNumber: number; ETag: string }[] = [];
    for (const [index, from] of [0, 8 * MEBIBYTE, 16 * MEBIBYTE].entries()) {
      const part = file(`part-${index}`, bytes.subarray(from, from + 8 * MEBIBYTE));
      const number = ["--part-number", String(index + 1)];
      const { ETag } = await aws.json<{ ETag: string }>("s3api", "upload-part", ...upload, ...number, "--body", part);
      Parts.push({ PartNumber: index + 1, ETag });
    }

    const list = file("parts.json", JSON.stringify({ Parts }));
    const completed = await aws.json<{ ETag: string }>(
      ...["s3api", "complete-multipart-upload", ...upload, "--multipart-upload", `file://${list}`],
    );

    expect(completed.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    const back = join(folder.path, "large.back");
    await aws.json("s3api", "get-object", ...where, back);
    expect(sha256(readFileSync(back))).toBe(sha256(bytes));

    // The high-level command, which sends eight megabytes at a time from several threads.
    await aws.text("s3", "cp", "--no-progress", back, "s3://files/again.bin");
    const head = await aws.json<{ ContentLength: number; ETag: string }>(
      ...["s3api", "head-object", "--bucket", "files", "--key", "again.bin"],
    );
    expect(head).toMatchObject({ ContentLength: 20 * MEBIBYTE, ETag: completed.ETag });
  });
});

test("dynamodb: tables, items, conditions and queries", async () => {
  await aws.json(
    ...["dynamodb", "create-table", "--table-name", "orders", "--billing-mode", "PAY_PER_REQUEST"],
    ...["--attribute-definitions", "AttributeName=customer,AttributeType=S", "AttributeName=at,AttributeType=N"],
    ...["--key-schema", "AttributeName=customer,KeyType=HASH", "AttributeName=at,KeyType=RANGE"],
  );
  await aws.text("dynamodb", "wait", "table-exists", "--table-name", "orders");
  const order = (at: number) => ({ customer: { S: "ann" }, at: { N: String(at) }, paid: { BOOL: at === 2 } });
  await aws.text("dynamodb", "put-item", "--table-name", "orders", "--item", JSON.stringify(order(1)));
  const requests = { orders: [2, 3].map((at) => ({ PutRequest: { Item: order(at) } })) };
  await aws.text("dynamodb", "batch-write-item", "--request-items", JSON.stringify(requests));

  const key = JSON.stringify({ customer: { S: "ann" }, at: { N: "2" } });
  const got = await aws.json<object>("dynamodb", "get-item", "--table-name", "orders", "--key", key);
  const queried = await aws.json<{ Items: { at: { N: string } }[] }>(
    ...["dynamodb", "query", "--table-name", "orders", "--key-condition-expression", "customer = :c AND #at >= :at"],
    ...["--expression-attribute-names", JSON.stringify({ "#at": "at" })],
    ...["--expression-attribute-values", JSON.stringify({ ":c": { S: "ann" }, ":at": { N: "2" } })],
  );
  const twice = await aws.run([
    ...["dynamodb", "put-item", "--table-name", "orders", "--item", key],
    ...["--condition-expression", "attribute_not_exists(customer)"],
  ]);

  expect(got).toEqual({ Item: { customer: { S: "ann" }, at: { N: "2" }, paid: { BOOL: true } } });
  expect(queried.Items.map(({ at }) => at.N)).toEqual(["2", "3"]);
  expect(twice.stderr).toMatch(/\(ConditionalCheckFailedException\).*The conditional request failed/);
});

describe("functions and what belongs to them", () => {
  const TRUST = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const code = (release: number) =>
    file(
      `release-${release}.zip`,
      packageOf({
        "index.mjs": `export const handler = async (event) => { console.log("release ${release} at work"); return { statusCode: 200, body: JSON.stringify({ release: ${release}, path: event.path ?? null }) }; };`,
      }),
    );
  const invoke = async (...words: string[]) => {
    const answer = join(folder.path, "answer.json");
    const status = await aws.json<{ StatusCode: number; ExecutedVersion: string; FunctionError?: string }>(
      ...["lambda", "invoke", "--function-name", "worker", ...words, "--cli-binary-format", "raw-in-base64-out"],
      ...["--payload", JSON.stringify({ path: "/by-hand" }), answer],
    );
    return { ...status, body: JSON.parse(JSON.parse(readFileSync(answer, "utf8")).body) as object };
  };
  let functionArn: string;

  test("iam and lambda: a function with a role, versions and an alias", async () => {
    const { Role } = await aws.json<{ Role: { Arn: string } }>(
      ...["iam", "create-role", "--role-name", "worker", "--assume-role-policy-document", TRUST],
    );
    await aws.text(
      ...["iam", "attach-role-policy", "--role-name", "worker", "--policy-arn"],
      "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    );
    const created = await aws.json<{ FunctionArn: string; State: string }>(
      ...["lambda", "create-function", "--function-name", "worker", "--runtime", "nodejs22.x", "--role", Role.Arn],
      ...["--handler", "index.handler", "--zip-file", `fileb://${code(1)}`, "--tags", "Team=parcels"],
    );
    functionArn = created.FunctionArn;
    expect(functionArn).toBe("arn:aws:lambda:us-east-1:000000000000:function:worker");
    await aws.text("lambda", "wait", "function-active-v2", "--function-name", "worker");
    expect(await invoke()).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST", body: { release: 1 } });

    const first = await aws.json<{ Version: string }>("lambda", "publish-version", "--function-name", "worker");
    const alias = await aws.json<{ RevisionId: string }>(
      ...["lambda", "create-alias", "--function-name", "worker", "--name", "live", "--function-version", first.Version],
    );
    await aws.text("lambda", "update-function-code", "--function-name", "worker", "--zip-file", `fileb://${code(2)}`);
    await aws.text("lambda", "wait", "function-updated-v2", "--function-name", "worker");
    const second = await aws.json<{ Version: string }>("lambda", "publish-version", "--function-name", "worker");
    expect([first.Version, second.Version]).toEqual(["1", "2"]);
    expect(await invoke("--qualifier", "live")).toMatchObject({ ExecutedVersion: "1", body: { release: 1 } });

    const shift = ["lambda", "update-alias", "--function-name", "worker", "--name", "live", "--function-version", "2"];
    const stale = await aws.run([...shift, "--revision-id", "00000000-0000-0000-0000-000000000000"]);
    expect(stale.stderr).toMatch(/\(PreconditionFailedException\)/);
    await aws.json(...shift, "--revision-id", alias.RevisionId);
    expect(await invoke("--qualifier", "live")).toMatchObject({ ExecutedVersion: "2", body: { release: 2 } });
  });

  test("logs: tail shows what the function wrote", async () => {
    const command = ["logs", "tail", "/aws/lambda/worker", "--since", "5m"];
    const [tail, short] = await Promise.all([
      aws.text(...command),
      aws.text(...command, "--format", "short", "--filter-pattern", '"release 1"'),
    ]);

    expect(tail).toMatch(/release 1 at work/);
    expect(tail).toMatch(/release 2 at work/);
    expect(tail).toMatch(/REPORT RequestId: \S+\s+Duration: [\d.]+ ms\s+Billed Duration: \d+ ms/);
    expect(
      short
        .trimEnd()
        .split("\n")
        .every((line) => /^[\dT:-]{19} .*release 1 at work$/.test(line)),
    ).toBe(true);
  });

  test("apigateway: the API is listed, and curl reaches the function through it", async () => {
    const id = await createProxyApi(localAws.client, { name: "parcels", functionArn, stage: "prod" });

    const { items } = await aws.json<{ items: { id: string; name: string }[] }>("apigateway", "get-rest-apis");
    expect(items.map((api) => [api.id, api.name])).toEqual([[id, "parcels"]]);
    const byPath = await mustRun("curl", ["--silent", "--fail", `${localAws.stageUrl(id, "prod")}/parcels/7`]);
    expect(JSON.parse(byPath.stdout)).toEqual({ release: 2, path: "/parcels/7" });
    const host = `${id}.execute-api.localhost`;
    const byName = await mustRun("curl", [
      ...["--silent", "--fail", "--resolve", `${host}:${localAws.port}:127.0.0.1`],
      `http://${host}:${localAws.port}/prod/parcels/8`,
    ]);
    expect(JSON.parse(byName.stdout)).toEqual({ release: 2, path: "/parcels/8" });
  });

  test("resourcegroupstaggingapi: resources are found by their tags", async () => {
    const { ResourceTagMappingList } = await aws.json<{ ResourceTagMappingList: object[] }>(
      ...["resourcegroupstaggingapi", "get-resources", "--tag-filters", "Key=Team,Values=parcels"],
    );

    expect(ResourceTagMappingList).toEqual([{ ResourceARN: functionArn, Tags: [{ Key: "Team", Value: "parcels" }] }]);
  });
});

test("cloudwatch: measurements go in and come out; AWS's own names are not for customers", async () => {
  const namespace = ["cloudwatch", "put-metric-data", "--namespace"];
  const data = [2, 3.5].map((Value) => ({ MetricName: "Basket", Value, Unit: "Count" }));
  await aws.text(...namespace, "Shop", "--metric-data", JSON.stringify(data));

  const { Datapoints } = await aws.json<{ Datapoints: { Sum: number; Average: number; Unit: string }[] }>(
    ...["cloudwatch", "get-metric-statistics", "--namespace", "Shop", "--metric-name", "Basket", "--period", "86400"],
    ...["--start-time", new Date(Date.now() - 86_400_000).toISOString()],
    ...["--end-time", new Date(Date.now() + 86_400_000).toISOString(), "--statistics", "Sum"],
  );
  expect(Datapoints.reduce((sum, { Sum }) => sum + Sum, 0)).toBe(5.5);
  expect(Datapoints[0]?.Unit).toBe("Count");
  const refused = await aws.run([...namespace, "AWS/Lambda", "--metric-name", "Errors", "--value", "1"]);
  expect(refused.stderr).toMatch(/\(InvalidParameterValue\).*AWS\//);
});

test("sts and iam: a user is who they are, and proves it", async () => {
  const root = await aws.json<object>("sts", "get-caller-identity");
  expect(root).toEqual({
    UserId: "000000000000",
    Account: "000000000000",
    Arn: "arn:aws:iam::000000000000:root",
  });
  await aws.json("iam", "create-user", "--user-name", "ann");
  const { AccessKey } = await aws.json<{ AccessKey: { AccessKeyId: string; SecretAccessKey: string } }>(
    ...["iam", "create-access-key", "--user-name", "ann"],
  );
  const env = {
    ...localAws.env,
    AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey,
  };

  const identity = await aws.run(["sts", "get-caller-identity", "--output", "json"], { env });
  const forged = await aws.run(["s3api", "list-buckets"], { env: { ...env, AWS_SECRET_ACCESS_KEY: "not-the-secret" } });

  expect(JSON.parse(identity.stdout)).toMatchObject({ Arn: "arn:aws:iam::000000000000:user/ann" });
  expect(forged.stderr).toMatch(/\(SignatureDoesNotMatch\)/);
});

test("kms: what was encrypted can be decrypted, and is not readable in between", async () => {
  const { KeyMetadata } = await aws.json<{ KeyMetadata: { KeyId: string; Arn: string } }>("kms", "create-key");
  await aws.text("kms", "create-alias", "--alias-name", "alias/safe", "--target-key-id", KeyMetadata.KeyId);
  const secret = Buffer.from("the combination is 12-34-56");

  const { CiphertextBlob } = await aws.json<{ CiphertextBlob: string }>(
    ...["kms", "encrypt", "--key-id", "alias/safe", "--plaintext", `fileb://${file("secret", secret)}`],
  );
  const ciphertext = Buffer.from(CiphertextBlob, "base64");
  const decrypted = await aws.json<{ Plaintext: string; KeyId: string }>(
    ...["kms", "decrypt", "--ciphertext-blob", `fileb://${file("ciphertext", ciphertext)}`],
  );

  expect(ciphertext.includes("combination")).toBe(false);
  expect(decrypted).toMatchObject({ KeyId: KeyMetadata.Arn, Plaintext: secret.toString("base64") });
});

test("sns: a message is published", async () => {
  const { TopicArn } = await aws.json<{ TopicArn: string }>("sns", "create-topic", "--name", "news");

  const published = await aws.json<{ MessageId: string }>(
    ...["sns", "publish", "--topic-arn", TopicArn, "--subject", "hello", "--message", "world"],
  );
  const lost = await aws.run(["sns", "publish", "--topic-arn", `${TopicArn}-not`, "--message", "world"]);

  expect(published.MessageId).toMatch(/^[0-9a-f-]{36}$/);
  expect(lost.stderr).toMatch(/\(NotFound\).*Topic does not exist/);
});

test.each([
  [["dynamodb", "list-global-tables"], "dynamodb", "ListGlobalTables"],
  [["lambda", "list-layers"], "lambda", "ListLayers"],
  [["s3api", "get-bucket-website", "--bucket", "files"], "s3", "GetBucketWebsite"],
  [["iam", "list-groups"], "iam", "ListGroups"],
])("aws %j is refused at once, by name", async (words, service, operation) => {
  const refused = await aws.run([...words]);

  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain(operation);
  // One request: nothing was tried again.
  const log = await localAws.control<{ service: string; operation: string; status: number }[]>(
    "GET",
    "requests?count=20",
  );
  const mine = log.filter((entry) => entry.service === service && entry.operation === operation);
  expect(mine.map(({ status }) => status)).toHaveLength(1);
  expect(mine[0]?.status).toBeLessThan(502);
});
