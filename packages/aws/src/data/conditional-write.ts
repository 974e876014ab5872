import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";

/**
 * A conditional write. When its answer is lost, the SDK sends it again, and the condition fails because of itself:
 *
 *     write if unchanged ── done ── answer lost ── again ── condition fails, yet the record is as we want it
 *
 * @param refused says what it means that the condition failed
 */
export async function conditionalWrite<T>(
  send: () => Promise<T>,
  refused: (wasRetried: boolean) => Promise<T>,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return refused((error.$metadata.attempts ?? 1) > 1);
    }
    throw error;
  }
}
