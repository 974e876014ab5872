import type { Source } from "./ast.ts";
import type { Scanner } from "./scanner.ts";

const MAX_PREFIXES = 5;
const LISTS: Readonly<Record<string, "namePrefix" | "classes" | "accountIdentifiers">> = {
  nameprefix: "namePrefix",
  class: "classes",
  loggroupclass: "classes",
  accountidentifiers: "accountIdentifiers",
  accountidentifier: "accountIdentifiers",
};

/**
 * Reads the clause that names the log groups: `SOURCE logGroups(namePrefix: ["a"])`, or the form of dashboards,
 * `SOURCE "a" | SOURCE "b"`, with the pipe that ends it. `undefined` when the query does not begin with one.
 *
 * @throws MalformedQuery
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Source.html
 */
export function parseSource(scanner: Scanner): Source | undefined {
  if (!scanner.skipWord("source")) {
    return undefined;
  }
  if (scanner.next.kind !== "string") {
    return logGroups(scanner);
  }
  const names: string[] = [];
  do {
    if (scanner.next.kind !== "string") {
      throw scanner.unexpected("the name of a log group");
    }
    names.push(scanner.take().text);
    scanner.expect("|");
  } while (scanner.skipWord("source"));
  return { kind: "names", names };
}

function logGroups(scanner: Scanner): Source {
  scanner.expectWord("loggroups");
  scanner.expect("(");
  const lists: { [K in (typeof LISTS)[string]]?: string[] } = {};
  while (!scanner.skip(")")) {
    if (Object.keys(lists).length > 0) {
      scanner.expect(",");
    }
    const word = scanner.next;
    const name = word.kind === "word" ? LISTS[word.text.toLowerCase()] : undefined;
    if (name === undefined || lists[name] !== undefined) {
      throw scanner.unexpected("namePrefix, class or accountIdentifiers, each once");
    }
    scanner.take();
    scanner.expect(":");
    lists[name] = stringList(scanner);
    if (name === "namePrefix" && (lists[name]?.length ?? 0) > MAX_PREFIXES) {
      throw scanner.malformed(`there are more than ${MAX_PREFIXES} prefixes`, word.span);
    }
  }
  scanner.expect("|");
  const { namePrefix, classes, accountIdentifiers } = lists;
  return { kind: "logGroups", namePrefix, classes, accountIdentifiers };
}

function stringList(scanner: Scanner): string[] {
  scanner.expect("[");
  const list: string[] = [];
  while (!scanner.skip("]")) {
    if (list.length > 0) {
      scanner.expect(",");
    }
    if (scanner.next.kind !== "string") {
      throw scanner.unexpected("a text");
    }
    list.push(scanner.take().text);
  }
  return list;
}
