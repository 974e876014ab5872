import { describe, expect, test } from "vitest";
import { checksumOf, compositeChecksum, givenChecksum, verifyBody } from "./checksum.ts";
import { crc32c } from "./crc32c.ts";
import { crc64nvme } from "./crc64nvme.ts";

// The check value of a CRC is its result for these nine bytes; see the catalogue of parametrised CRC algorithms.
const CHECK = Buffer.from("123456789");

describe("checksums", () => {
  test("match their published check values", () => {
    expect(crc32c(CHECK)).toBe(0xe3069283);
    expect(crc64nvme(CHECK).toString("hex")).toBe("ae8b14860a799888");
    expect(checksumOf("CRC32", CHECK)).toBe(Buffer.from("cbf43926", "hex").toString("base64"));
    expect(Buffer.from(checksumOf("MD5", CHECK), "base64").toString("hex")).toBe("25f9e794323b453885f5181f1b624d0b");
  });

  test("CRC32C of 32 zero bytes is that of RFC 3720", () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });

  test("a composite checksum is the checksum of the parts' checksums", () => {
    const parts = [checksumOf("SHA256", Buffer.from("a")), checksumOf("SHA256", Buffer.from("b"))];
    const raw = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
    expect(compositeChecksum("SHA256", parts)).toBe(`${checksumOf("SHA256", raw)}-2`);
  });
});

describe("verifyBody", () => {
  test("keeps what was given, else what was named, else CRC64NVME", () => {
    expect(verifyBody(CHECK, { ChecksumCRC32: checksumOf("CRC32", CHECK) })).toMatchObject({ algorithm: "CRC32" });
    expect(verifyBody(CHECK, { ChecksumAlgorithm: "sha1" })).toMatchObject({ algorithm: "SHA1" });
    expect(verifyBody(CHECK, {})).toMatchObject({ algorithm: "CRC64NVME", type: "FULL_OBJECT" });
  });

  test.each([
    [{ ChecksumCRC32: "AAAAAA==" }, "BadDigest"],
    [{ ChecksumSHA256: "AAAAAA==" }, "InvalidRequest"],
    [{ ContentMD5: checksumOf("MD5", Buffer.from("other")) }, "BadDigest"],
    [{ ContentMD5: "short" }, "InvalidDigest"],
    [{ ChecksumAlgorithm: "XXHASH64" }, "NotImplemented"],
  ])("refuses %j with %s", (input, code) => {
    expect(() => verifyBody(CHECK, input)).toThrow(expect.objectContaining({ code }));
  });

  test("refuses two checksums at once", () => {
    expect(() => givenChecksum({ ChecksumSHA1: "x", ChecksumCRC32: "y" })).toThrow(/Multiple checksum/);
  });
});
