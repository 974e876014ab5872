import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateAliasCommand, InvokeCommand, PublishVersionCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { type AwsClients, createAwsClients, LambdaFunctionDeployer, S3ArtifactStore } from "@slipway/aws";
import { type Artifact, packageFunction, releaseCode, systemClock } from "@slipway/release-engine";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFunction } from "./support/create-function.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder("release-code");
let local: LocalAwsProcess;
let clients: AwsClients;
let functions: LambdaFunctionDeployer;
let store: S3ArtifactStore;
let made = 0;

beforeAll(async () => {
  local = await LocalAwsProcess.start();
  clients = createAwsClients(local.client);
  functions = new LambdaFunctionDeployer(clients.lambda);
  store = new S3ArtifactStore(clients.s3);
  await clients.s3.send(new CreateBucketCommand({ Bucket: "artifacts" }));
});

afterAll(async () => {
  clients.destroy();
  await local.stop();
  folder.remove();
});

beforeEach(() => local.control("DELETE", "faults"));

/** A package whose handler answers with a text. */
async function artifact(text: string): Promise<Artifact> {
  const directory = join(folder.path, text);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "index.mjs"), `export const handler = async () => ${JSON.stringify(text)};\n`);
  return packageFunction(directory);
}

/** A function with version 1 behind the alias `live`. */
async function functionWithAlias(): Promise<string> {
  const functionName = `released-${++made}`;
  await createFunction(local.client, { name: functionName, code: "export const handler = async () => 'placeholder';" });
  await clients.lambda.send(new PublishVersionCommand({ FunctionName: functionName }));
  await clients.lambda.send(new CreateAliasCommand({ FunctionName: functionName, Name: "live", FunctionVersion: "1" }));
  return functionName;
}

async function release(functionName: string, code: Artifact) {
  const progress = { report: () => {} };
  return releaseCode(
    { store, reader: functions, deployer: functions, clock: systemClock, progress },
    { phase: "test", functionName, alias: "live", bucket: "artifacts", artifact: code },
  );
}

/** What callers of the alias get. */
async function answer(functionName: string): Promise<unknown> {
  const { Payload } = await clients.lambda.send(new InvokeCommand({ FunctionName: functionName, Qualifier: "live" }));
  return JSON.parse(Buffer.from(Payload ?? []).toString("utf8"));
}

describe("releasing code to Lambda", () => {
  it("publishes, moves the alias, and has nothing to do the second time", async () => {
    const functionName = await functionWithAlias();
    const code = await artifact("first");
    await expect(release(functionName, code)).resolves.toMatchObject({
      changed: true,
      functionVersion: "2",
      previousVersion: "1",
      artifactSha256: code.sha256,
    });
    expect(await answer(functionName)).toBe("first");
    await expect(release(functionName, code)).resolves.toMatchObject({ changed: false, functionVersion: "2" });
    // Back to code that was released before: the artifact is found, not uploaded again.
    await release(functionName, await artifact("second"));
    await expect(release(functionName, code)).resolves.toMatchObject({ changed: true, previousVersion: "3" });
    expect(await answer(functionName)).toBe("first");
  });

  it.each([
    ["PutObject", "s3"],
    ["UpdateFunctionCode", "lambda"],
    ["PublishVersion", "lambda"],
    ["UpdateAlias", "lambda"],
  ])("survives that the answer to %s is lost", async (operation, service) => {
    const functionName = await functionWithAlias();
    await local.control("POST", "faults", { kind: "lost-answer", service, operation, remaining: 1 });
    const text = `lost ${operation}`;
    await expect(release(functionName, await artifact(text))).resolves.toMatchObject({ changed: true });
    expect(await local.control<unknown[]>("GET", "faults")).toEqual([]);
    expect(await answer(functionName)).toBe(text);
  });

  it("says what AWS refused, and changes nothing that callers see", async () => {
    const functionName = await functionWithAlias();
    await local.control("POST", "faults", { kind: "throttle", service: "lambda", operation: "PublishVersion" });
    await expect(release(functionName, await artifact("throttled"))).rejects.toMatchObject({
      name: "ReleaseError",
      kind: "throttled",
      what: expect.stringContaining("lambda:PublishVersion"),
    });
    expect(await answer(functionName)).toBe("placeholder");
  });

  it("does not write over somebody else's change", async () => {
    const functionName = await functionWithAlias();
    const stale = await functions.readAlias(functionName, "live");
    await release(functionName, await artifact("theirs"));
    await expect(
      functions.moveAlias({ functionName, alias: "live", version: "1", revisionId: stale.revisionId }),
    ).rejects.toMatchObject({ name: "ReleaseError", kind: "conflict" });
    const latest = await functions.readFunction(functionName);
    await expect(
      functions.updateCode({
        functionName,
        bucket: "artifacts",
        key: "any",
        revisionId: "00000000-0000-4000-8000-000000000000",
      }),
    ).rejects.toMatchObject({ kind: "conflict" });
    expect((await functions.readFunction(functionName)).codeSha256).toBe(latest.codeSha256);
    expect(await answer(functionName)).toBe("theirs");
  });

  it("keeps an artifact as it was first stored", async () => {
    const code = await artifact("once");
    const object = { bucket: "artifacts", key: "once.zip", bytes: code.bytes, sha256Base64: code.sha256Base64 };
    expect(await store.putOnce(object)).toBe("stored");
    expect(await store.putOnce(object)).toBe("was-there");
    await expect(store.putOnce({ ...object, bucket: "no-such-bucket" })).rejects.toMatchObject({ kind: "not-found" });
  });
});
