import { expect, test } from "vitest";
import { runScenario } from "./scenario.ts";

test("an API that answers everything alike fails nearly every step", async () => {
  const findings = await runScenario(async () => ({
    statusCode: 200,
    headers: { "content-type": "application/json" },
    body: '{"status":"ok"}',
  }));

  expect(findings).toContain('create: answered 200, not 201: {"status":"ok"}');
  expect(findings).toContain('read: has the header etag: undefined, not "1"');
  expect(findings).toContain("next page: has []");
  expect(findings.some((finding) => finding.startsWith("health:"))).toBe(false);
  expect(findings.length).toBeGreaterThan(25);
});

test("a problem must name its places, its request and nothing else", async () => {
  const findings = await runScenario(async ({ path, query }) => {
    const errors =
      query?.limit === "0"
        ? [
            { detail: "too small", parameter: "limit" },
            { detail: "", parameter: "x" },
          ]
        : [];
    const body = {
      type: "about:blank",
      title: "Bad",
      status: 400,
      detail: "Bad",
      instance: path,
      requestId: "r",
      errors,
    };
    return {
      statusCode: 400,
      multiValueHeaders: { "Content-Type": ["application/problem+json"] },
      body: JSON.stringify(body),
    };
  });

  const ofLimit = findings.filter((finding) => finding.startsWith("limit of none: "));
  expect(ofLimit.map((finding) => finding.split(": ")[1])).toEqual([
    "has a wrong type",
    "has a wrong requestId",
    "has a wrong errors",
  ]);
});
