import { ResponseHeaders } from "./header-rules.ts";

/** What a function of a proxy integration answered, checked. */
export interface ProxyResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const MEMBERS = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/**
 * Reads the answer of a proxy integration's function. No member is required and no other is allowed; `headers` and
 * `multiValueHeaders` are merged.
 *
 * Source: Amazon API Gateway developer guide, "Output format of a Lambda function for proxy integration".
 *
 * @returns nothing for an answer of another form, which the gateway turns into a 502
 */
export function readProxyResponse(payload: Uint8Array): ProxyResponse | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
  if (!isMap(answer) || Object.keys(answer).some((member) => !MEMBERS.has(member))) {
    return undefined;
  }
  const status = statusOf(answer.statusCode);
  const headers = headersOf(answer.headers, answer.multiValueHeaders);
  const body = scalarOf(answer.body ?? "");
  const { isBase64Encoded = false } = answer;
  if (status === undefined || headers === undefined || body === undefined) {
    return undefined;
  }
  if (isBase64Encoded !== null && typeof isBase64Encoded !== "boolean" && typeof isBase64Encoded !== "string") {
    return undefined;
  }
  return { status, headers, body, isBase64Encoded: String(isBase64Encoded) === "true" };
}

function statusOf(value: unknown): number | undefined {
  if (value === undefined || value === null) {
    return 200;
  }
  const status = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}

function headersOf(single: unknown, multi: unknown): ResponseHeaders | undefined {
  const headers = new ResponseHeaders();
  if (single !== undefined && single !== null) {
    if (!isMap(single)) {
      return undefined;
    }
    for (const [name, value] of Object.entries(single)) {
      const text = value === null ? undefined : scalarOf(value);
      if (value !== null && text === undefined) {
        return undefined;
      }
      if (text !== undefined) {
        headers.add(name, text);
      }
    }
  }
  return multi === undefined || multi === null || addMultiValues(headers, multi) ? headers : undefined;
}

/** Puts the values of `multiValueHeaders` before those of `headers`, as AWS does. */
function addMultiValues(headers: ResponseHeaders, multi: unknown): boolean {
  if (!isMap(multi)) {
    return false;
  }
  for (const [name, values] of Object.entries(multi)) {
    const texts = Array.isArray(values) ? values.map(scalarOf) : [undefined];
    if (texts.includes(undefined)) {
      return false;
    }
    const alone = headers.get(name);
    const all = [...(texts as string[]), ...(alone === undefined || texts.includes(alone) ? [] : [alone])];
    for (const [index, value] of all.entries()) {
      if (index === 0) {
        headers.set(name, value);
      } else {
        headers.add(name, value);
      }
    }
  }
  return true;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function scalarOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}
