import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Credential } from "../core/credentials.ts";
import type { HttpRequest } from "../core/service.ts";
import { equalHex, readClaim, verifySignature } from "./sigv4.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const AT = "20150830T123600Z";
const NOW = Date.parse("2015-08-30T12:36:00Z");
const CREDENTIAL: Credential = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: SECRET,
  principal: { type: "root", arn: "arn:aws:iam::000000000000:root", userId: "0", accountId: "000000000000" },
  status: "Active",
};

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function request(over: Partial<Pick<HttpRequest, "method" | "path" | "rawQuery" | "rawHeaders">>): HttpRequest {
  const { method = "GET", path = "/", rawQuery = "", rawHeaders = [] } = over;
  const headers: Record<string, string> = {};
  for (const [name, value] of rawHeaders) {
    const key = name.toLowerCase();
    // As Node joins them.
    headers[key] = headers[key] === undefined ? value.trim() : `${headers[key]}, ${value.trim()}`;
  }
  return {
    ...{ method, path, rawQuery, rawHeaders, headers, query: new URLSearchParams(rawQuery) },
    body: new Uint8Array(),
    remoteAddress: "127.0.0.1",
  };
}

/** Signs a canonical request that the test wrote down by hand. */
function signature(canonical: string | Buffer, service: string): string {
  const scope = `20150830/us-east-1/${service}/aws4_request`;
  const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, "20150830"), "us-east-1"), service), "aws4_request");
  return hmac(key, `AWS4-HMAC-SHA256\n${AT}\n${scope}\n${sha256(canonical)}`).toString("hex");
}

function authorization(canonical: string | Buffer, signedHeaders: string, service: string): readonly [string, string] {
  const credential = `AKIDEXAMPLE/20150830/us-east-1/${service}/aws4_request`;
  return [
    "Authorization",
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature(canonical, service)}`,
  ];
}

function verify(signed: HttpRequest): unknown {
  const claim = readClaim(signed);
  expect(claim).toBeDefined();
  return claim && verifySignature(signed, claim, () => CREDENTIAL, NOW).credential;
}

const COMMON = [
  ["Host", "example.amazonaws.com"],
  ["X-Amz-Date", AT],
] as const;
const EMPTY = sha256("");

describe("a signature holds", () => {
  // From AWS's own SigV4 test suite ("get-vanilla"), so that this test does not only agree with itself.
  it("of AWS's example", () => {
    const published = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    const header = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${published}`;
    expect(verify(request({ rawHeaders: [...COMMON, ["Authorization", header]] }))).toBe(CREDENTIAL);
  });

  it.each([
    [
      "sent several times",
      [
        ["My-Header", "value1"],
        ["My-Header", "value3,  value2 "],
      ],
      "my-header:value1,value3, value2",
    ],
    ["with a comma of its own", [["My-Header", "a, b,c"]], "my-header:a, b,c"],
    ["with spaces and tabs inside", [["My-Header", "a   b \t c\td"]], "my-header:a b c d"],
  ] as const)("over a header %s", (_case, sent, canonicalHeader) => {
    const canonical = `GET\n/\n\nhost:example.amazonaws.com\n${canonicalHeader}\nx-amz-date:${AT}\n\nhost;my-header;x-amz-date\n${EMPTY}`;
    const signed = authorization(canonical, "host;my-header;x-amz-date", "service");
    expect(verify(request({ rawHeaders: [...COMMON, ...sent, signed] }))).toBe(CREDENTIAL);
  });

  it.each([
    ["in UTF-8, which arrives as one character for a byte", Buffer.from("Grüße").toString("latin1")],
    ["in Latin-1, signed as UTF-8 (the JavaScript SDK)", "Grüße"],
  ])("over a header %s", (_case, arrived) => {
    const canonical = Buffer.from(
      `GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:${AT}\nx-amz-meta-name:Grüße\n\nhost;x-amz-date;x-amz-meta-name\n${EMPTY}`,
    );
    const signed = authorization(canonical, "host;x-amz-date;x-amz-meta-name", "s3");
    expect(verify(request({ rawHeaders: [...COMMON, ["x-amz-meta-name", arrived], signed] }))).toBe(CREDENTIAL);
  });

  it.each([
    ["lambda", "//2015-03-31/./functions/a/../b%3Ac/", "/2015-03-31/functions/b%253Ac/"],
    ["lambda", "/..", "/"],
    ["s3", "/bucket//a/../b%3Ac", "/bucket//a/../b%3Ac"],
  ])("over %s's path %s", (service, path, canonicalPath) => {
    const canonical = `GET\n${canonicalPath}\n\nhost:example.amazonaws.com\nx-amz-date:${AT}\n\nhost;x-amz-date\n${EMPTY}`;
    const signed = authorization(canonical, "host;x-amz-date", service);
    expect(verify(request({ path, rawHeaders: [...COMMON, signed] }))).toBe(CREDENTIAL);
  });

  it("over a query with an escaped plus, a bare name and equal names", () => {
    const canonical =
      `GET\n/\na=%2B&a=1&b=&z=%20\n\nhost:example.amazonaws.com\nx-amz-date:${AT}\n\nhost;x-amz-date\n${EMPTY}`.replace(
        "\n\nhost:",
        "\nhost:",
      );
    const signed = authorization(canonical, "host;x-amz-date", "service");
    expect(verify(request({ rawQuery: "z=%20&b&a=1&a=%2B", rawHeaders: [...COMMON, signed] }))).toBe(CREDENTIAL);
  });
});

describe("a presigned URL", () => {
  function presigned(date: string): HttpRequest {
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${date}&X-Amz-Expires=60&X-Amz-Security-Token=t%2Bok%3D&X-Amz-SignedHeaders=host`;
    const canonical = `GET\n/b/k\n${query}\nhost:example.amazonaws.com\n\nhost\nUNSIGNED-PAYLOAD`;
    return request({
      path: "/b/k",
      rawQuery: `${query}&X-Amz-Signature=${signature(canonical, "s3")}`,
      rawHeaders: [["Host", "example.amazonaws.com"]],
    });
  }

  it("holds with the token of its session, and not with another", () => {
    const signed = presigned(AT);
    const claim = readClaim(signed);
    const session = (sessionToken: string): Credential => ({ ...CREDENTIAL, sessionToken });
    const check = (token: string) => claim && verifySignature(signed, claim, () => session(token), NOW);
    expect(check("t+ok=")).toBeDefined();
    expect(() => check("another")).toThrow(/security token/);
  });

  it("of the future is not valid yet", () => {
    expect(() => verify(presigned("20150830T133600Z"))).toThrow(/not valid yet/);
  });
});

it("a signature that is no digest is refused, not stumbled over", () => {
  expect(equalHex("abcd", "ab\u0130d")).toBe(false);
  expect(equalHex("abcd", "ab\u00FFd")).toBe(false);
  expect(equalHex("abcd", "ABCD")).toBe(true);
});
