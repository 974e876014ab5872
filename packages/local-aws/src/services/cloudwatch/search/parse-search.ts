import { ExpressionError } from "../metric-math/expression.ts";
import type { SearchCondition, SearchQuery } from "./search-query.ts";

const MAX_LENGTH = 1024;
/** `:aws.AccountId` selects among the accounts of a monitoring account. */
const ACCOUNT_PROPERTY = ":aws.AccountId";

interface Token {
  readonly kind: "word" | "quoted" | "symbol" | "end";
  readonly text: string;
  readonly at: number;
}

/** Words hold anything but white space, quotes, parentheses, braces, commas and the equals sign. */
const TOKEN = /\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<symbol>[(){},=])|(?<word>[^\s"(){},=]+))/y;

/**
 * Parses a search expression: `{Namespace,DimensionName1,...} SearchTerm`.
 *
 * @throws ExpressionError with the position of what it does not understand
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function parseSearch(source: string): SearchQuery {
  if (source.length > MAX_LENGTH) {
    throw new ExpressionError(`A search expression has at most ${MAX_LENGTH} characters`);
  }
  const tokens = tokenize(source);
  let index = 0;
  const peek = (): Token => tokens[index] as Token;
  const next = (): Token => tokens[index++] as Token;
  const is = (text: string): boolean => peek().kind !== "quoted" && peek().text === text;
  const take = (text: string): boolean => {
    const found = is(text);
    index += found ? 1 : 0;
    return found;
  };

  function parseName(): string {
    const token = next();
    if (token.kind !== "word" && token.kind !== "quoted") {
      throw unexpected(token, "a name");
    }
    return token.text;
  }

  function parseSchema(): SearchQuery["schema"] {
    if (!take("{")) {
      return undefined;
    }
    const names = [parseName()];
    while (take(",")) {
      names.push(parseName());
    }
    if (!take("}")) {
      throw unexpected(peek(), "',' or '}'");
    }
    take(",");
    const [namespace = "", ...dimensions] = names;
    return { namespace, dimensions };
  }

  function parseOr(): SearchCondition {
    const operands = [parseAnd()];
    while (take("OR")) {
      operands.push(parseAnd());
    }
    return grouped("or", operands);
  }

  function parseAnd(): SearchCondition {
    const operands = [parseNot()];
    while (take("AND") || !(peek().kind === "end" || is(")") || is("OR"))) {
      operands.push(parseNot());
    }
    return grouped("and", operands);
  }

  function parseNot(): SearchCondition {
    if (take("NOT")) {
      return { kind: "not", operand: parseNot() };
    }
    if (take("(")) {
      const inner = parseOr();
      if (!take(")")) {
        throw unexpected(peek(), "')'");
      }
      return inner;
    }
    return parseTerm();
  }

  function parseTerm(): SearchCondition {
    const first = next();
    if (first.kind !== "word" && first.kind !== "quoted") {
      throw unexpected(first, "a search term");
    }
    if (!take("=")) {
      return { kind: "term", property: undefined, value: first.text, exact: first.kind === "quoted" };
    }
    if (first.text === ACCOUNT_PROPERTY) {
      throw new ExpressionError(`Local AWS plays one account: leave ${ACCOUNT_PROPERTY} out of the search`);
    }
    const value = next();
    if (value.kind !== "word" && value.kind !== "quoted") {
      throw unexpected(value, "a value");
    }
    return { kind: "term", property: first.text, value: value.text, exact: value.kind === "quoted" };
  }

  const schema = parseSchema();
  if (peek().kind === "end") {
    if (schema === undefined) {
      throw new ExpressionError("A search needs a metric schema in braces, a search term, or both");
    }
    return { schema, condition: undefined };
  }
  const condition = parseOr();
  if (peek().kind !== "end") {
    throw unexpected(peek(), "the end");
  }
  return { schema, condition };
}

function grouped(kind: "and" | "or", operands: readonly SearchCondition[]): SearchCondition {
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind, operands };
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (;;) {
    const at = TOKEN.lastIndex;
    if (source.slice(at).trim() === "") {
      tokens.push({ kind: "end", text: "", at });
      return tokens;
    }
    const groups = TOKEN.exec(source)?.groups;
    if (groups === undefined) {
      throw new ExpressionError(`The search has a quote without its end at position ${at}`);
    }
    if (groups.quoted !== undefined) {
      tokens.push({ kind: "quoted", text: groups.quoted.replace(/\\(.)/g, "$1"), at });
    } else if (groups.symbol !== undefined) {
      tokens.push({ kind: "symbol", text: groups.symbol, at });
    } else {
      tokens.push({ kind: "word", text: groups.word ?? "", at });
    }
  }
}

function unexpected(token: Token, wanted: string): ExpressionError {
  const found = token.kind === "end" ? "the end" : `'${token.text}'`;
  return new ExpressionError(`Unexpected ${found} at position ${token.at} of the search, expected ${wanted}`);
}
