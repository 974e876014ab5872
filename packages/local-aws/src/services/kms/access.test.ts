import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListKeysCommand,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allow, type EnforcedCore, enforcedCore, policy, type Statement } from "../../test/enforced-core.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { createKms } from "./create-kms.ts";

let enforced: EnforcedCore;
let kms: ReturnType<typeof createKms>;
let served: ServedServices;
let root: KMSClient;
let arn: string;
const clients: KMSClient[] = [];

function client(name?: string, ...statements: Statement[]): KMSClient {
  const credentials = name === undefined ? {} : { credentials: enforced.role(name, ...statements) };
  const made = new KMSClient({ ...served.client, ...credentials, maxAttempts: 1 });
  clients.push(made);
  return made;
}

beforeAll(async () => {
  enforced = enforcedCore();
  kms = createKms(enforced.core);
  served = await serveServices(enforced.core, [kms.service]);
  root = client();
  const { KeyMetadata } = await root.send(new CreateKeyCommand({ Tags: [{ TagKey: "team", TagValue: "items" }] }));
  arn = KeyMetadata?.Arn ?? "";
  await root.send(new CreateAliasCommand({ AliasName: "alias/items", TargetKeyId: arn }));
});

afterAll(async () => {
  for (const each of clients) {
    each.destroy();
  }
  await served.close();
  enforced.core.dispose();
});

const denial = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => Promise.reject(new Error("it was allowed")),
    (error: Error) => error,
  );

function needs(operation: string, input: object) {
  return kms.service.access?.[operation]?.(input as never, enforced.core.context()) ?? [];
}

describe("needs", () => {
  test("every operation has some", () => {
    const known = Object.keys(kms.service.access ?? {});
    expect(Object.keys(kms.service.operations).filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ["CreateKey", {}, ["kms:CreateKey *"]],
    [
      "CreateKey",
      { Tags: [{ TagKey: "a", TagValue: "b" }] },
      ["kms:CreateKey *", "kms:TagResource arn:aws:kms:us-east-1:000000000000:key/*"],
    ],
    ["DescribeKey", { KeyId: "alias/items" }, ["kms:DescribeKey KEY"]],
    ["GenerateRandom", { NumberOfBytes: 1 }, ["kms:GenerateRandom *"]],
    [
      "CreateAlias",
      { AliasName: "alias/new", TargetKeyId: "KEY" },
      ["kms:CreateAlias arn:aws:kms:us-east-1:000000000000:alias/new", "kms:CreateAlias KEY"],
    ],
    [
      "DeleteAlias",
      { AliasName: "alias/items" },
      ["kms:DeleteAlias arn:aws:kms:us-east-1:000000000000:alias/items", "kms:DeleteAlias KEY"],
    ],
    ["Encrypt", { KeyId: "no-key" }, ["kms:Encrypt arn:aws:kms:us-east-1:000000000000:key/no-key"]],
  ])("%s %o", (operation, input, expected) => {
    const given = Object.fromEntries(
      Object.entries(input).map(([name, value]) => [name, value === "KEY" ? arn : value]),
    );
    expect(needs(operation, given).map(({ action, resource }) => `${action} ${resource}`)).toEqual(
      expected.map((need) => need.replace("KEY", arn)),
    );
  });

  test("carry what policies ask for", () => {
    const [need] = needs("GenerateDataKey", { KeyId: "alias/items", EncryptionContext: { table: "items" } });
    expect(need).toMatchObject({
      resourcePolicy: { mode: "required" },
      conditions: {
        "aws:ResourceTag/team": "items",
        "kms:CallerAccount": "000000000000",
        "kms:RequestAlias": "alias/items",
        "kms:ResourceAliases": ["alias/items"],
        "kms:EncryptionContext:table": "items",
        "kms:EncryptionContextKeys": ["table"],
      },
    });
  });

  test("decrypting and encrypting anew are about the key that made the ciphertext", async () => {
    const { CiphertextBlob } = await root.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x") }));
    expect(needs("Decrypt", { CiphertextBlob })).toMatchObject([{ action: "kms:Decrypt", resource: arn }]);
    expect(needs("ReEncrypt", { CiphertextBlob, DestinationKeyId: "alias/items" })).toMatchObject([
      { action: "kms:ReEncryptFrom", resource: arn, conditions: { "kms:ReEncryptOnSameKey": "true" } },
      { action: "kms:ReEncryptTo", resource: arn },
    ]);
  });
});

describe("requests", () => {
  test("are allowed by exactly the permission, and denied with KMS's message without it", async () => {
    const user = client("user", allow(["kms:Encrypt", "kms:Decrypt"], arn));
    const { CiphertextBlob } = await user.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x") }));
    await user.send(new DecryptCommand({ CiphertextBlob }));
    await expect(denial(user.send(new DescribeKeyCommand({ KeyId: arn })))).resolves.toMatchObject({
      name: "AccessDeniedException",
      message: `User: arn:aws:sts::000000000000:assumed-role/user/test is not authorized to perform: kms:DescribeKey on resource: ${arn} because no identity-based policy allows the kms:DescribeKey action`,
    });
    expect((await denial(user.send(new ListKeysCommand({})))).message).toContain("kms:ListKeys on resource: *");
  });

  test("count for nothing without the consent of the key's policy, which may also allow by itself", async () => {
    const owned = await root.send(new CreateKeyCommand({}));
    const KeyId = owned.KeyMetadata?.Arn ?? "";
    const admin = client("admin", allow("kms:*", "*"));
    const named = client("named");
    await root.send(
      new PutKeyPolicyCommand({
        KeyId,
        BypassPolicyLockoutSafetyCheck: true,
        Policy: policy({
          ...allow("kms:GenerateDataKey", "*"),
          Principal: { AWS: "arn:aws:iam::000000000000:role/named" },
        }),
      }),
    );
    await named.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" }));
    expect((await denial(admin.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" })))).message).toContain(
      "because no resource-based policy allows the kms:GenerateDataKey action",
    );
  });

  test("can be bound to an encryption context", async () => {
    const condition = { Condition: { StringEquals: { "kms:EncryptionContext:table": "items" } } };
    const bound = client("bound", allow("kms:GenerateDataKey", arn, condition));
    const command = (table: string) =>
      new GenerateDataKeyCommand({ KeyId: arn, KeySpec: "AES_256", EncryptionContext: { table } });
    await bound.send(command("items"));
    await expect(denial(bound.send(command("users")))).resolves.toMatchObject({ name: "AccessDeniedException" });
  });

  test("on a key can be limited by its tags and aliases when another service uses it, too", () => {
    expect(kms.keys.keyConditions?.(arn)).toMatchObject({
      "aws:ResourceTag/team": "items",
      "kms:ResourceAliases": ["alias/items"],
    });
    expect(kms.keys.keyConditions?.("arn:aws:kms:us-east-1:000000000000:key/none")).toEqual({});
  });

  test("on AWS's own keys go through their service only", async () => {
    const keyArn = kms.keys.findKeyArn("alias/aws/s3") ?? "";
    const resourcePolicy = kms.keys.keyPolicy(keyArn);
    const caller = { "kms:CallerAccount": "000000000000" };
    enforced.role("anybody");
    const decide = (conditions: Record<string, string>) =>
      enforced.core.authorizer.decideForRole("arn:aws:iam::000000000000:role/anybody", {
        action: "kms:GenerateDataKey",
        resource: keyArn,
        conditions,
        resourcePolicy,
      }).allowed;
    expect(decide({ ...caller, "kms:ViaService": "s3.us-east-1.amazonaws.com" })).toBe(true);
    expect(decide({ ...caller, "kms:ViaService": "sns.us-east-1.amazonaws.com" })).toBe(false);
    expect(decide(caller)).toBe(false);
  });
});
