import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createKms } from "./create-kms.ts";

const DAY_MS = 86_400_000;
let core: TestCore;
let ports: ReturnType<typeof createKms>;
let served: ServedServices;
let kms: KMSClient;

beforeEach(async () => {
  core = testCore();
  ports = createKms(core);
  served = await serveServices(core, [ports.service]);
  kms = new KMSClient({ ...served.client, maxAttempts: 1 });
});
afterEach(async () => {
  kms.destroy();
  await served.close();
  core.dispose();
});

async function createKey(input: object = {}): Promise<{ id: string; arn: string }> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand(input));
  return { id: KeyMetadata?.KeyId ?? "", arn: KeyMetadata?.Arn ?? "" };
}

const encrypt = (KeyId: string, text: string, EncryptionContext?: Record<string, string>) =>
  kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(text), EncryptionContext }));

describe("keys", () => {
  test("come back as they were made", async () => {
    const key = await createKey({ Description: "for tables", Tags: [{ TagKey: "a", TagValue: "1" }] });
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: key.arn }));
    expect(KeyMetadata).toMatchObject({
      KeyId: key.id,
      Arn: `arn:aws:kms:us-east-1:000000000000:key/${key.id}`,
      Description: "for tables",
      Enabled: true,
      KeyState: "Enabled",
      KeyManager: "CUSTOMER",
      KeySpec: "SYMMETRIC_DEFAULT",
      KeyUsage: "ENCRYPT_DECRYPT",
      Origin: "AWS_KMS",
      MultiRegion: false,
    });
    await kms.send(new TagResourceCommand({ KeyId: key.id, Tags: [{ TagKey: "b", TagValue: "2" }] }));
    await kms.send(new UntagResourceCommand({ KeyId: key.id, TagKeys: ["a"] }));
    const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId: key.id }));
    expect(Tags).toEqual([{ TagKey: "b", TagValue: "2" }]);
    expect(ports.tags.taggedResources()).toEqual([{ arn: key.arn, type: "kms:key", tags: { b: "2" } }]);
    expect(ports.service.inventory?.()).toEqual([`AWS::KMS::Key ${key.id}`]);
  });

  test("lists are paged", async () => {
    const made = [await createKey(), await createKey(), await createKey()].map(({ id }) => id).sort();
    const first = await kms.send(new ListKeysCommand({ Limit: 2 }));
    const second = await kms.send(new ListKeysCommand({ Limit: 2, Marker: first.NextMarker }));
    expect([first.Truncated, second.Truncated]).toEqual([true, false]);
    expect([...(first.Keys ?? []), ...(second.Keys ?? [])].map(({ KeyId }) => KeyId)).toEqual(made);
  });

  test.each([
    [{ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }, /RSA_2048/],
    [{ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" }, /HMAC_256/],
    [{ MultiRegion: true }, /multi-Region/],
    [{ Origin: "EXTERNAL" }, /EXTERNAL/],
  ])("%j are refused by name", async (input, message) => {
    await expect(createKey(input)).rejects.toMatchObject({
      name: "UnsupportedOperationException",
      message: expect.stringMatching(message),
    });
  });

  test("a policy that locks its owner out is refused unless asked for", async () => {
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "kms:*", Resource: "*" }],
    });
    await expect(createKey({ Policy })).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
    const key = await createKey({ Policy, BypassPolicyLockoutSafetyCheck: true });
    expect((await kms.send(new GetKeyPolicyCommand({ KeyId: key.id }))).Policy).toBe(Policy);
    await expect(kms.send(new PutKeyPolicyCommand({ KeyId: key.id, Policy: "not json" }))).rejects.toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
  });

  test("a deletion waits for its date on the clock and takes the aliases along", async () => {
    const key = await createKey();
    await kms.send(new CreateAliasCommand({ AliasName: "alias/doomed", TargetKeyId: key.id }));
    const scheduled = await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }));
    expect(scheduled.KeyState).toBe("PendingDeletion");
    await expect(encrypt(key.id, "x")).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    expect(ports.service.inventory?.()).toEqual(["AWS::KMS::Alias alias/doomed"]);

    await kms.send(new CancelKeyDeletionCommand({ KeyId: key.id }));
    await core.clock.advance(8 * DAY_MS);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: key.id }));
    expect(KeyMetadata).toMatchObject({ KeyState: "Disabled" });

    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }));
    await core.clock.advance(7 * DAY_MS);
    await expect(kms.send(new DescribeKeyCommand({ KeyId: key.id }))).rejects.toMatchObject({
      name: "NotFoundException",
    });
    expect((await kms.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
  });

  test("a deletion that was pending when local AWS stopped is carried out after it", async () => {
    const key = await createKey();
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }));
    await ports.service.close?.();
    const restarted = createKms(core);
    await core.clock.advance(7 * DAY_MS);
    expect(restarted.keys.findKeyArn(key.id)).toBeUndefined();
    await restarted.service.close?.();
  });
});

describe("aliases", () => {
  test("name a key until they name another", async () => {
    const [one, other] = [await createKey(), await createKey()];
    const AliasName = "alias/app/main";
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: one.id }));
    await expect(kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: other.id }))).rejects.toMatchObject({
      name: "AlreadyExistsException",
    });
    expect(ports.keys.findKeyArn(AliasName)).toBe(one.arn);
    await kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: other.arn }));
    expect(ports.keys.findKeyArn(`arn:aws:kms:us-east-1:000000000000:${AliasName}`)).toBe(other.arn);
    const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: other.id }));
    expect(Aliases).toMatchObject([{ AliasName, TargetKeyId: other.id }]);
    await kms.send(new DeleteAliasCommand({ AliasName }));
    expect(ports.keys.findKeyArn(AliasName)).toBeUndefined();
  });

  test("of AWS belong to AWS, and their keys appear when they are needed", async () => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/aws/s3" }));
    expect(KeyMetadata?.KeyManager).toBe("AWS");
    expect(ports.keys.findKeyArn("alias/aws/s3")).toBe(KeyMetadata?.Arn);
    expect(ports.service.inventory?.()).toEqual([]);
    await expect(
      kms.send(new CreateAliasCommand({ AliasName: "alias/aws/mine", TargetKeyId: (await createKey()).id })),
    ).rejects.toMatchObject({ name: "NotAuthorizedException" });
    await expect(kms.send(new ScheduleKeyDeletionCommand({ KeyId: KeyMetadata?.KeyId }))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });
});

describe("encryption", () => {
  test("what was encrypted is decrypted with the same context only", async () => {
    const key = await createKey();
    const { CiphertextBlob } = await encrypt(key.id, "secret", { table: "items", env: "prod" });
    expect(Buffer.from(CiphertextBlob ?? []).includes("secret")).toBe(false);
    const opened = await kms.send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext: { env: "prod", table: "items" } }),
    );
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe("secret");
    expect(opened.KeyId).toBe(key.arn);
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
    const tampered = Uint8Array.from(CiphertextBlob ?? []);
    tampered[tampered.length - 20] = (tampered[tampered.length - 20] ?? 0) ^ 1;
    await expect(
      kms.send(new DecryptCommand({ CiphertextBlob: tampered, EncryptionContext: { env: "prod", table: "items" } })),
    ).rejects.toMatchObject({ name: "InvalidCiphertextException" });
  });

  test("a named key has to be the right one, and enabled", async () => {
    const [key, other] = [await createKey(), await createKey()];
    const { CiphertextBlob } = await encrypt(key.id, "x");
    await expect(kms.send(new DecryptCommand({ CiphertextBlob, KeyId: other.id }))).rejects.toMatchObject({
      name: "IncorrectKeyException",
    });
    await kms.send(new DisableKeyCommand({ KeyId: key.id }));
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({ name: "DisabledException" });
    await kms.send(new EnableKeyCommand({ KeyId: key.id }));
    expect((await kms.send(new DecryptCommand({ CiphertextBlob, KeyId: key.id }))).KeyId).toBe(key.arn);
  });

  test("ciphertexts move to another key and survive rotation", async () => {
    const [key, other] = [await createKey(), await createKey()];
    const { CiphertextBlob } = await encrypt(key.id, "x");
    const moved = await kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: other.id }));
    expect(moved).toMatchObject({ SourceKeyId: key.arn, KeyId: other.arn });
    expect((await kms.send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }))).KeyId).toBe(other.arn);

    await kms.send(new EnableKeyRotationCommand({ KeyId: key.id, RotationPeriodInDays: 90 }));
    const before = await kms.send(new DescribeKeyCommand({ KeyId: key.id }));
    await core.clock.advance(91 * DAY_MS);
    const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId: key.id }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
    const after = await kms.send(new DescribeKeyCommand({ KeyId: key.id }));
    expect(after.KeyMetadata?.CurrentKeyMaterialId).not.toBe(before.KeyMetadata?.CurrentKeyMaterialId);
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe("x");
  });

  test("data keys come with their own ciphertext", async () => {
    const key = await createKey();
    const made = await kms.send(new GenerateDataKeyCommand({ KeyId: key.id, KeySpec: "AES_256" }));
    expect(made.Plaintext).toHaveLength(32);
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(Buffer.from(opened.Plaintext ?? []).equals(Buffer.from(made.Plaintext ?? []))).toBe(true);
    const sealed = await kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: key.id, NumberOfBytes: 64 }));
    expect("Plaintext" in sealed).toBe(false);
    expect((await kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }))).Plaintext).toHaveLength(64);
    await expect(
      kms.send(new GenerateDataKeyCommand({ KeyId: key.id, KeySpec: "AES_256", NumberOfBytes: 1 })),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("more than 4096 bytes are refused", async () => {
    const key = await createKey();
    await expect(encrypt(key.id, "x".repeat(4097))).rejects.toMatchObject({ name: "ValidationException" });
  });

  test.each([
    ["alias/none", "NotFoundException"],
    ["00000000-0000-4000-8000-000000000000", "NotFoundException"],
    ["arn:aws:kms:us-east-1:000000000000:key/none", "NotFoundException"],
  ])("the key %s is not there", async (KeyId, name) => {
    await expect(encrypt(KeyId, "x")).rejects.toMatchObject({ name });
  });
});
