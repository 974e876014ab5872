import { describe, expect, it } from "vitest";
import { bearerToken } from "./bearer-token.ts";

describe("bearerToken", () => {
  it.each(["Bearer a.b-c.d_e", "bearer a.b-c.d_e", "BEARER  a.b-c.d_e"])("reads %s", (header) => {
    expect(bearerToken(header)).toBe("a.b-c.d_e");
  });

  it.each([
    ["nothing", undefined],
    ["an empty header", ""],
    ["the scheme alone", "Bearer "],
    ["another scheme", "Basic YTpi"],
    ["no scheme", "a.b.c"],
    ["a scheme that only begins so", "BearerX a.b.c"],
    ["two tokens", "Bearer a.b.c d.e.f"],
    ["a list", "Bearer a.b.c, Bearer d.e.f"],
    ["something before it", " Bearer a.b.c"],
    ["a line end", "Bearer a.b.c\n"],
    ["other characters", "Bearer a.b.ç"],
    ["more than API Gateway lets through", `Bearer ${"a".repeat(10_240)}`],
    ["an object", { token: "a.b.c" }],
  ])("refuses %s", (_what, header) => {
    expect(() => bearerToken(header)).toThrow(expect.objectContaining({ reason: "malformed" }));
  });
});
