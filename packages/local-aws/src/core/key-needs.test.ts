import { expect, it } from "vitest";
import { keyNeeds, serviceKeyNeeds } from "./key-needs.ts";
import type { KeyDirectory } from "./ports.ts";

const keyArn = "arn:aws:kms:us-east-1:000000000000:key/k1";
const keys: KeyDirectory = {
  findKeyArn: (key) => key,
  keyPolicy: (arn) => ({ name: `key policy of ${arn}`, document: "{}", mode: "required" }),
  keyConditions: () => ({ "aws:ResourceTag/Environment": "prod", "kms:ResourceAliases": ["alias/state"] }),
};
const use = { keyArn, actions: ["kms:Decrypt"], encryptionContext: { "aws:s3:arn": "arn:aws:s3:::state" } };

it("what a service does with a key in the caller's name can be told from what the caller does, and by the key's tags", () => {
  const [need] = keyNeeds(keys, "s3", use, { region: "us-east-1", accountId: "000000000000" });
  expect(need).toMatchObject({
    action: "kms:Decrypt",
    resource: keyArn,
    resourcePolicy: { mode: "required" },
    conditions: {
      "kms:ViaService": "s3.us-east-1.amazonaws.com",
      "kms:CallerAccount": "000000000000",
      "aws:ViaAWSService": "true",
      "aws:ResourceTag/Environment": "prod",
      "kms:ResourceAliases": ["alias/state"],
      "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::state",
    },
  });
});

it("a service that acts by itself is nobody's", () => {
  const conditions = serviceKeyNeeds(keys, use)[0]?.conditions;
  expect(conditions).not.toHaveProperty("kms:CallerAccount");
  expect(conditions).not.toHaveProperty("aws:ViaAWSService");
  expect(conditions).toHaveProperty("aws:ResourceTag/Environment", "prod");
});
