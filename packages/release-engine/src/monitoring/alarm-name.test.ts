import { expect, test } from "vitest";
import { alarmName } from "./alarm-name.ts";

test.each([
  ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:api-errors", "api-errors"],
  ["arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:with: colons", "with: colons"],
  ["api-errors", "api-errors"],
  ["arn:aws:sns:us-east-1:123456789012:alarm", "arn:aws:sns:us-east-1:123456789012:alarm"],
])("%s", (nameOrArn, name) => {
  expect(alarmName(nameOrArn)).toBe(name);
});
