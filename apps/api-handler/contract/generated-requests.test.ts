import { describe, it } from "vitest";
import {
  expectAllowedAnswered,
  expectHolesSurvived,
  expectMalformedRefused,
} from "../src/test/expect-contract-kept.ts";

// Samples; generated-requests.soak.test.ts has the full counts.
describe("every answer keeps the contract, and no status is 5xx", () => {
  it("to requests that the contract allows", () => expectAllowedAnswered(1_600));

  it("to malformed requests", () => expectMalformedRefused(2_400));

  it("to events that lack what API Gateway always sends", () => expectHolesSurvived(600));
});
