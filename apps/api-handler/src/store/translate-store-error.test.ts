import { describe, expect, it } from "vitest";
import { StoreUnavailableError } from "./store-unavailable-error.ts";
import { translateStoreError } from "./translate-store-error.ts";

const thrownFor = (fields: object) => {
  const cause = Object.assign(new Error("original"), fields);
  return { cause, thrown: translateStoreError(() => Promise.reject(cause)).catch((error: unknown) => error) };
};

describe("translateStoreError", () => {
  it.each([
    { name: "ProvisionedThroughputExceededException", $metadata: { httpStatusCode: 400 } },
    { name: "ThrottlingException", $metadata: { httpStatusCode: 400 } },
    { name: "RequestLimitExceeded", $metadata: { httpStatusCode: 400 } },
    { name: "TransactionConflictException", $metadata: { httpStatusCode: 400 } },
    { name: "TransactionInProgressException", $metadata: { httpStatusCode: 400 } },
    { name: "InternalServerError", $metadata: { httpStatusCode: 500 } },
    { name: "ServiceUnavailable", $metadata: { httpStatusCode: 503 } },
    { name: "TimeoutError" },
    { code: "ECONNREFUSED" },
    { code: "ECONNRESET" },
  ])("calls %o unavailable and keeps the cause", async (fields) => {
    const { cause, thrown } = thrownFor(fields);
    expect(await thrown).toBeInstanceOf(StoreUnavailableError);
    expect(await thrown).toMatchObject({ cause });
  });

  it.each([
    { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 400 } },
    { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } },
    { name: "ValidationException", $metadata: { httpStatusCode: 400 } },
    { name: "TypeError" },
  ])("leaves %o as it is", async (fields) => {
    const { cause, thrown } = thrownFor(fields);
    expect(await thrown).toBe(cause);
  });
});
