import { describe, expect, it, test } from "vitest";
import { normaliseMessage } from "./normalise-message.ts";

describe("normaliseMessage", () => {
  test.each([
    ["item 42 took -1.5e3 ms", "item <number> took <number> ms"],
    ["1,234,567 of 3_000", "<number> of <number>"],
    ["79b4f56e-95b1-4f1a-8f5c-e2f1a8a7c001 is gone", "<uuid> is gone"],
    ["since 2026-11-28T09:00:00.123Z and 2026-11-28 09:00 and 2026-11-28", "since <time> and <time> and <time>"],
    ["table arn:aws:dynamodb:eu-west-1:123456789012:table/items, index 3", "table <arn>, index <number>"],
    ["arn:aws-us-gov:lambda:x:1:function:f failed", "<arn> failed"],
    [
      "GET https://api.example.com/items/4f1a/tags?q=1#x failed",
      "GET https://api.example.com/items/<id>/tags?<query> failed",
    ],
    ["postgres://db.internal:5432/items refused", "postgres://db.internal:<number>/items refused"],
    ["connect ECONNREFUSED 10.0.0.7:443", "connect ECONNREFUSED <ip>"],
    ["unknown field \"name\" in `items` of 'x y'", "unknown field <value> in <value> of <value>"],
    ["can't find the user's item, don't ask", "can't find the user's item, don't ask"],
    ["mail to someone@example.com bounced", "mail to <address> bounced"],
    ["at 0xDEADBEEF and deadbeef12 and 123456789012", "at <hex> and <hex> and <number>"],
    ["key AKIAIOSFODNN7EXAMPLE is no feedfacefeedface", "key <id> is no feedfacefeedface"],
    ["several\n  lines\tof   text ", "several lines of text"],
    ["ConditionalCheckFailedException", "ConditionalCheckFailedException"],
    ["", ""],
  ])("%s", (message, normalised) => {
    expect(normaliseMessage(message)).toBe(normalised);
    expect(normaliseMessage(normalised)).toBe(normalised);
  });

  it("is cut between characters", () => {
    const cut = normaliseMessage("x".repeat(298) + "😀".repeat(10));

    expect(cut).toBe(`${"x".repeat(298)}…`);
    expect(cut.isWellFormed()).toBe(true);
  });
});
