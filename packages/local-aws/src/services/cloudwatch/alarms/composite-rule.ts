import { validationError } from "../cloudwatch-state.ts";
import type { StateValue } from "./alarm.ts";

/** The rule of a composite alarm, compiled. */
export interface CompositeRule {
  /** Names of the alarms that it looks at. */
  readonly children: ReadonlySet<string>;
  /** True when the rule holds for the given states. */
  holds(stateOf: (alarm: string) => StateValue | undefined): boolean;
}

type Condition = CompositeRule["holds"];

const TOKEN = /\s*(?:(?<symbol>[(),])|"(?<quoted>(?:[^"\\]|\\.)*)"|'(?<single>[^']*)'|(?<word>[^\s(),"']+))/y;
const MAX_LENGTH = 10_240;
const MAX_CHILDREN = 100;

interface Token {
  readonly kind: "symbol" | "name" | "word" | "end";
  readonly text: string;
}

/**
 * Compiles the rule of a composite alarm: `ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA("c"))`.
 *
 * @throws AwsError `ValidationError`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function compileCompositeRule(source: string): CompositeRule {
  if (source.trim() === "" || source.length > MAX_LENGTH) {
    throw ruleError(`it must have 1 to ${MAX_LENGTH} characters`);
  }
  const tokens = tokenize(source);
  const children = new Set<string>();
  let index = 0;
  const peek = (): Token => tokens[index] as Token;
  const takeWord = (word: string): boolean => {
    const found = peek().kind === "word" && peek().text.toUpperCase() === word;
    index += found ? 1 : 0;
    return found;
  };
  const expectSymbol = (symbol: string): void => {
    if (peek().kind !== "symbol" || peek().text !== symbol) {
      throw unexpected(peek(), `"${symbol}"`);
    }
    index++;
  };

  function parseOr(): Condition {
    let left = parseAnd();
    while (takeWord("OR")) {
      const [first, second] = [left, parseAnd()];
      left = (stateOf) => first(stateOf) || second(stateOf);
    }
    return left;
  }

  function parseAnd(): Condition {
    let left = parseNot();
    while (takeWord("AND")) {
      const [first, second] = [left, parseNot()];
      left = (stateOf) => first(stateOf) && second(stateOf);
    }
    return left;
  }

  function parseNot(): Condition {
    if (takeWord("NOT")) {
      const inner = parseNot();
      return (stateOf) => !inner(stateOf);
    }
    return parsePrimary();
  }

  function parsePrimary(): Condition {
    const token = peek();
    if (token.kind === "symbol" && token.text === "(") {
      index++;
      const inner = parseOr();
      expectSymbol(")");
      return inner;
    }
    if (takeWord("TRUE")) {
      return () => true;
    }
    if (takeWord("FALSE")) {
      return () => false;
    }
    for (const state of ["ALARM", "OK", "INSUFFICIENT_DATA"] as const) {
      if (takeWord(state)) {
        expectSymbol("(");
        const child = readName();
        expectSymbol(")");
        children.add(child);
        return (stateOf) => stateOf(child) === state;
      }
    }
    if (token.text.toUpperCase() === "AT_LEAST") {
      throw ruleError("local AWS does not have AT_LEAST");
    }
    throw unexpected(token, "ALARM, OK, INSUFFICIENT_DATA, TRUE, FALSE, NOT or a parenthesis");
  }

  function readName(): string {
    const token = peek();
    if (token.kind !== "name" && token.kind !== "word") {
      throw unexpected(token, "the name of an alarm");
    }
    index++;
    return token.text.replace(/^arn:aws:cloudwatch:[^:]*:[^:]*:alarm:/, "");
  }

  const holds = parseOr();
  if (peek().kind !== "end") {
    throw unexpected(peek(), "AND, OR or the end");
  }
  if (children.size > MAX_CHILDREN) {
    throw ruleError(`it can speak of no more than ${MAX_CHILDREN} alarms`);
  }
  return { children, holds };
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (;;) {
    const at = TOKEN.lastIndex;
    if (source.slice(at).trim() === "") {
      tokens.push({ kind: "end", text: "" });
      return tokens;
    }
    const groups = TOKEN.exec(source)?.groups;
    if (groups === undefined) {
      throw ruleError(`a name has no closing quote at position ${at}`);
    }
    const { symbol, quoted, single, word } = groups;
    if (symbol !== undefined) {
      tokens.push({ kind: "symbol", text: symbol });
    } else if (word !== undefined) {
      tokens.push({ kind: "word", text: word });
    } else {
      tokens.push({ kind: "name", text: quoted?.replace(/\\(.)/g, "$1") ?? single ?? "" });
    }
  }
}

function unexpected(token: Token, wanted: string) {
  return ruleError(`expected ${wanted}, found ${token.kind === "end" ? "the end" : `"${token.text}"`}`);
}

function ruleError(reason: string) {
  return validationError(`Error in AlarmRule: ${reason}`);
}
