import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeBody, encodeBody } from "./content-encoding.ts";

const body = Buffer.from("hello, hello, hello");

describe("a compressed request", () => {
  test.each([
    ["gzip", gzipSync(body)],
    [" GZIP ", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["identity", body],
    ["", body],
    [undefined, body],
  ])("as '%s' is unpacked", (encoding, packed) => {
    expect(Buffer.from(decodeBody(packed, encoding)).toString()).toBe(body.toString());
  });

  test("in an encoding that API Gateway does not take is 415", () => {
    expect(() => decodeBody(body, "br")).toThrow(expect.objectContaining({ message: "Unsupported Media Type" }));
  });

  test("that is not what it says is refused", () => {
    expect(() => decodeBody(body, "gzip")).toThrow("Invalid compressed request body");
  });
});

describe("an answer", () => {
  test.each([
    ["gzip", "gzip"],
    ["deflate, gzip;q=0.5", "gzip"],
    ["*", "gzip"],
    ["gzip;q=0, deflate", "deflate"],
  ])("for a caller who takes '%s' is packed with %s", (accepted, encoding) => {
    const packed = encodeBody(body, 10, accepted);
    expect(packed?.encoding).toBe(encoding);
    const unpack = encoding === "gzip" ? gunzipSync : inflateSync;
    expect(unpack(packed?.body ?? new Uint8Array()).toString()).toBe(body.toString());
  });

  test.each([
    ["that is smaller than the threshold", body, 1_000, "gzip"],
    ["that is empty", new Uint8Array(), 0, "gzip"],
    ["for a caller who does not say", body, 0, undefined],
    ["for a caller who wants none", body, 0, "gzip;q=0.0, br"],
  ])("%s stays as it is", (_what, given, threshold, accepted) => {
    expect(encodeBody(given, threshold, accepted)).toBeUndefined();
  });
});
