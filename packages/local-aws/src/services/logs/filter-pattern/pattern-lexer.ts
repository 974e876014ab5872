import type { ComparisonOperator, Operand } from "./condition.ts";
import { invalidPattern } from "./filter-pattern.ts";

/** Regular expressions that one JSON or space-delimited pattern may have. */
const MAX_REGEXES = 2;
const OPERATORS: readonly ComparisonOperator[] = ["!=", "<=", ">=", "=", "<", ">"];

/** Reads the inside of JSON and space-delimited patterns, piece by piece. */
export class PatternLexer {
  readonly #text: string;
  #at = 0;
  #regexes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** How many regular expressions were read. */
  get regexes(): number {
    return this.#regexes;
  }

  get atEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length;
  }

  /** Consumes a fixed piece of text when it comes next. */
  take(piece: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(piece, this.#at)) {
      return false;
    }
    this.#at += piece.length;
    return true;
  }

  /** Consumes a word, in any case, that no letter follows. */
  takeWord(word: string): boolean {
    this.#skipSpace();
    const found = this.#text.slice(this.#at, this.#at + word.length);
    const next = this.#text[this.#at + word.length];
    if (found.toUpperCase() !== word || (next !== undefined && /\w/.test(next))) {
      return false;
    }
    this.#at += word.length;
    return true;
  }

  /** Consumes what the expression (with the sticky flag) matches. */
  takeMatch(pattern: RegExp): string | undefined {
    this.#skipSpace();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  takeOperator(): ComparisonOperator | undefined {
    const operator = OPERATORS.find((candidate) => this.take(candidate));
    // `=!` is how older patterns write `!=`.
    return operator === "=" && this.take("!") ? "!=" : operator;
  }

  /** Reads a value: quoted, a regular expression between `%` signs, or bare up to the next separator. */
  readOperand(bare: RegExp): Operand {
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === '"') {
      return { kind: "quoted", text: this.#readQuoted() };
    }
    if (first === "%") {
      const end = this.#text.indexOf("%", this.#at + 1);
      if (end < 0) {
        throw invalidPattern("a regular expression has no closing %");
      }
      if (++this.#regexes > MAX_REGEXES) {
        throw invalidPattern(`it has more than ${MAX_REGEXES} regular expressions`);
      }
      const text = this.#text.slice(this.#at + 1, end);
      this.#at = end + 1;
      return { kind: "regex", text };
    }
    const text = this.takeMatch(bare);
    if (text === undefined || text === "") {
      throw this.unexpected("a value");
    }
    return { kind: "bare", text };
  }

  unexpected(wanted: string) {
    this.#skipSpace();
    const found = this.#text.slice(this.#at, this.#at + 12);
    return invalidPattern(
      `expected ${wanted} at position ${this.#at}, found ${found === "" ? "the end" : `"${found}"`}`,
    );
  }

  #readQuoted(): string {
    let text = "";
    for (let index = this.#at + 1; index < this.#text.length; index++) {
      const char = this.#text[index] ?? "";
      if (char === "\\" && /["\\]/.test(this.#text[index + 1] ?? "")) {
        text += this.#text[++index];
      } else if (char === '"') {
        this.#at = index + 1;
        return text;
      } else {
        text += char;
      }
    }
    throw invalidPattern("a quoted string has no closing quote");
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? "x")) {
      this.#at++;
    }
  }
}
