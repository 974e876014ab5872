import type { SmokeStep } from "@slipway/contracts";
import type { HttpResponse } from "../ports/http-client.ts";
import { type Captures, fillJson, fillText } from "./fill-placeholders.ts";
import { matchJsonSubset } from "./match-json-subset.ts";

/** `late`: everything fits but the content, which may still come where a step allows a delay. */
export type Judgement = { fits: true } | { fits: false; late: boolean; message: string };

const maxExcerpt = 500;

/** Holds an answer against what a step expects. */
export function judgeResponse(expect: SmokeStep["expect"], response: HttpResponse, captures: Captures): Judgement {
  const statuses = [expect.status].flat();
  if (!statuses.includes(response.status)) {
    return miss(false, `expected status ${statuses.join(" or ")}, got ${response.status}`, response);
  }
  for (const [name, text] of Object.entries(expect.headers ?? {})) {
    const wanted = fillText(text, captures);
    const actual = response.headers[name.toLowerCase()];
    if (actual !== wanted) {
      const got = actual === undefined ? "is missing" : `got ${JSON.stringify(actual)}`;
      return miss(false, `header ${name}: expected ${JSON.stringify(wanted)}, ${got}`, response);
    }
  }
  if (expect.jsonSubset === undefined) {
    return { fits: true };
  }
  const body = parseJson(response.body);
  if (body === undefined) {
    return miss(false, "expected a JSON body", response);
  }
  const mismatch = matchJsonSubset(fillJson(expect.jsonSubset, captures), body);
  return mismatch === undefined ? { fits: true } : miss(true, mismatch, response);
}

/** @returns undefined for what is no JSON, which JSON itself cannot say */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function miss(late: boolean, message: string, { body }: HttpResponse): Judgement {
  const excerpt = body.length > maxExcerpt ? `${body.slice(0, maxExcerpt)}...` : body;
  return { fits: false, late, message: `${message}\n${excerpt === "" ? "(no body)" : excerpt}` };
}
