import { describe, expect, test } from "vitest";
import { compileQuery } from "../plan/compile-query.ts";
import { MalformedQuery } from "./malformed-query.ts";

function errorOf(query: string): MalformedQuery {
  try {
    compileQuery(query, { now: 0 });
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedQuery);
    return error as MalformedQuery;
  }
  throw new Error(`it compiles: ${query}`);
}

// What is marked is the text between the offsets.
describe("what is not understood is refused where it stands", () => {
  test.each<readonly [query: string, marked: string, message: string]>([
    ["", "", "unexpected end of the query at line 1 and position 1"],
    ["# nothing", "", "unexpected end of the query"],
    ["| fields a", "|", "unexpected symbol found | at line 1 and position 1"],
    ["fields a |", "", "unexpected end of the query at line 1 and position 11"],
    ["fields a || limit 1", "|", "unexpected symbol found | at line 1 and position 11"],
    ["select a", "select", "unexpected symbol found select at line 1 and position 1, expected a command"],
    ["fields @message\n| sorted a", "sorted", "unexpected symbol found sorted at line 2 and position 3"],
    ["fields", "", "unexpected end of the query"],
    ["fields a b", "b", "unexpected symbol found b at line 1 and position 10"],
    ["fields a,", "", "unexpected end of the query"],
    ["fields a as", "", "unexpected end of the query"],
    ["fields a as 'x'", "'x'", "unexpected symbol found 'x'"],
    ["fields foo-", "", "unexpected end of the query"],
    ["fields (a", "", "expected ')'"],
    ["fields a;", ";", "unexpected symbol found ;"],
    ["fields 5m", "5m", "a period has no value of its own"],
    ["fields 5x", "5x", "5x is neither a number nor a period"],
    ["fields nosuch(a)", "nosuch(a)", "unknown function nosuch"],
    ["fields strlen()", "strlen()", "wrong number of arguments of strlen (0)"],
    ["fields strlen(a, b)", "strlen(a, b)", "wrong number of arguments of strlen (2)"],
    ["fields strlen(*)", "strlen(*)", "unknown function strlen or unknown use of it"],
    ["fields haversine(a, b, c, d)", "haversine(a, b, c, d)", "local AWS does not have the function haversine"],
    ["fields count(*)", "count(*)", "count can only aggregate within stats"],
    ["filter a >", "", "unexpected end of the query"],
    ["filter a = 'x", "'", "the text that begins with ' has no end"],
    ["filter a like /x", "/x", "the regular expression has no end"],
    ["filter a like x", "x", "expected a text or a regular expression"],
    ["filter a like /(/", "/(/", "invalid regular expression"],
    ["filter a like /[[:alpha:]]/", "/[[:alpha:]]/", "local AWS does not know classes such as [:alpha:]"],
    ["filter a like /x++/", "/x++/", "local AWS does not know possessive quantifiers"],
    ["filter a like /x(?i)y/", "/x(?i)y/", "local AWS does not know flags within the expression"],
    ["filter a in 'x'", "'x'", "expected '['"],
    ["filter a in ['x'", "", "expected ','"],
    ["filter a not 'x'", "'x'", "expected 'like' or 'in'"],
    ["filter a === 1", "=", "unexpected symbol found ="],
    ["filter a == 1", "=", "unexpected symbol found ="],
    ["filter a && b", "&", "unexpected symbol found &"],
    ["filter and", "and", "unexpected symbol found and"],
    ["filter isIpInSubnet(a, '10.0.0.0/33')", "isIpInSubnet(a, '10.0.0.0/33')", "10.0.0.0/33 is not a subnet"],
    [
      "filter isIpv6InSubnet(a, '10.0.0.0/8')",
      "isIpv6InSubnet(a, '10.0.0.0/8')",
      "10.0.0.0/8 is not a subnet such as fd00::/8",
    ],
    ["parse @message", "", "expected a pattern"],
    ["parse @message 'no star' as a", "'no star'", "the pattern has no *"],
    ["parse @message '* *' as a", "'* *' as a", "the pattern has 2 of * and 1 names"],
    ["parse @message '*'", "", "expected 'as'"],
    ["parse @message /(x)/", "/(x)/", "the regular expression has no named group"],
    ["parse @message logfmt as x", "logfmt", "local AWS does not have parse logfmt"],
    ["stats a", "a", "stats needs an aggregation of a"],
    ["stats 1", "1", "stats needs an aggregation such as count(*)"],
    ["stats strlen(a) by b", "a", "stats needs an aggregation of a"],
    ["stats sum(a) + b", "b", "stats needs an aggregation of b"],
    ["stats sum()", "sum()", "wrong arguments of sum"],
    ["stats sum(*)", "sum(*)", "wrong arguments of sum"],
    ["stats sum(sum(a))", "sum(a)", "sum can only aggregate within stats"],
    ["stats pct(a)", "pct(a)", "wrong arguments of pct"],
    ["stats pct(a, 101)", "pct(a, 101)", "the percentile is a number from 0 to 100"],
    ["stats pct(a, b)", "pct(a, b)", "the percentile is a number from 0 to 100"],
    ["stats rate(a, 1m) by bin(5m)", "rate(a, 1m)", "local AWS does not have the function rate"],
    ["stats count(*) by", "", "unexpected end of the query"],
    ["stats count(*) by count(*)", "count(*)", "count can only aggregate within stats"],
    ["stats count(*) by bin(5)", "bin(5)", "bin is used as in bin(5m)"],
    ["stats count(*) by bin()", "bin()", "bin is used as in bin(5m)"],
    ["stats count(*) by bin(5m) offset 1h", "offset", "local AWS does not have offset"],
    ["stats count(*) by datefloor(5m)", "datefloor(5m)", "datefloor is used as in datefloor(@timestamp, 5m)"],
    ["stats count(*) as n by a | filter b > 1", "b", "the stats command before does not define b"],
    ["stats count(*) as n by a | display @message", "@message", "the stats command before does not define @message"],
    [
      "stats count(*) as n by a | stats sum(n) by bin(5m)",
      "bin(5m)",
      "the stats command before does not define @timestamp",
    ],
    ["stats count(*) as n by a | stats latest(n)", "latest(n)", "latest goes by the time of events"],
    ["stats count(*) as n | stats sum(n) as n | stats sum(n)", "stats sum(n)", "a query has at most 2 stats commands"],
    ["stats count(*) as n by a | sort n | stats sum(n)", "sort n", "sort must come after the second stats command"],
    ["limit 5 | stats count(*) as n | stats sum(n)", "limit 5", "limit must come after the second stats command"],
    ["sort", "", "unexpected end of the query"],
    ["sort a up", "up", "unexpected symbol found up"],
    ["limit", "", "expected a whole number from 1"],
    ["limit 0", "0", "expected a whole number from 1"],
    ["limit 1.5", "1.5", "expected a whole number from 1"],
    ["limit 100001", "100001", "the limit is at most 100000"],
    ["limit many", "many", "expected a whole number from 1"],
    ["dedup a | sort b", "sort b", "only limit can follow dedup, unexpected symbol found sort"],
    ["dedup", "", "unexpected end of the query"],
    ["display strlen(a)", "(", "unexpected symbol found ("],
    ["unnest a", "", "expected 'into'"],
    ["unnest a as b", "as", "expected 'into'"],
    ["pattern @message", "pattern", "local AWS does not have the command pattern"],
    ["fields a | diff", "diff", "local AWS does not have the command diff"],
    ["anomaly", "anomaly", "local AWS does not have the command anomaly"],
    ["join type=inner", "join", "local AWS does not have the command join"],
    ["lookup t a", "lookup", "local AWS does not have the command lookup"],
    ["filterIndex a = 1", "filterIndex", "local AWS does not have the command filterIndex"],
    ["fields unmask(@message)", "unmask(@message)", "local AWS does not have the function unmask"],
    ["head 5", "head", "local AWS does not have the command head"],
    ["SOURCE logGroups(name: ['a']) | fields a", "name", "expected namePrefix, class or accountIdentifiers"],
    [
      "SOURCE logGroups(namePrefix: ['1','2','3','4','5','6']) | fields a",
      "namePrefix",
      "there are more than 5 prefixes",
    ],
    ["SOURCE logGroups() fields a", "fields", "expected '|'"],
    ["SOURCE a | fields b", "a", "expected 'loggroups'"],
    ["fields a | SOURCE 'b' | fields c", "SOURCE", "unexpected symbol found SOURCE"],
    [`filter ${"(".repeat(101)}a${")".repeat(101)}`, "(", "the expression is nested more than 100 deep"],
    ["fields a[b]", "b", "expected an index"],
    ["fields a. b", "b", "expected the name of a field"],
    ["fields `a", "`", "the text that begins with ` has no end"],
  ])("%s", (query, marked, message) => {
    const { span, message: told } = errorOf(query);
    expect(query.slice(span.start, span.end)).toBe(marked);
    expect(told).toContain(message);
  });
});
