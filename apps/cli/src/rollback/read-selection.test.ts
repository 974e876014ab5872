import { describe, expect, it } from "vitest";
import { readSelection } from "./read-selection.ts";
import { readWindow } from "./read-window.ts";

const table = { name: "orders", recovery: { writerAttribute: "updatedBy" } };

describe("readSelection", () => {
  it("reads conditions as they are typed", () => {
    const where = [
      "after.price=0",
      "before.name=pen",
      'after.code="0"',
      "after.note",
      "!before.writer",
      "changed.price",
      "after.x=a=b",
      "after.gone=null",
    ];
    expect(readSelection({ where, keyPrefix: "order#", fate: ["changed", "changed"] }, table)).toEqual({
      ...{ fates: ["changed"], keyPrefix: "order#", touched: ["price"] },
      before: { missing: ["writer"], equals: { name: "pen" } },
      after: { present: ["note"], equals: { price: 0, code: "0", x: "a=b", gone: null } },
    });
    expect(readSelection({}, table)).toEqual({});
  });

  it("asks the attribute that has the writer", () => {
    expect(readSelection({ writer: "job-7" }, table)).toEqual({ after: { equals: { updatedBy: "job-7" } } });
  });

  it.each([
    [{ where: ["now.price=0"] }, "--where: 'now.price=0' is no condition"],
    [{ where: ["!after.price=0"] }, "is no condition"],
    [{ where: ["changed.price=0"] }, "is no condition"],
    [{ where: ["after.list=[1]"] }, "compares with a list or a map"],
    [{ where: ["after.n=12345678901234567890"] }, "too many digits"],
    [
      { where: ["after.price=0", "after.price=1"] },
      "--where: after.price: is to be two values at the same time: 0 and 1",
    ],
    [{ writer: "a", where: ["after.updatedBy=b"] }, "--writer: is to be two values"],
    [
      { functionVersion: "7" },
      "--function-version: DynamoDB keeps no record of who wrote an item, and slipway.config.ts names no attribute of orders",
    ],
    [{ keyPrefix: "" }, "--key-prefix: is empty"],
  ])("refuses %j", (options, why) => {
    expect(() => readSelection(options, table)).toThrow(why);
  });
});

describe("readWindow", () => {
  const now = Date.UTC(2026, 10, 28, 15);

  it("rounds away from the window", () => {
    expect(readWindow({ since: "2026-11-28T14:30:05.900", until: "14:31:00" }, [], now)).toEqual({
      from: Date.UTC(2026, 10, 28, 14, 30, 5),
      to: Date.UTC(2026, 10, 28, 14, 31),
    });
    expect(readWindow({ since: "14:30", until: "2026-11-28T14:31:00.001" }, [], now).to).toBe(
      Date.UTC(2026, 10, 28, 14, 31, 1),
    );
  });

  it.each([
    [{ since: "now", until: "14:00" }, "--since: 'now' is another moment each time"],
    [{ since: "14:00", until: "1h30m" }, "--until: '1h30m' is another moment each time"],
    [{ since: "noon", until: "14:00" }, "--since: 'noon' is no time"],
    [{ until: "14:00" }, "--since: is missing"],
    [{ since: "14:00" }, "--until: is missing. Give the second after the last bad write."],
    [{ release: "r7" }, "--release: the ledger has no release 'r7'"],
  ])("refuses %j", (options, why) => {
    expect(() => readWindow(options, [], now)).toThrow(why);
  });
});
