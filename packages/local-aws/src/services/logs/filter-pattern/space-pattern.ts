import { compileComparison } from "./condition.ts";
import type { FilterPattern } from "./filter-pattern.ts";
import { invalidPattern } from "./filter-pattern.ts";
import { PatternLexer } from "./pattern-lexer.ts";

type Test = (value: string) => boolean;

interface Field {
  /** Empty for an unnamed field. */
  readonly name: string;
  readonly test: Test | undefined;
}

const FIELD_NAME = /[A-Za-z_][A-Za-z0-9_-]*/y;
const BARE_VALUE = /[^\s,&|()"\]]+/y;
/** One field of an event: text in brackets or quotes, or up to the next white space. */
const EVENT_FIELD = /\[([^\]]*)\]|"((?:[^"\\]|\\.)*)"|(\S+)/g;

/**
 * Compiles the inside of a space-delimited pattern: `ip, user, ..., status = 5*, bytes > 1000`.
 *
 * @param source - the text between the brackets
 * @throws AwsError `InvalidParameterException`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-space-delimited-log-events.html
 */
export function compileSpacePattern(source: string): FilterPattern {
  const { before, after, open } = parseFields(source);
  return {
    match(event) {
      const values = splitEvent(event.text);
      const fixed = before.length + after.length;
      if (open ? values.length < fixed : values.length !== fixed) {
        return undefined;
      }
      const tail = values.length - after.length;
      const fits =
        before.every(({ test }, index) => test?.(values[index] ?? "") ?? true) &&
        after.every(({ test }, index) => test?.(values[tail + index] ?? "") ?? true);
      if (!fits) {
        return undefined;
      }
      const extracted = (): Record<string, string> => nameValues(values, before, after, tail);
      return { value: (selector) => extracted()[selector], extracted };
    },
  };
}

function nameValues(values: readonly string[], before: readonly Field[], after: readonly Field[], tail: number) {
  const named: Record<string, string> = {};
  values.forEach((value, index) => {
    const field = index < before.length ? before[index] : index >= tail ? after[index - tail] : undefined;
    named[field === undefined || field.name === "" ? `$${index + 1}` : `$${field.name}`] = value;
  });
  return named;
}

function splitEvent(text: string): string[] {
  return [...text.matchAll(EVENT_FIELD)].map(([, bracketed, quoted, bare]) => bracketed ?? quoted ?? bare ?? "");
}

function parseFields(source: string): { before: Field[]; after: Field[]; open: boolean } {
  const lexer = new PatternLexer(source);
  const before: Field[] = [];
  const after: Field[] = [];
  let open = false;
  do {
    if (lexer.take("...") || lexer.take("…")) {
      if (open) {
        throw invalidPattern("a space-delimited pattern can have one ellipsis only");
      }
      open = true;
    } else {
      (open ? after : before).push(parseField(lexer));
    }
  } while (lexer.take(","));
  if (!lexer.atEnd) {
    throw lexer.unexpected("a comma or the closing bracket");
  }
  return { before, after, open };
}

function parseField(lexer: PatternLexer): Field {
  const grouped = lexer.take("(");
  const name = lexer.takeMatch(FIELD_NAME) ?? "";
  const operator = lexer.takeOperator();
  if (operator === undefined) {
    if (grouped) {
      throw lexer.unexpected("an operator");
    }
    return { name, test: undefined };
  }
  const choices: Test[][] = [[compileComparison(operator, lexer.readOperand(BARE_VALUE))]];
  for (;;) {
    const or = lexer.take("||");
    if (!or && !lexer.take("&&")) {
      break;
    }
    const test = parseCondition(lexer, name);
    if (or) {
      choices.push([test]);
    } else {
      choices.at(-1)?.push(test);
    }
  }
  if (grouped && !lexer.take(")")) {
    throw lexer.unexpected("a closing parenthesis");
  }
  return { name, test: (value) => choices.some((tests) => tests.every((test) => test(value))) };
}

function parseCondition(lexer: PatternLexer, fieldName: string): Test {
  const name = lexer.takeMatch(FIELD_NAME) ?? "";
  if (name !== fieldName) {
    throw invalidPattern(`the conditions of field "${fieldName}" speak of another field "${name}"`);
  }
  const operator = lexer.takeOperator();
  if (operator === undefined) {
    throw lexer.unexpected("an operator");
  }
  return compileComparison(operator, lexer.readOperand(BARE_VALUE));
}
