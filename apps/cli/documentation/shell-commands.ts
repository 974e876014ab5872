/** One command of a shell script, without what surrounds it: `A=1 cmd x > file | other` has two. */
export interface ShellCommand {
  /** Its words as the program gets them; what `$(...)` would say stands there as it is written. */
  readonly words: readonly string[];
  /** Line in the script, from 1. */
  readonly line: number;
}

/**
 * The commands of a script in the small part of the shell's language that documents use: quotes, backslashes, comments, pipes, lists
 * (`;`, `&&`, `||`, `&`), redirections, assignments before a command, and `$(...)` and `<(...)`, whose own commands are among them.
 *
 * @param keywords - with `simple`, `if` and `while` are read, too, as scripts of workflows need them: what stands between their words are
 *   commands like all others
 * @throws Error when a quote or a substitution is not closed, or with what is none of that part: a here-document, a backquote
 */
export function shellCommands(
  script: string,
  { keywords = "none" }: { readonly keywords?: "none" | "simple" } = {},
): readonly ShellCommand[] {
  return new Reader(script, 1, keywords === "simple").commands();
}

const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const KEYWORDS = new Set(["if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac"]);
const SIMPLE = new Set(["if", "then", "else", "elif", "fi", "while", "until", "do", "done"]);

class Reader {
  readonly #text: string;
  #at = 0;
  #line: number;
  readonly #found: ShellCommand[] = [];
  readonly #takesKeywords: boolean;

  constructor(text: string, line: number, takesKeywords: boolean) {
    this.#text = text;
    this.#takesKeywords = takesKeywords;
    this.#line = line;
  }

  commands(): readonly ShellCommand[] {
    let words: string[] = [];
    let line = this.#line;
    let isTarget = false;
    const end = () => {
      const first = words.findIndex((word) => !ASSIGNMENT.test(word));
      if (first >= 0) {
        this.#found.push({ words: words.slice(first), line });
      }
      words = [];
    };
    for (;;) {
      const rest = this.#text.slice(this.#at);
      const [blank = ""] = /^(?:[ \t]|\\\n)*/.exec(rest) ?? [];
      this.#take(blank);
      // What a command says, as a file: `<(command)` is a word.
      const [operator] =
        /^(?!<\()(?:\n|;|&&|\|\||\||#[^\n]*|<<|\d?>&\d|\d?>>?|<|&|$)/.exec(rest.slice(blank.length)) ?? [];
      if (operator === undefined) {
        if (words.length === 0) {
          line = this.#line;
        }
        const word = this.#word();
        if (words.length === 0 && this.#takesKeywords && SIMPLE.has(word)) {
          continue;
        }
        if (words.length === 0 && KEYWORDS.has(word)) {
          throw new Error(
            `line ${this.#line}: '${word}' is more of a shell than documents should ask of their readers`,
          );
        }
        if (!isTarget) {
          words.push(word);
        }
        isTarget = false;
      } else if (operator === "<<") {
        throw new Error(`line ${this.#line}: a here-document is not read here`);
      } else if (/^\d?>&\d$/.test(operator)) {
        this.#take(operator);
      } else if (/[<>]/.test(operator)) {
        this.#take(operator);
        isTarget = true;
      } else {
        if (!operator.startsWith("#")) {
          end();
        }
        this.#take(operator);
        if (this.#at >= this.#text.length) {
          end();
          return this.#found;
        }
      }
    }
  }

  #take(text: string): void {
    this.#at += text.length;
    this.#line += text.split("\n").length - 1;
  }

  #word(): string {
    let word = "";
    for (;;) {
      const next = this.#text[this.#at];
      if (this.#text.startsWith("<(", this.#at)) {
        word += this.#substitution();
        continue;
      }
      if (next === undefined || /[\s;|&<>]/.test(next)) {
        return word;
      }
      if (next === "'") {
        word += this.#quoted();
      } else if (next === '"') {
        this.#take(next);
        while (this.#text[this.#at] !== '"') {
          word += this.#piece("a double quote is not closed");
        }
        this.#take('"');
      } else {
        word += this.#piece("");
      }
    }
  }

  #quoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) {
      throw new Error(`line ${this.#line}: a single quote is not closed`);
    }
    const inside = this.#text.slice(this.#at + 1, end);
    this.#take(`'${inside}'`);
    return inside;
  }

  /** One character, an escaped one, or a substitution. */
  #piece(problem: string): string {
    const next = this.#text[this.#at];
    if (next === undefined) {
      throw new Error(`line ${this.#line}: ${problem}`);
    }
    if (next === "`") {
      throw new Error(`line ${this.#line}: a backquote; write $(...)`);
    }
    if (next === "\\") {
      const escaped = this.#text[this.#at + 1] ?? "";
      this.#take(next + escaped);
      return escaped === "\n" ? "" : escaped;
    }
    if (this.#text.startsWith("$(", this.#at)) {
      return this.#substitution();
    }
    this.#take(next);
    return next;
  }

  #substitution(): string {
    const begun = this.#line;
    let depth = 0;
    for (let end = this.#at + 1; end < this.#text.length; end += 1) {
      depth += this.#text[end] === "(" ? 1 : this.#text[end] === ")" ? -1 : 0;
      if (depth === 0) {
        const whole = this.#text.slice(this.#at, end + 1);
        this.#found.push(...new Reader(whole.slice(2, -1), begun, this.#takesKeywords).commands());
        this.#take(whole);
        return whole;
      }
    }
    throw new Error(`line ${begun}: $( is not closed`);
  }
}
