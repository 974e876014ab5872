import type { Command, FieldReference, NamedExpression, ParsePattern, Query, SortKey } from "./ast.ts";
import { compileGlob } from "./compile-glob.ts";
import { compileRegex } from "./compile-regex.ts";
import { fieldName } from "./field-name.ts";
import { parseExpression, parseField } from "./parse-expression.ts";
import { parseSource } from "./parse-source.ts";
import { Scanner } from "./scanner.ts";

/** The most events that a query may return. */
export const MAX_RESULTS = 100_000;

/** Commands that CloudWatch Logs has and local AWS does not. */
const NOT_IMPLEMENTED = new Set([
  ...["pattern", "diff", "anomaly", "unmask", "join", "lookup", "filterindex", "subqueries", "expand", "addtotals"],
  ...["relevantfields", "head", "tail"],
]);

type Reader = (scanner: Scanner, start: number) => Command;

const READERS: Readonly<Record<string, Reader>> = {
  fields: (scanner, start) => {
    const items = namedList(scanner);
    return { kind: "fields", items, span: spanFrom(scanner, start) };
  },
  display: (scanner, start) => {
    const items = listOf(scanner, () => {
      const expression = parseField(scanner);
      return { expression, name: fieldName(expression) };
    });
    return { kind: "display", items, span: spanFrom(scanner, start) };
  },
  filter,
  where: filter,
  parse,
  stats,
  sort: (scanner, start) => {
    const keys = listOf(scanner, () => sortKey(scanner));
    return { kind: "sort", keys, span: spanFrom(scanner, start) };
  },
  limit,
  dedup: (scanner, start) => {
    const fields = listOf(scanner, () => parseField(scanner));
    return { kind: "dedup", fields, span: spanFrom(scanner, start) };
  },
  unnest: (scanner, start) => {
    const field = parseField(scanner);
    scanner.expectWord("into");
    const name = alias(scanner);
    return { kind: "unnest", field, name, span: spanFrom(scanner, start) };
  },
};

/**
 * Reads a query of the Logs Insights language.
 *
 * @throws MalformedQuery with the place of what it does not know
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export function parseQuery(text: string): Query {
  const scanner = new Scanner(text);
  const source = parseSource(scanner);
  const commands: Command[] = [];
  do {
    commands.push(command(scanner));
  } while (scanner.skip("|"));
  if (scanner.next.kind !== "end") {
    throw scanner.unexpected();
  }
  return { source, commands };
}

function command(scanner: Scanner): Command {
  const { next } = scanner;
  const name = next.kind === "word" ? next.text.toLowerCase() : "";
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (read === undefined) {
    if (NOT_IMPLEMENTED.has(name)) {
      throw scanner.malformed(`local AWS does not have the command ${next.text}, found`, next.span);
    }
    throw scanner.unexpected("a command");
  }
  scanner.take();
  return read(scanner, next.span.start);
}

function filter(scanner: Scanner, start: number): Command {
  return { kind: "filter", condition: parseExpression(scanner), span: spanFrom(scanner, start) };
}

function stats(scanner: Scanner, start: number): Command {
  const aggregates = namedList(scanner);
  const by = scanner.skipWord("by") ? namedList(scanner) : [];
  if (scanner.isAtWord("offset")) {
    throw scanner.malformed("local AWS does not have offset, found", scanner.next.span);
  }
  return { kind: "stats", aggregates, by, span: spanFrom(scanner, start) };
}

function limit(scanner: Scanner, start: number): Command {
  const any = scanner.skipWord("any");
  const { next } = scanner;
  const count = next.kind === "number" && next.unit === "" ? Number(next.text) : Number.NaN;
  if (!Number.isInteger(count) || count < 1) {
    throw scanner.unexpected("a whole number from 1");
  }
  scanner.take();
  if (count > MAX_RESULTS) {
    throw scanner.malformed(`the limit is at most ${MAX_RESULTS}, found ${count}`, next.span);
  }
  return { kind: "limit", count, any, span: spanFrom(scanner, start) };
}

function parse(scanner: Scanner, start: number): Command {
  const isDefault = scanner.next.kind === "string" || scanner.isAt("/");
  const field: FieldReference = isDefault
    ? { kind: "field", parts: ["@message"], span: scanner.next.span }
    : parseField(scanner);
  if (!isDefault && scanner.isAtWord("logfmt", "csv", "xml", "json")) {
    throw scanner.malformed(`local AWS does not have parse ${scanner.next.text}, found`, scanner.next.span);
  }
  const pattern = scanner.next.kind === "string" ? globPattern(scanner) : regexPattern(scanner);
  return { kind: "parse", field, pattern, span: spanFrom(scanner, start) };
}

function globPattern(scanner: Scanner): ParsePattern {
  const glob = scanner.take();
  const { regex, groups } = compileGlob(glob.text);
  if (groups === 0) {
    throw scanner.malformed("the pattern has no *", glob.span);
  }
  scanner.expectWord("as");
  const names = listOf(scanner, () => alias(scanner));
  if (names.length !== groups) {
    const span = { start: glob.span.start, end: scanner.lastEnd };
    throw scanner.malformed(`the pattern has ${groups} of * and ${names.length} names`, span);
  }
  return { regex, names };
}

function regexPattern(scanner: Scanner): ParsePattern {
  if (!scanner.isAt("/")) {
    throw scanner.unexpected("a pattern");
  }
  const { source, span } = scanner.takeRegex();
  let pattern: ParsePattern;
  try {
    pattern = compileRegex(source);
  } catch (error) {
    throw scanner.malformed(`invalid regular expression: ${(error as Error).message}`, span);
  }
  if (pattern.names.length === 0) {
    throw scanner.malformed("the regular expression has no named group", span);
  }
  return pattern;
}

function sortKey(scanner: Scanner): SortKey {
  const expression = parseExpression(scanner);
  const descending = scanner.skipWord("desc");
  if (!descending) {
    scanner.skipWord("asc");
  }
  return { expression, descending };
}

function namedList(scanner: Scanner): NamedExpression[] {
  return listOf(scanner, () => {
    const { start } = scanner.next.span;
    const expression = parseExpression(scanner);
    const text = scanner.text.slice(start, scanner.lastEnd);
    if (scanner.skipWord("as")) {
      return { expression, name: alias(scanner) };
    }
    // A field is called by its name without backticks, everything else by its text.
    return { expression, name: expression.kind === "field" ? fieldName(expression) : text };
  });
}

function alias(scanner: Scanner): string {
  return fieldName(parseField(scanner));
}

function listOf<T>(scanner: Scanner, read: () => T): T[] {
  const items = [read()];
  while (scanner.skip(",")) {
    items.push(read());
  }
  return items;
}

function spanFrom(scanner: Scanner, start: number) {
  return { start, end: scanner.lastEnd };
}
