import { describe, expect, it } from "vitest";
import { assertIfMatch, etagOf } from "./etag.ts";
import { makeItem } from "./testing/make-item.ts";
import { makeRequest } from "./testing/make-request.ts";

const item = makeItem(1, { version: 3 });
const check = (ifMatch: string) => () => {
  assertIfMatch(makeRequest("PUT", "/items/1", { headers: { "if-match": ifMatch } }), item);
  return "matches";
};

describe("assertIfMatch", () => {
  it.each([etagOf(item), "*", '"2", "3"', '"2","3"', ' "3" ', 'W/"3", "3"'])("accepts %s", (header) => {
    expect(check(header)()).toBe("matches");
  });

  it("accepts a request without the header", () => {
    expect(() => assertIfMatch(makeRequest("PUT", "/items/1"), item)).not.toThrow();
  });

  it.each(['"2"', '"33"', 'W/"3"', '""'])("refuses %s as another version", (header) => {
    expect(check(header)).toThrow(expect.objectContaining({ status: 412 }));
  });

  it.each(["3", "", '"3', '"2" "3"', "*, *"])("refuses '%s' as no list of tags", (header) => {
    expect(check(header)).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ header: "If-Match" })] }),
    );
  });
});
