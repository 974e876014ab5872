import { describe, expect, it } from "vitest";
import { corsHeaders } from "./cors-headers.ts";

const allowed = ["https://app.example.com", "https://admin.example.com"];

describe("corsHeaders", () => {
  it("echoes an origin of the list", () => {
    expect(corsHeaders(allowed, "https://admin.example.com", undefined)).toEqual({
      Vary: "Origin",
      "Access-Control-Allow-Origin": "https://admin.example.com",
      "Access-Control-Expose-Headers": "ETag, Idempotent-Replayed, Location, Retry-After",
    });
  });

  it.each([undefined, "null", "https://app.example.com.evil.test", "http://app.example.com", "*"])(
    "allows nothing to %s, but lets caches know",
    (origin) => {
      expect(corsHeaders(allowed, origin, undefined)).toEqual({ Vary: "Origin" });
      expect(corsHeaders(allowed, origin, "GET")).toEqual({ Vary: "Origin" });
    },
  );

  it("answers a preflight", () => {
    expect(corsHeaders(allowed, "https://app.example.com", "GET, PUT")).toEqual({
      Vary: "Origin",
      "Access-Control-Allow-Origin": "https://app.example.com",
      "Access-Control-Allow-Methods": "GET, PUT",
      "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
      "Access-Control-Max-Age": "600",
    });
  });

  it("allows any origin with *", () => {
    const headers = corsHeaders(["*"], "https://anything.test", undefined);
    expect(headers["Access-Control-Allow-Origin"]).toBe("*");
    expect(headers).not.toHaveProperty("Vary");
  });

  it("sends no headers when no origin is configured", () => {
    expect(corsHeaders([], "https://app.example.com", "GET")).toEqual({});
  });
});
