import { mostBodyBytes } from "./config.ts";
import { Problem } from "./problem.ts";

/** @throws Problem 413 for a body that is too large, 400 for one that is not JSON */
export function parseJson(text: string): unknown {
  if (Buffer.byteLength(text) > mostBodyBytes) {
    throw new Problem("body-too-large", `The body may have ${mostBodyBytes} bytes.`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("malformed-request", "The body is not JSON.", { cause });
  }
}
