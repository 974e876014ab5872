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
 * Without an ellipsis the last field takes the rest of the event, so that `[w1=ERROR, w2]` means that the first word is ERROR;
 * an empty list of fields matches everything.
 *
 * @param source - the text between the brackets
 * @throws AwsError `InvalidParameterException`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-space-delimited-log-events.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html
 */
export function compileSpacePattern(source: string): FilterPattern {
  const { before, after, open, regexes } = parseFields(source);
  return {
    regexes,
    match(event) {
      const values = splitEvent(event.text, open ? undefined : before.length);
      if (values.length < before.length + after.length) {
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

/** @param count - into how many fields at most; the last of them is then the rest as it stands */
function splitEvent(text: string, count = Number.POSITIVE_INFINITY): string[] {
  const fields = [...text.matchAll(EVENT_FIELD)];
  const values = fields.map(([, bracketed, quoted, bare]) => bracketed ?? quoted ?? bare ?? "");
  return values.length <= count
    ? values
    : [...values.slice(0, count - 1), text.slice(fields[count - 1]?.index).trimEnd()];
}

interface Fields {
  readonly before: readonly Field[];
  readonly after: readonly Field[];
  readonly open: boolean;
  readonly regexes: number;
}

function parseFields(source: string): Fields {
  const lexer = new PatternLexer(source);
  if (lexer.atEnd) {
    return { before: [], after: [], open: true, regexes: 0 };
  }
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
  return { before, after, open, regexes: lexer.regexes };
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
