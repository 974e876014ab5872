import { lexer, type Token, type Tokens } from "marked";

/** Where the words are, from the repository's root. */
export const GLOSSARY = "docs/glossary.md";

/** A word of the glossary, with what it must not be written as. */
export interface GlossaryTerm {
  readonly term: string;
  /** As the glossary has them: `artefact`, or with any ending `behavior*`. */
  readonly not: readonly string[];
}

/** A place where something is written as the glossary says that it is not. */
export interface WrongTerm {
  /** Beginning with 1. */
  readonly line: number;
  readonly found: string;
  readonly term: string;
}

/**
 * Reads the tables of the glossary that have a column `not`.
 *
 * @throws Error where there is none, or where a term forbids itself
 */
export function readGlossary(source: string): readonly GlossaryTerm[] {
  const terms = lexer(source)
    .filter((token): token is Tokens.Table => token.type === "table")
    .flatMap(({ header, rows }) => {
      const column = header.findIndex(({ text }) => text === "not");
      return column === -1
        ? []
        : rows.map((cells) => ({
            term: cells[0]?.text ?? "",
            not: codesOf(cells[column]?.tokens ?? []),
          }));
    })
    .filter(({ not }) => not.length > 0);
  if (terms.length === 0) {
    throw new Error("the glossary has no table with a column 'not', so nothing would be checked");
  }
  for (const { term, not } of terms) {
    const itself = not.find((variant) => wrongTerms(term, [{ term, not: [variant] }]).length > 0);
    if (itself !== undefined) {
      throw new Error(`the glossary forbids '${itself}', which its own '${term}' is written as`);
    }
  }
  return terms;
}

/**
 * Finds what is written as it should not be. A variant in lower case is found in any case, unless it differs from its term in nothing else;
 * one with capitals as it is.
 */
export function wrongTerms(text: string, glossary: readonly GlossaryTerm[]): readonly WrongTerm[] {
  return glossary
    .flatMap(({ term, not }) =>
      not.flatMap((variant) =>
        [...text.matchAll(patternOf(variant, term))].map(({ 0: found, index }) => ({
          line: text.slice(0, index).split("\n").length,
          found: found.replaceAll(/\s+/g, " "),
          term,
        })),
      ),
    )
    .toSorted((a, b) => a.line - b.line);
}

function patternOf(variant: string, term: string): RegExp {
  const text = variant.replace(/\*$/, "");
  const words = text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(/\s+/g, "\\s+");
  const end = variant.endsWith("*") ? "[a-z]*" : "";
  const isExact = text !== text.toLowerCase() || term.toLowerCase().includes(text);
  // A hyphen, a dot or a slash belongs to a name: github.com, put-back, node.js.
  return new RegExp(`(?<![\\w/.@-])${words}${end}(?![\\w/@-]|\\.\\w)`, isExact ? "g" : "gi");
}

function codesOf(tokens: readonly Token[]): string[] {
  return tokens.filter(({ type }) => type === "codespan").map((token) => (token as Tokens.Codespan).text);
}
