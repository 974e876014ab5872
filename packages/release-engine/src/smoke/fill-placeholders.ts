import { type Json, PLACEHOLDER } from "@slipway/contracts";

/** What steps captured, by name. */
export type Captures = ReadonlyMap<string, Json>;

/** Puts captured values into a text. Every placeholder must have been captured. */
export function fillText(
  text: string,
  captures: Captures,
  encode: (value: string) => string = (value) => value,
): string {
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const value = captures.get(name);
    return encode(typeof value === "string" ? value : JSON.stringify(value));
  });
}

/** The same in every string of a JSON value; a string that is one placeholder becomes the captured value with its type. */
export function fillJson(value: Json, captures: Captures): Json {
  if (typeof value === "string") {
    const whole = new RegExp(`^${PLACEHOLDER.source}$`).exec(value)?.[1];
    return (whole === undefined ? undefined : captures.get(whole)) ?? fillText(value, captures);
  }
  if (Array.isArray(value)) {
    return value.map((element) => fillJson(element, captures));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillJson(inner, captures)]));
  }
  return value;
}
