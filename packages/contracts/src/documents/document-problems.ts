import { describeProblems } from "../describe-problems.ts";
import { type DocumentName, documents } from "./documents.ts";

/**
 * What keeps a value from being one of some documents.
 *
 * @param names of the documents that it may be
 * @returns what is wrong with it by the document that it is nearest to; empty where it is one of them
 */
export function documentProblems(value: unknown, names: readonly DocumentName[]): readonly string[] {
  const problems = names.map((name) => {
    const read = documents[name].schema.safeParse(value);
    return read.success ? [] : describeProblems(read.error).map((problem) => `${name}: ${problem}`);
  });
  return problems.toSorted((left, right) => left.length - right.length)[0] ?? ["there is no document that it could be"];
}
