import { describe, it } from "vitest";
import {
  expectAllowedAnswered,
  expectHolesSurvived,
  expectMalformedRefused,
} from "../src/test/expect-contract-kept.ts";

describe("every answer keeps the contract, and no status is 5xx", () => {
  it("to 10,000 requests that the contract allows", () => expectAllowedAnswered(10_000));

  it("to 10,000 malformed requests", () => expectMalformedRefused(10_000));

  it("to 2,000 events that lack what API Gateway always sends", () => expectHolesSurvived(2_000));
});
