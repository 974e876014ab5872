import { validationError } from "../cloudwatch-state.ts";
import type { StateValue } from "./alarm.ts";
import { alarmNameOf } from "./alarm-reference.ts";

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
/** Alarms, TRUE, FALSE and pairs of parentheses. */
const MAX_ELEMENTS = 500;
const STATES = ["ALARM", "OK", "INSUFFICIENT_DATA"] as const;

interface Token {
  readonly kind: "symbol" | "name" | "word" | "end";
  readonly text: string;
}

/**
 * Compiles the rule of a composite alarm: `ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA("c"))`, or
 * `AT_LEAST(50%, NOT OK, (a, b, c))`. NOT binds more tightly than AND, and AND more tightly than OR, on which AWS is silent.
 *
 * @throws AwsError `ValidationError`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html (rule expressions, AT_LEAST)
 */
export function compileCompositeRule(source: string): CompositeRule {
  if (source.trim() === "" || source.length > MAX_LENGTH) {
    throw ruleError(`it must have 1 to ${MAX_LENGTH} characters`);
  }
  const tokens = tokenize(source);
  const children = new Set<string>();
  let index = 0;
  let elements = 0;
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

  /** As soon as there are too many, since parentheses within each other could overflow the stack before the end is seen. */
  function countElement(): void {
    if (++elements > MAX_ELEMENTS) {
      throw ruleError(`it can have no more than ${MAX_ELEMENTS} elements`);
    }
  }

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
      countElement();
      const inner = parseOr();
      expectSymbol(")");
      return inner;
    }
    if (takeWord("TRUE")) {
      countElement();
      return () => true;
    }
    if (takeWord("FALSE")) {
      countElement();
      return () => false;
    }
    if (takeWord("AT_LEAST")) {
      return parseAtLeast();
    }
    for (const state of STATES) {
      if (takeWord(state)) {
        expectSymbol("(");
        const child = readName();
        expectSymbol(")");
        return (stateOf) => stateOf(child) === state;
      }
    }
    throw unexpected(token, "ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, NOT or a parenthesis");
  }

  function parseAtLeast(): Condition {
    expectSymbol("(");
    const threshold = peek();
    const [, digits, percent] = /^(\d+)(%?)$/.exec(threshold.kind === "word" ? threshold.text : "") ?? [];
    if (digits === undefined) {
      throw unexpected(threshold, "a number of alarms or a percentage, such as 2 or 50%");
    }
    index++;
    expectSymbol(",");
    const negated = takeWord("NOT");
    const state = STATES.find((candidate) => takeWord(candidate));
    if (state === undefined) {
      throw unexpected(peek(), "ALARM, OK or INSUFFICIENT_DATA, with or without NOT");
    }
    expectSymbol(",");
    expectSymbol("(");
    countElement();
    const names = [readName()];
    while (peek().kind === "symbol" && peek().text === ",") {
      index++;
      names.push(readName());
    }
    expectSymbol(")");
    expectSymbol(")");
    const most = percent === "%" ? 100 : names.length;
    if (Number(digits) < 1 || Number(digits) > most) {
      throw ruleError(`AT_LEAST takes 1 to ${most}${percent} here, got ${threshold.text}`);
    }
    // In hundredths of an alarm, so that no share is a little more or less than it is.
    const needed = Number(digits) * (percent === "%" ? names.length : 100);
    return (stateOf) => names.filter((name) => (stateOf(name) === state) !== negated).length * 100 >= needed;
  }

  function readName(): string {
    const token = peek();
    if (token.kind !== "name" && token.kind !== "word") {
      throw unexpected(token, "the name of an alarm");
    }
    index++;
    countElement();
    const name = alarmNameOf(token.text);
    children.add(name);
    return name;
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
