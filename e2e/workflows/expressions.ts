// @actions/expressions, because it is GitHub's own: how it compares, coerces and formats is not for us to guess.
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { truthy } from "@actions/expressions/result";

/** What expressions are evaluated in: GitHub's contexts by their names. What is known to be empty is `null` there; all else is an error. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What the functions success(), failure() and always() go by: the steps before one in its job, or the jobs that a job needs. */
export interface Standing {
  readonly failed: boolean;
  readonly skipped: boolean;
}

type Value = ReturnType<Evaluator["evaluate"]>;

/** A context that nobody reads past its end: GitHub takes what is not there for nothing, and a test must not. */
class KnownDictionary extends data.Dictionary {
  readonly #path: string;

  constructor(path: string, entries: readonly (readonly [string, unknown])[]) {
    super();
    this.#path = path;
    for (const [key, value] of entries) {
      this.add(key, toData(value, path === "" ? key : `${path}.${key}`));
    }
  }

  override get(key: string): Value | undefined {
    const value = super.get(key);
    if (value === undefined) {
      throw new Error(`${this.#path === "" ? key : `${this.#path}.${key}`}: is nothing that is played`);
    }
    return value;
  }
}

/**
 * Evaluates one expression, without the braces around it.
 *
 * @throws Error when GitHub would not read it, or it asks for a context, a key or a function that is not played
 */
export function evaluate(expression: string, contexts: Contexts, standing?: Standing): Value {
  const status = standing === undefined ? [] : statusFunctions(standing);
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), status).parse();
  const known = new KnownDictionary("", Object.entries(contexts));
  return new Evaluator(parsed, known, new Map(status.map((each) => [each.name, each]))).evaluate();
}

/**
 * A text with its expressions evaluated, as GitHub puts them into `env`, `with` and names.
 *
 * @throws Error like `evaluate`, and when an expression has no end
 */
export function interpolate(text: string, contexts: Contexts): string {
  let made = "";
  let rest = text;
  for (let start = rest.indexOf("${{"); start >= 0; start = rest.indexOf("${{")) {
    const end = endOfExpression(rest, start + 3);
    made += rest.slice(0, start) + evaluate(rest.slice(start + 3, end), contexts).coerceString();
    rest = rest.slice(end + 2);
  }
  return made + rest;
}

/** Where the braces close; not those in a string, such as of `format('{{0}}')`. */
function endOfExpression(text: string, from: number): number {
  let isInString = false;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "'") {
      isInString = !isInString;
    } else if (!isInString && text.startsWith("}}", at)) {
      return at;
    }
  }
  throw new Error(`${text}: has an expression without an end`);
}

/**
 * Whether a job or a step is run: an `if` that says nothing of how it stands means `success() && ...`.
 *
 * @throws Error like `evaluate`
 */
export function isMet(condition: string | undefined, contexts: Contexts, standing: Standing): boolean {
  const [, bare = condition?.trim() ?? "success()"] = /^\$\{\{(.*)\}\}$/s.exec(condition?.trim() ?? "") ?? [];
  const names = statusFunctions(standing).map(({ name }) => name);
  const says = new Lexer(bare)
    .lex()
    .tokens.some(({ lexeme }, at, all) => names.includes(lexeme.toLowerCase()) && all[at + 1]?.lexeme === "(");
  return truthy(evaluate(says ? bare : `success() && (${bare})`, contexts, standing));
}

function statusFunctions({ failed, skipped }: Standing) {
  const answers = { success: !failed && !skipped, failure: failed, always: true, cancelled: false };
  return Object.entries(answers).map(([name, answer]) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(answer),
  }));
}

function toData(value: unknown, path: string): Value {
  if (value === null || value === undefined) {
    return new data.Null();
  }
  if (Array.isArray(value)) {
    return new data.Array(...value.map((item, at) => toData(item, `${path}[${at}]`)));
  }
  switch (typeof value) {
    case "string":
      return new data.StringData(value);
    case "number":
      return new data.NumberData(value);
    case "boolean":
      return new data.BooleanData(value);
    case "object":
      return new KnownDictionary(path, Object.entries(value));
    default:
      throw new Error(`${path}: ${typeof value} is no value of an expression`);
  }
}
