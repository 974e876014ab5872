/** A place in a text of Terraform that is being read, and what can be told from there. */
export class HclCursor {
  readonly #text: string;
  /** Lines before the text: of a here-document, where it stands. */
  readonly #before: number;
  #at = 0;

  constructor(text: string, before = 0) {
    this.#text = text;
    this.#before = before;
  }

  get isOver(): boolean {
    return this.#at >= this.#text.length;
  }

  /** What comes next; as far as the end, without a length. */
  rest(length = this.#text.length): string {
    return this.#text.slice(this.#at, this.#at + length);
  }

  /** Goes on past what has been seen. */
  advance(length: number): void {
    this.#at += length;
  }

  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  /** Goes on past a text, where it stands here. */
  next(text: string | undefined): boolean {
    const isThere = text !== undefined && this.startsWith(text);
    this.#at += isThere ? text.length : 0;
    return isThere;
  }

  /** @throws Error naming the line, where it does not stand here */
  expect(text: string): void {
    if (!this.next(text)) {
      throw this.problem(`'${text}' is missing`);
    }
  }

  /** @throws Error naming the line, where none stands here */
  identifier(): string {
    const [name] = /^[A-Za-z_][\w-]*/.exec(this.rest(200)) ?? [];
    if (name === undefined) {
      throw this.problem(`'${this.rest(10)}' is not read here`);
    }
    this.#at += name.length;
    return name;
  }

  /** Goes on past blanks and comments. @param lines whether past the ends of lines, too */
  skip(lines: boolean): void {
    const blank = lines
      ? /(?:\s|\ufeff|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y
      : /(?:[ \t]|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
    blank.lastIndex = this.#at;
    this.#at += blank.exec(this.#text)?.[0].length ?? 0;
  }

  problem(what: string): Error {
    return new Error(`line ${this.line()}: ${what}`);
  }

  line(): number {
    return this.#before + this.#text.slice(0, this.#at).split("\n").length;
  }
}
