import { AwsError } from "../../core/aws-error.ts";

/** What a receipt handle says: which message of which queue, and which time that it was received. */
export interface Receipt {
  readonly queue: string;
  readonly sequence: number;
  readonly token: string;
}

/** The receipt handle that a consumer gets with a message. */
export function receiptHandle({ queue, sequence, token }: Receipt): string {
  return Buffer.from(`${token} ${sequence} ${queue}`).toString("base64");
}

/**
 * Reads a receipt handle.
 *
 * @throws AwsError `ReceiptHandleIsInvalid` for one that was not given out for this queue
 */
export function readReceipt(handle: string, queue: string): Receipt {
  const text = Buffer.from(handle, "base64").toString();
  const [, token = "", sequence = "", name] = /^([0-9a-f]{32}) (\d{1,15}) (.+)$/.exec(text) ?? [];
  if (name !== queue || Buffer.from(text).toString("base64") !== handle) {
    throw new AwsError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid receipt handle.`);
  }
  return { queue, sequence: Number(sequence), token };
}
