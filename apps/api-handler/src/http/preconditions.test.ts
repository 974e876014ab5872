import { describe, expect, it } from "vitest";
import { makeItem } from "../test/make-item.ts";
import { makeRequest } from "../test/make-request.ts";
import { assertMatch, etagOf, isNotModified, requireIfMatch } from "./preconditions.ts";

const item = makeItem(1, { version: 3 });
const change = (ifMatch: string) => () => {
  assertMatch(requireIfMatch(makeRequest("PUT", "/items/1", { headers: { "if-match": ifMatch } })), item);
  return "matches";
};

describe("If-Match of a change", () => {
  it.each([etagOf(item), "*", '"2", "3"', '"2","3"', ' "3" ', 'W/"3", "3"'])("accepts %s", (header) => {
    expect(change(header)()).toBe("matches");
  });

  it("is required", () => {
    expect(() => requireIfMatch(makeRequest("PUT", "/items/1"))).toThrow(
      expect.objectContaining({ status: 428, errors: [expect.objectContaining({ header: "If-Match" })] }),
    );
  });

  it.each(['"2"', '"33"', 'W/"3"', '""'])("refuses %s as another version", (header) => {
    expect(change(header)).toThrow(expect.objectContaining({ status: 412 }));
  });

  it.each(["3", "", '"3', '"2" "3"', "*, *"])("refuses '%s' as no list of tags", (header) => {
    expect(change(header)).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ header: "If-Match" })] }),
    );
  });
});

describe("a conditional read", () => {
  const read = (headers: Record<string, string>) => isNotModified(makeRequest("GET", "/items/1", { headers }), item);

  it.each([etagOf(item), 'W/"3"', "*", '"1", W/"3"'])("finds If-None-Match: %s unchanged", (header) => {
    expect(read({ "if-none-match": header })).toBe(true);
  });

  it.each(['"2"', 'W/"2"', '"1", "2"'])("finds If-None-Match: %s changed", (header) => {
    expect(read({ "if-none-match": header })).toBe(false);
  });

  it("reads without any condition", () => {
    expect(read({})).toBe(false);
  });

  it("answers 412 to an If-Match of another version, whatever the other header says", () => {
    expect(() => read({ "if-match": '"2"', "if-none-match": '"3"' })).toThrow(expect.objectContaining({ status: 412 }));
  });

  it("names the header that is wrong", () => {
    expect(() => read({ "if-none-match": "3" })).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ header: "If-None-Match" })] }),
    );
  });
});
