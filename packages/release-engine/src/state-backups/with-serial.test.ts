import { describe, expect, it } from "vitest";
import { saysTheSame, withSerial } from "./with-serial.ts";

describe("withSerial", () => {
  it("changes the state's own serial, and not one byte beside it", () => {
    const state = `{
  "version": 4,
  "outputs": {"serial": 3, "list": [{"serial": 4}]},
  "lineage": "serial",
  "note \\" \\"serial\\": 9": "x",
  "serial" : 12,
  "resources": [{"instances": [{"attributes": {"big": 12345678901234567890, "serial": 5}}]}]
}
`;
    expect(withSerial(state, 345)).toBe(state.replace('"serial" : 12', '"serial" : 345'));
  });

  it("takes nothing for a state that has no serial", () => {
    expect(() => withSerial('{"version":4,"outputs":{"serial":3}}', 5)).toThrow("without a serial");
  });
});

describe("saysTheSame", () => {
  it("compares everything but the serial", () => {
    expect(saysTheSame('{"serial":1,"a":2}', '{"serial":7,"a":2}')).toBe(true);
    expect(saysTheSame('{"serial":1,"a":2}', '{"serial":1,"a":3}')).toBe(false);
  });
});
