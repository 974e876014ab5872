import { expect, test } from "vitest";
import { statementPositions } from "./statement-positions.ts";

const textOf = (document: string): string[] => {
  const lines = document.split("\n");
  const offset = ({ Line, Column }: { Line: number; Column: number }): number =>
    lines.slice(0, Line - 1).reduce((sum, line) => sum + line.length + 1, 0) + Column - 1;
  return statementPositions(document).map(({ StartPosition, EndPosition }) =>
    document.slice(offset(StartPosition), offset(EndPosition)),
  );
};

const STATEMENTS = [
  { Sid: "Brackets", Effect: "Allow", Action: "s3:*", Resource: 'arn:aws:s3:::a}]{["b\\' },
  {
    Effect: "Deny",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: "*",
    Condition: { Bool: { "a:Statement": true } },
  },
];

test.each([
  ["on one line", JSON.stringify({ Version: "2012-10-17", Statement: STATEMENTS })],
  ["on many lines", JSON.stringify({ Version: "2012-10-17", Id: "Statement", Statement: STATEMENTS }, undefined, 2)],
  ["before the version", JSON.stringify({ Statement: STATEMENTS, Version: "2012-10-17" })],
])("finds statements %s", (_case, document) => {
  expect(textOf(document).map((text) => JSON.parse(text))).toEqual(STATEMENTS);
});

test("finds a statement that stands alone", () => {
  const document = JSON.stringify({ Version: "2012-10-17", Statement: STATEMENTS[0] });
  expect(statementPositions(document)[0]?.StartPosition).toEqual({ Line: 1, Column: 37 });
  expect(textOf(document)).toEqual([JSON.stringify(STATEMENTS[0])]);
});

test("finds nothing where there is nothing", () => {
  expect(statementPositions("{}")).toEqual([]);
  expect(statementPositions('{"Version":"2012-10-17","Statement":[]}')).toEqual([]);
});
