import { escapeName, toFragment } from "../http/json-pointer.ts";
import { invalid, type ProblemDetail } from "../http/problem.ts";

/** One complaint of a prebuilt validator, as Ajv writes it. */
export interface Complaint {
  /** JSON pointer of what is wrong; of the whole for what is missing or unknown in it. */
  instancePath: string;
  keyword: string;
  params: Record<string, unknown>;
}

/** A validator that was made of a schema (src/generated): true, or false with its complaints. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly Complaint[] | null;
}

/**
 * Checks a body.
 *
 * @throws {Problem} 400 that names each wrong field
 */
export function validate(validator: Validator, value: unknown): void {
  if (validator(value)) return;
  const told = new Map<string, ProblemDetail>();
  for (const problem of (validator.errors ?? []).map(explain)) {
    // The first complaint about a field: a name that is empty need not be told that it is blank, too.
    if (!told.has(problem.pointer)) told.set(problem.pointer, problem);
  }
  throw invalid("The body has", [...told.values()]);
}

function explain({ instancePath, keyword, params }: Complaint): ProblemDetail & { pointer: string } {
  switch (keyword) {
    case "additionalProperties":
      return {
        detail: unknownField(instancePath),
        pointer: toFragment(`${instancePath}/${escapeName(String(params.additionalProperty))}`),
      };
    case "required":
      return {
        detail: "Is required",
        pointer: toFragment(`${instancePath}/${escapeName(String(params.missingProperty))}`),
      };
    default:
      return { detail: SENTENCES[keyword]?.(params) ?? "Is not valid", pointer: toFragment(instancePath) };
  }
}

const SENTENCES: Readonly<Record<string, (params: Record<string, unknown>) => string>> = {
  type: ({ type }) => `Must be ${listOf(String(type).split(","), "a")}`,
  enum: ({ allowedValues }) => `Must be ${listOf((allowedValues as unknown[]).map((value) => JSON.stringify(value)))}`,
  minLength: () => "Must not be empty",
  maxLength: ({ limit }) => `Must have at most ${limit} characters`,
  pattern: () => "Must contain a visible character",
  format: () => "Must be a date and time such as 2030-01-31T12:00:00Z",
  maxProperties: ({ limit }) => `Must have at most ${limit} members`,
  minimum: ({ limit }) => `Must be at least ${limit}`,
  maximum: ({ limit }) => `Must be at most ${limit}`,
};

/** An object of the API's own has fields, the client's own has names that follow a rule. */
function unknownField(instancePath: string): string {
  return instancePath === ""
    ? "Unknown field"
    : "Must be a name of up to 64 letters, digits, _, . and - that begins with a lower-case letter";
}

function listOf(values: readonly string[], article = ""): string {
  const named = values.map((value) =>
    article === "" || value === "null" ? value : `${/^[aeiou]/.test(value) ? "an" : article} ${value}`,
  );
  const last = named.pop() ?? "";
  return named.length === 0 ? last : `${named.join(", ")} or ${last}`;
}
