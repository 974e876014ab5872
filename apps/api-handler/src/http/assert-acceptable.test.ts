import { describe, expect, it } from "vitest";
import { makeRequest } from "../test/make-request.ts";
import { assertAcceptable } from "./assert-acceptable.ts";

const ask = (accept: string) => () => assertAcceptable(makeRequest("GET", "/items", { headers: { accept } }));

describe("assertAcceptable", () => {
  it.each([
    "",
    "application/json",
    "application/json; charset=utf-8",
    "*/*",
    "text/html, application/xhtml+xml, */*;q=0.8",
    "APPLICATION/*;q=0.1",
    "text/html;q=1, application/json;q=0.001",
    "application/json;q=nonsense",
    "*/*;q=0, application/json",
  ])("admits '%s'", (accept) => {
    expect(ask(accept)).not.toThrow();
  });

  it("admits a request without the header", () => {
    expect(() => assertAcceptable(makeRequest("GET", "/items"))).not.toThrow();
  });

  it.each(["text/html", "application/xml, text/*", "application/json;q=0", "*/*, application/json;q=0.0", "nonsense"])(
    "refuses '%s'",
    (accept) => {
      expect(ask(accept)).toThrow(expect.objectContaining({ status: 406 }));
    },
  );
});
