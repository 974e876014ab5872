import { compileComparison } from "./condition.ts";
import { type FilterPattern, invalidPattern } from "./filter-pattern.ts";
import { compileSelector, type JsonSelector, SELECTOR } from "./json-selector.ts";
import { PatternLexer } from "./pattern-lexer.ts";

type Condition = (json: unknown) => boolean;

/** Selectors with a wildcard that one pattern may have. */
const MAX_WILDCARD_SELECTORS = 3;
/** An unquoted value ends at white space, a closing bracket or an operator. */
const BARE_VALUE = /[^\s()&|{}"]+/y;

/**
 * Compiles the inside of a JSON pattern: `$.level = "ERROR" && $.status >= 500`.
 *
 * @param source - the text between the braces
 * @throws AwsError `InvalidParameterException`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
 */
export function compileJsonPattern(source: string): FilterPattern {
  const lexer = new PatternLexer(source);
  const selectors: JsonSelector[] = [];
  const condition = parseAny(lexer, selectors);
  if (!lexer.atEnd) {
    throw lexer.unexpected("&&, || or the closing brace");
  }
  if (selectors.filter(({ wildcards }) => wildcards > 0).length > MAX_WILDCARD_SELECTORS) {
    throw invalidPattern(`it has more than ${MAX_WILDCARD_SELECTORS} selectors with a wildcard`);
  }
  return {
    regexes: lexer.regexes,
    match(event) {
      const { json } = event;
      if (json === undefined || !condition(json)) {
        return undefined;
      }
      return {
        value: (selector) => (selector.startsWith("$") ? compileSelector(selector).select(json)[0] : undefined),
        extracted: () => Object.fromEntries(selectors.map(({ text, select }) => [text, toText(select(json)[0])])),
      };
    },
  };
}

function parseAny(lexer: PatternLexer, selectors: JsonSelector[]): Condition {
  const choices = [parseAll(lexer, selectors)];
  while (lexer.take("||")) {
    choices.push(parseAll(lexer, selectors));
  }
  return choices.length === 1 ? (choices[0] as Condition) : (json) => choices.some((choice) => choice(json));
}

function parseAll(lexer: PatternLexer, selectors: JsonSelector[]): Condition {
  const parts = [parseOne(lexer, selectors)];
  while (lexer.take("&&")) {
    parts.push(parseOne(lexer, selectors));
  }
  return parts.length === 1 ? (parts[0] as Condition) : (json) => parts.every((part) => part(json));
}

function parseOne(lexer: PatternLexer, selectors: JsonSelector[]): Condition {
  if (lexer.take("(")) {
    const inner = parseAny(lexer, selectors);
    if (!lexer.take(")")) {
      throw lexer.unexpected("a closing parenthesis");
    }
    return inner;
  }
  const text = lexer.takeMatch(SELECTOR);
  if (text === undefined) {
    throw lexer.unexpected("a selector such as $.field");
  }
  const selector = compileSelector(text);
  selectors.push(selector);
  const state = parseState(lexer, selector);
  if (state !== undefined) {
    return state;
  }
  const operator = lexer.takeOperator();
  if (operator === undefined) {
    throw lexer.unexpected("an operator (=, !=, <, <=, >, >=, IS, NOT EXISTS)");
  }
  const compare = compileComparison(operator, lexer.readOperand(BARE_VALUE));
  // Arrays, objects, booleans, nulls and missing fields match no comparison, not even !=.
  return (json) => selector.select(json).some((value) => isComparable(value) && compare(value));
}

function parseState(lexer: PatternLexer, selector: JsonSelector): Condition | undefined {
  if (lexer.takeWord("IS")) {
    for (const [word, wanted] of [
      ["NULL", null],
      ["TRUE", true],
      ["FALSE", false],
    ] as const) {
      if (lexer.takeWord(word)) {
        return (json) => selector.select(json).some((value) => value === wanted);
      }
    }
    throw lexer.unexpected("NULL, TRUE or FALSE");
  }
  if (lexer.takeWord("NOT")) {
    if (!lexer.takeWord("EXISTS")) {
      throw lexer.unexpected("EXISTS");
    }
    return (json) => selector.select(json).length === 0;
  }
  return undefined;
}

/** Comparisons are of strings and numbers; `IS TRUE` is how one asks for a boolean. */
function isComparable(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
