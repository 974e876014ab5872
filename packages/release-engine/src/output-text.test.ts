import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { outputText } from "./output-text.ts";
import { Sensitive } from "./sensitive.ts";

describe("outputText", () => {
  const outputs = { bucket: "b", token: new Sensitive("hush"), count: 3 };

  it("reads a text, a sensitive one too", () => {
    expect(outputText(outputs, "bucket", "key")).toBe("b");
    expect(outputText(outputs, "token", "key")).toBe("hush");
  });

  it("names the output and the key that asks for it", () => {
    expect(() => outputText(outputs, "buckets", "functions[0].outputs.artifactBucket")).toThrow(
      /no Terraform output buckets\.\n {2}Why: {2}functions\[0\]\.outputs\.artifactBucket .* there is bucket, count, token/,
    );
    expect(() => outputText(outputs, "count", "key")).toThrow("The Terraform output count is no text");
    expect(() => outputText({}, "bucket", "key")).toThrow("there is no output at all");
  });
});

describe("Sensitive", () => {
  it("hides its value from text, JSON and inspection", () => {
    const secret = new Sensitive({ password: "hush" });

    expect(`${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain("hush");
    expect(secret.reveal()).toEqual({ password: "hush" });
  });
});
