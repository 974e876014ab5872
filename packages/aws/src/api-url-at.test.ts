import { expect, it } from "vitest";
import { apiUrlAt } from "./api-url-at.ts";

it.each([
  ["https://a1b2.execute-api.us-east-1.amazonaws.com/prod", "http://127.0.0.1:1/restapis/a1b2/prod/_user_request_"],
  [
    "https://a1b2.execute-api.cn-north-1.amazonaws.com.cn/prod/",
    "http://127.0.0.1:1/restapis/a1b2/prod/_user_request_",
  ],
  ["https://api.example.com/v1/", "https://api.example.com/v1"],
])("finds %s", (url, local) => {
  expect(apiUrlAt(url, "http://127.0.0.1:1/")).toBe(local);
});
