import { describePlace, MalformedQuery, malformed, type Span } from "./malformed-query.ts";

/** What a word of a query is. */
export type Token =
  | { readonly kind: "word"; readonly text: string; readonly span: Span }
  | { readonly kind: "quoted"; readonly text: string; readonly span: Span }
  | { readonly kind: "string"; readonly text: string; readonly span: Span }
  | { readonly kind: "number"; readonly text: string; readonly unit: string; readonly span: Span }
  | { readonly kind: "symbol"; readonly text: string; readonly span: Span }
  | { readonly kind: "end"; readonly text: ""; readonly span: Span };

const BLANK = /(?:\s|#[^\n]*)*/y;
const WORD = /[A-Za-z_@$\u0080-\uffff][\w@$\u0080-\uffff]*/y;
const NUMBER = /(\d+(?:\.\d+)?(?:[eE][+-]?\d+(?![A-Za-z_]))?)([A-Za-z_]\w*)?/y;
const QUOTED = /`((?:[^`\\]|\\[\s\S])+)`/y;
const STRING = /"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'/y;
const SYMBOL = /=~|!=|<=|>=|[|,()[\].:=<>+\-*/%^]/y;
/** The end is the first slash that is neither escaped nor within a class of characters. */
const REGEX = /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])*)\//y;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/**
 * Reads a query word by word. The parser drives it, since only the parser knows whether a slash divides or begins a regular
 * expression.
 */
export class Scanner {
  readonly text: string;
  #token: Token | undefined;
  #position = 0;
  #lastEnd = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next token, which stays the next one. */
  get next(): Token {
    this.#token ??= this.#read();
    return this.#token;
  }

  /** Where the last taken token ended. */
  get lastEnd(): number {
    return this.#lastEnd;
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.next;
    this.#token = undefined;
    this.#position = token.span.end;
    this.#lastEnd = token.span.end;
    return token;
  }

  /** Whether the next token is this symbol. */
  isAt(symbol: string): boolean {
    return this.next.kind === "symbol" && this.next.text === symbol;
  }

  /** Takes a symbol when it is the next token. */
  skip(symbol: string): boolean {
    if (!this.isAt(symbol)) {
      return false;
    }
    this.take();
    return true;
  }

  /** @throws MalformedQuery when the next token is another */
  expect(symbol: string): Token {
    if (!this.isAt(symbol)) {
      throw this.unexpected(`'${symbol}'`);
    }
    return this.take();
  }

  /** Whether the next token is this keyword; case does not matter. */
  isAtWord(...words: readonly string[]): boolean {
    return this.next.kind === "word" && words.includes(this.next.text.toLowerCase());
  }

  /** Takes a keyword when it is the next token. */
  skipWord(word: string): boolean {
    if (!this.isAtWord(word)) {
      return false;
    }
    this.take();
    return true;
  }

  /** @throws MalformedQuery when the next token is another */
  expectWord(word: string): void {
    if (!this.skipWord(word)) {
      throw this.unexpected(`'${word}'`);
    }
  }

  /** Whether a character follows the last token without a space between. */
  isGlued(): boolean {
    return this.next.span.start === this.#lastEnd;
  }

  /** Takes a regular expression between slashes, which the next token must begin. */
  takeRegex(): { source: string; span: Span } {
    const { start } = this.next.span;
    REGEX.lastIndex = start;
    const match = REGEX.exec(this.text);
    if (match === null) {
      throw this.malformed("the regular expression has no end", { start, end: this.text.length });
    }
    this.#token = undefined;
    this.#position = REGEX.lastIndex;
    this.#lastEnd = REGEX.lastIndex;
    return { source: match[1] ?? "", span: { start, end: REGEX.lastIndex } };
  }

  /** The error for a token that cannot stand where it does. */
  unexpected(expected?: string): MalformedQuery {
    const { next } = this;
    const what = next.kind === "end" ? "unexpected end of the query" : `unexpected symbol found ${this.#sliceOf(next)}`;
    const hint = expected === undefined ? "" : `, expected ${expected}`;
    return new MalformedQuery(`${what} ${describePlace(this.text, next.span)}${hint}`, next.span);
  }

  /** An error about a place that has been read. */
  malformed(message: string, span: Span): MalformedQuery {
    return malformed(this.text, message, span);
  }

  #sliceOf({ span }: Token): string {
    return this.text.slice(span.start, span.end);
  }

  #read(): Token {
    BLANK.lastIndex = this.#position;
    BLANK.exec(this.text);
    const start = BLANK.lastIndex;
    if (start >= this.text.length) {
      return { kind: "end", text: "", span: { start: this.text.length, end: this.text.length } };
    }
    const match = (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = start;
      return pattern.exec(this.text);
    };
    const word = match(WORD);
    if (word !== null) {
      return { kind: "word", text: word[0], span: { start, end: start + word[0].length } };
    }
    const number = match(NUMBER);
    if (number !== null) {
      const [all, text = "", unit = ""] = number;
      return { kind: "number", text, unit, span: { start, end: start + all.length } };
    }
    const string = match(STRING);
    if (string !== null) {
      return {
        kind: "string",
        text: readEscapes(string[1] ?? string[2] ?? ""),
        span: { start, end: start + string[0].length },
      };
    }
    const quoted = match(QUOTED);
    if (quoted !== null) {
      return { kind: "quoted", text: readEscapes(quoted[1] ?? ""), span: { start, end: start + quoted[0].length } };
    }
    const symbol = match(SYMBOL);
    const span = { start, end: start + (symbol?.[0].length ?? 1) };
    if (symbol === null) {
      const found = this.text.slice(start, span.end);
      const what = `"'\``.includes(found)
        ? `the text that begins with ${found} has no end`
        : `unexpected symbol found ${found}`;
      throw this.malformed(what, span);
    }
    return { kind: "symbol", text: symbol[0], span };
  }
}

/** A backslash keeps a quote or a backslash, and makes line ends and tabs; before anything else it stands for itself. */
function readEscapes(text: string): string {
  return text.replace(/\\([\s\S])/g, (all, character: string) =>
    `"'\`\\`.includes(character) ? character : (ESCAPES[character] ?? all),
  );
}
