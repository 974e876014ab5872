import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsClients, createAwsClients } from "../create-aws-clients.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { S3StateStore } from "./s3-state-store.ts";
import { otherS3States } from "./state-sources.ts";

let fixture: LocalAwsFixture;
let clients: AwsClients;
const Bucket = "states";
let count = 0;

beforeAll(async () => {
  fixture = await localAwsFixture();
  clients = createAwsClients(fixture.client);
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
  await clients.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
});

afterAll(async () => {
  clients?.destroy();
  await fixture?.close();
});

const state = (serial: number, lineage = "l") =>
  JSON.stringify({ version: 4, serial, lineage, outputs: {}, resources: [] });

/** A state of its own for each test. */
function arrange() {
  const key = `env${++count}/terraform.tfstate`;
  const put = async (Body: string, Key = key) =>
    (await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? "";
  return { key, put, store: new S3StateStore(clients.s3, { bucket: Bucket, key }) };
}

describe("versions", () => {
  it("lists those of the state alone, with the mark of a deletion, over pages, newest first", async () => {
    const { key, put, store } = arrange();
    const ids = [await put(state(1)), await put("damaged")];
    await put("{}", `${key}.tflock`);
    await clients.s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    const send = clients.s3.send.bind(clients.s3);
    const paged = Object.assign(Object.create(clients.s3), {
      send: (command: { input: object }, options?: object) =>
        send(
          (command instanceof ListObjectVersionsCommand
            ? new ListObjectVersionsCommand({ ...command.input, MaxKeys: 1 })
            : command) as never,
          options as never,
        ),
    });

    const versions = await new S3StateStore(paged, { bucket: Bucket, key }).versions();

    expect(versions.map(({ isPresent, isDeletion }) => [isPresent, isDeletion])).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ]);
    expect(versions.slice(1).map(({ id }) => id)).toEqual(ids.toReversed());
    expect(versions[2]).toMatchObject({ bytes: state(1).length, at: expect.any(Number) });
    expect(await store.present()).toBeUndefined();
    expect(await store.readVersion(ids[0] ?? "")).toMatchObject({ text: state(1), state: { serial: 1, lineage: "l" } });
    expect(await store.readVersion(ids[1] ?? "")).toMatchObject({
      ...{ text: "damaged", state: undefined, problem: "it is no JSON document" },
    });
  });

  it("says what it could not look at, and when it was asked to stop", async () => {
    const nowhere = new S3StateStore(clients.s3, { bucket: "nowhere", key: "k" });
    const what = "s3:ListBucketVersions failed for s3://nowhere";
    await expect(nowhere.versions()).rejects.toMatchObject({ kind: "not-found", what });
    await expect(arrange().store.versions(AbortSignal.abort())).rejects.toMatchObject({ kind: "interrupted" });
  });
});

describe("backups", () => {
  it("keeps copies under names of their own, and takes none for a state of somebody's", async () => {
    const { key, put, store } = arrange();
    await put(state(3));
    expect(await store.backups()).toEqual([]);
    expect(await store.writeBackup("first", state(3))).toBe("written");
    expect(await store.writeBackup("first", state(4))).toBe("there");
    expect(await store.readBackup("first")).toMatchObject({ text: state(3), state: { serial: 3 } });
    expect(await store.readBackup("second")).toBeUndefined();
    expect(await store.backups()).toEqual([{ name: "first", at: expect.any(Number), bytes: state(3).length }]);
    expect(await store.versions()).toHaveLength(1);
    expect(await otherS3States(clients.s3, Bucket, [key]).read()).toBeUndefined();
  });
});

describe("replace", () => {
  it("writes only over what was seen", async () => {
    const { key, put, store } = arrange();
    await put(state(1));
    const seen = (await store.present())?.tag ?? "";
    await put(state(2));
    const changed = { kind: "conflict", what: `s3://states/${key} is not any more what it was when it was looked at` };
    await expect(store.replace(state(9), seen)).rejects.toMatchObject(changed);
    await expect(store.replace(state(9), undefined)).rejects.toMatchObject(changed);
    const { versionId } = await store.replace(state(9), (await store.present())?.tag);
    expect(await store.present()).toMatchObject({ text: state(9) });
    expect((await store.versions())[0]?.id).toBe(versionId);
  });

  it("writes where nothing is, and not where something was deleted meanwhile", async () => {
    const { key, store } = arrange();
    await store.replace(state(1), undefined);
    const { tag } = (await store.present()) ?? {};
    await clients.s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    await expect(store.replace(state(2), tag)).rejects.toMatchObject({ kind: "conflict" });
    await store.replace(state(2), undefined);
    expect(await store.present()).toMatchObject({ state: { serial: 2 } });
  });
});

describe("a write whose answer is lost", () => {
  it("is written once, and can be told from somebody else's", async () => {
    const { put, store } = arrange();
    await put(state(1));
    const { tag } = (await store.present()) ?? {};
    await fixture.plantFault({ kind: "lost-answer", service: "s3", operation: "PutObject", remaining: 1 });
    // The SDK sends it again, and then the condition does not hold any more.
    await expect(store.replace(state(2), tag)).rejects.toMatchObject({ kind: "conflict" });
    expect(await store.present()).toMatchObject({ text: state(2) });
    expect(await store.versions()).toHaveLength(2);
    await fixture.clearFaults();
  });
});

describe("lock", () => {
  it("is Terraform's own", async () => {
    const { key, put, store } = arrange();
    expect(await store.lock()).toBeUndefined();
    await put(JSON.stringify({ ID: "l-1", Who: "joe@build" }), `${key}.tflock`);
    expect(await store.lock()).toMatchObject({ id: "l-1", who: "joe@build" });
  });
});
