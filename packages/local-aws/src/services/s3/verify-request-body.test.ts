import { expect, test } from "vitest";
import { checksumOf } from "./checksum.ts";
import { verifyRequestBody } from "./verify-request-body.ts";

const body = Buffer.from("<Delete/>");

test("a body that fits its checksums, or has none, passes", () => {
  verifyRequestBody({ headers: {}, body });
  verifyRequestBody({ headers: { "content-md5": checksumOf("MD5", body) }, body });
  verifyRequestBody({ headers: { "x-amz-checksum-crc32": checksumOf("CRC32", body) }, body });
});

test.each(["content-md5", "x-amz-checksum-crc32", "x-amz-checksum-sha256"])(
  "a body that does not fit its %s is refused",
  (header) => {
    const name = { "content-md5": "MD5", "x-amz-checksum-crc32": "CRC32", "x-amz-checksum-sha256": "SHA256" } as const;
    const other = checksumOf(name[header as keyof typeof name], Buffer.from("other"));
    expect(() => verifyRequestBody({ headers: { [header]: other }, body })).toThrow(
      expect.objectContaining({ code: "BadDigest" }),
    );
  },
);
