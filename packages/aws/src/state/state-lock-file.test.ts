import { NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { stateLockFile } from "./state-lock-file.ts";

const where = { bucket: "states", key: "prod/terraform.tfstate" };
/** As Terraform 1.11 writes it. */
const LOCK = {
  ...{ ID: "1-2-3", Operation: "OperationTypeApply", Info: "", Who: "jane@build-7", Version: "1.11.4" },
  ...{ Created: "2026-11-28T12:00:03.123456789Z", Path: "states/prod/terraform.tfstate" },
};

/** S3 with one object, or without it. */
function s3With(text: string | undefined): S3Client {
  const send = async ({ input }: { input: unknown }) => {
    expect(input).toEqual({ Bucket: "states", Key: "prod/terraform.tfstate.tflock" });
    if (text === undefined) {
      throw new NoSuchKey({ message: "no such key", $metadata: {} });
    }
    return { Body: { transformToString: async () => text } };
  };
  return { send } as unknown as S3Client;
}

it("says who holds a state's lock, in Terraform's words", async () => {
  expect(await stateLockFile(s3With(JSON.stringify(LOCK)), where)).toEqual({
    ...{ id: "1-2-3", who: "jane@build-7", operation: "OperationTypeApply" },
    created: "2026-11-28T12:00:03.123456789Z",
  });
});

it("says that nobody does", async () => {
  expect(await stateLockFile(s3With(undefined), where)).toBeUndefined();
});

it.each(["", "{}", "no JSON"])("takes no lock for none because it says nothing: %j", async (text) => {
  await expect(stateLockFile(s3With(text), where)).rejects.toMatchObject({
    kind: "busy",
    next: expect.stringContaining("aws s3 rm s3://states/prod/terraform.tfstate.tflock"),
  });
});
