import { expect, test } from "vitest";
import { consoleUrl } from "./console-url.ts";

test.each([
  ["eu-west-1", "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/shop"],
  ["cn-north-1", "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#dashboards/dashboard/shop"],
  [
    "us-gov-west-1",
    "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#dashboards/dashboard/shop",
  ],
])("the console of %s is at %s", (region, url) => {
  expect(consoleUrl(region, "shop")).toBe(url);
});

test("one that has no public address is not guessed", () => {
  expect(() => consoleUrl("us-iso-east-1", "shop")).toThrow("The console of us-iso-east-1 has no public address.");
});
