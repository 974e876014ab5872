import { documents } from "@slipway/contracts/documents";
import { expect, it } from "vitest";
import { commands } from "../commands.ts";
import { commandsWithoutJson } from "../commands-without-json.ts";

const hasJson = commands.filter(({ options }) =>
  options.some(({ flags, choices = [] }) => flags === "--output <format>" && choices.includes("json")),
);

it("declares documents for every command that takes --output json, and for no other", () => {
  const declared = commands.filter(({ json }) => json !== undefined);

  expect(declared.map(({ name }) => name)).toEqual(hasJson.map(({ name }) => name));
});

it("has a reason for every command without --output json", () => {
  const without = commands.filter((command) => !hasJson.includes(command)).map(({ name }) => name);

  expect(Object.keys(commandsWithoutJson).toSorted()).toEqual(without.toSorted());
});

it("has no document that nothing prints", () => {
  const printed = new Set(commands.flatMap(({ json }) => json?.documents ?? []));

  expect(Object.keys(documents).filter((name) => !printed.has(name as keyof typeof documents))).toEqual([
    // Of all of them, when they fail.
    "failure-report",
  ]);
});
