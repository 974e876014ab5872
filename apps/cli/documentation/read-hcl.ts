/** A value of Terraform's language; `UNKNOWN` is what only an apply would know, and all that is made of it. */
export type HclValue = string | number | boolean | null | typeof UNKNOWN | readonly HclValue[] | HclObject;
export interface HclObject {
  readonly [key: string]: HclValue;
}
export const UNKNOWN = Symbol("known after apply");

/** What an expression may ask for: `var`, `local`, `each`, and the variables of the `for` expressions around it. */
export type HclScope = (root: string) => HclValue;
export type HclExpression = (scope: HclScope) => HclValue;

/** What stands between two braces, or in a file. */
export interface HclBody {
  readonly attributes: ReadonlyMap<string, HclExpression>;
  readonly blocks: readonly HclBlock[];
}
export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: HclBody;
}

/**
 * Reads a file of Terraform: attributes, blocks and the expressions that the modules of this repository are written with. Documents are held
 * against what Terraform would make of it, in milliseconds; what it does not know it says, and never guesses.
 *
 * @throws Error naming the line
 */
export function readHcl(source: string): HclBody {
  const reader = new HclReader(source);
  return reader.body(undefined);
}

type Binary = (left: HclValue, right: HclValue) => HclValue;

const known =
  (work: (...values: never[]) => HclValue) =>
  (...values: readonly HclValue[]): HclValue =>
    values.includes(UNKNOWN) ? UNKNOWN : work(...(values as never[]));

/** By how tightly they bind, the loosest first. */
const OPERATORS: readonly Readonly<Record<string, Binary>>[] = [
  { "||": known((a: boolean, b: boolean) => a || b) },
  { "&&": known((a: boolean, b: boolean) => a && b) },
  { "==": known((a: HclValue, b: HclValue) => a === b), "!=": known((a: HclValue, b: HclValue) => a !== b) },
  {
    "<=": known((a: number, b: number) => a <= b),
    ">=": known((a: number, b: number) => a >= b),
    "<": known((a: number, b: number) => a < b),
    ">": known((a: number, b: number) => a > b),
  },
  { "+": known((a: number, b: number) => a + b), "-": known((a: number, b: number) => a - b) },
  { "*": known((a: number, b: number) => a * b), "/": known((a: number, b: number) => a / b) },
];

const FUNCTIONS: Readonly<Record<string, (...values: readonly HclValue[]) => HclValue>> = {
  coalesce: (...values) => values.find((value) => value !== null && value !== "") ?? null,
  concat: (...lists) => (lists as (readonly HclValue[])[]).flat(),
  join: known((by: string, list: readonly HclValue[]) => (list.includes(UNKNOWN) ? UNKNOWN : list.join(by))),
  merge: (...objects) => Object.assign({}, ...objects),
  replace: known((text: string, from: string, to: string) => text.replaceAll(from, to)),
  startswith: known((text: string, start: string) => text.startsWith(start)),
  trimprefix: known((text: string, start: string) => (text.startsWith(start) ? text.slice(start.length) : text)),
};

class HclReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  body(end: "}" | undefined): HclBody {
    const attributes = new Map<string, HclExpression>();
    const blocks: HclBlock[] = [];
    for (;;) {
      this.#skip(true);
      if (end === undefined ? this.#at >= this.#text.length : this.#next(end)) {
        return { attributes, blocks };
      }
      if (this.#at >= this.#text.length) {
        throw this.#problem(`'${end}' is missing`);
      }
      const name = this.#identifier();
      this.#skip(false);
      if (/^=(?!=)/.test(this.#rest(2))) {
        this.#at += 1;
        attributes.set(name, this.#expression(false));
      } else {
        const labels: string[] = [];
        while (!this.#next("{")) {
          labels.push(this.#rest(1) === '"' ? String(this.#string()(() => UNKNOWN)) : this.#identifier());
          this.#skip(false);
        }
        blocks.push({ type: name, labels, body: this.body("}") });
      }
    }
  }

  /** @param isOpen whether lines may end inside, as between parentheses */
  #expression(isOpen: boolean, level = 0): HclExpression {
    const operators = OPERATORS[level];
    if (operators === undefined) {
      return this.#unary(isOpen);
    }
    let left = this.#expression(isOpen, level + 1);
    for (;;) {
      this.#skip(isOpen);
      const name = Object.keys(operators).find((each) => this.#text.startsWith(each, this.#at));
      const work = operators[name ?? ""];
      if (name === undefined || work === undefined || this.#rest(2) === "=>") {
        break;
      }
      this.#at += name.length;
      const [before, right] = [left, this.#expression(isOpen, level + 1)];
      left = (scope) => work(before(scope), right(scope));
    }
    if (level > 0 || !this.#next("?")) {
      return left;
    }
    const [condition, yes] = [left, this.#expression(isOpen)];
    this.#skip(isOpen);
    this.#expect(":");
    const no = this.#expression(isOpen);
    return (scope) => {
      const value = condition(scope);
      return value === UNKNOWN ? UNKNOWN : value === true ? yes(scope) : no(scope);
    };
  }

  #unary(isOpen: boolean): HclExpression {
    this.#skip(isOpen);
    if (/^!(?!=)/.test(this.#rest(2))) {
      this.#at += 1;
      const inner = this.#unary(isOpen);
      return (scope) => known((value: boolean) => !value)(inner(scope));
    }
    if (this.#next("-")) {
      const inner = this.#unary(isOpen);
      return (scope) => known((value: number) => -value)(inner(scope));
    }
    let value = this.#primary();
    for (;;) {
      if (/^\.[A-Za-z_]/.test(this.#rest(2))) {
        this.#at += 1;
        const name = this.#identifier();
        const inner = value;
        value = (scope) => member(inner(scope), name);
      } else if (this.#text.startsWith("[*]", this.#at)) {
        this.#at += 3;
        value = () => UNKNOWN;
      } else if (this.#next("[")) {
        const [inner, index] = [value, this.#expression(true)];
        this.#skip(true);
        this.#expect("]");
        value = (scope) => member(inner(scope), index(scope));
      } else {
        return value;
      }
    }
  }

  #primary(): HclExpression {
    const next = this.#rest(1);
    if (next === '"') {
      return this.#string();
    }
    if (this.#next("(")) {
      const inner = this.#expression(true);
      this.#skip(true);
      this.#expect(")");
      return inner;
    }
    if (this.#next("<<-")) {
      return this.#document();
    }
    if (this.#next("[")) {
      return this.#tuple();
    }
    if (this.#next("{")) {
      return this.#object();
    }
    const [number] = /^\d+(?:\.\d+)?/.exec(this.#rest(20)) ?? [];
    if (number !== undefined) {
      this.#at += number.length;
      return () => Number(number);
    }
    const name = this.#identifier();
    if (this.#next("(")) {
      return this.#call(name);
    }
    const literals: Readonly<Record<string, HclValue>> = { true: true, false: false, null: null };
    return Object.hasOwn(literals, name) ? () => literals[name] ?? null : (scope) => scope(name);
  }

  #call(name: string): HclExpression {
    const args: HclExpression[] = [];
    let isSpread = false;
    for (;;) {
      this.#skip(true);
      if (this.#next(")")) {
        break;
      }
      args.push(this.#expression(true));
      this.#skip(true);
      isSpread ||= this.#next("...");
      this.#skip(true);
      this.#next(",");
    }
    if (name === "try") {
      return (scope) => firstThatCan(args, scope);
    }
    return (scope) => {
      const values = args.map((arg) => arg(scope));
      const last = isSpread ? values.pop() : [];
      const work = FUNCTIONS[name];
      return work === undefined || last === UNKNOWN ? UNKNOWN : work(...values, ...((last ?? []) as HclValue[]));
    };
  }

  #tuple(): HclExpression {
    this.#skip(true);
    if (/^for\s/.test(this.#rest(4))) {
      return this.#for("]");
    }
    const items: HclExpression[] = [];
    for (;;) {
      this.#skip(true);
      if (this.#next("]")) {
        return (scope) => items.map((item) => item(scope));
      }
      items.push(this.#expression(true));
      this.#skip(true);
      this.#next(",");
    }
  }

  #object(): HclExpression {
    this.#skip(true);
    if (/^for\s/.test(this.#rest(4))) {
      return this.#for("}");
    }
    const entries: [HclExpression, HclExpression][] = [];
    for (;;) {
      this.#skip(true);
      if (this.#next("}")) {
        return (scope) => Object.fromEntries(entries.map(([key, value]) => [String(key(scope)), value(scope)]));
      }
      const [bare] = /^[A-Za-z_][\w-]*(?=\s*[=:])/.exec(this.#rest(200)) ?? [];
      this.#at += bare?.length ?? 0;
      const key = bare === undefined ? this.#unary(true) : () => bare;
      this.#skip(true);
      if (!this.#next("=")) {
        this.#expect(":");
      }
      entries.push([key, this.#expression(false)]);
      this.#skip(false);
      this.#next(",");
    }
  }

  /** `for key, value in list : key => value if condition` up to its bracket; of lists it gives lists, of objects objects. */
  #for(end: "]" | "}"): HclExpression {
    this.#at += 3;
    const names: string[] = [];
    do {
      this.#skip(true);
      names.push(this.#identifier());
      this.#skip(true);
    } while (this.#next(","));
    if (this.#identifier() !== "in") {
      throw this.#problem("`in` is missing");
    }
    const all = this.#expression(true);
    this.#skip(true);
    this.#expect(":");
    const first = this.#expression(true);
    this.#skip(true);
    const second = this.#next("=>") ? this.#expression(true) : undefined;
    this.#skip(true);
    this.#next("...");
    this.#skip(true);
    const condition = /^if\s/.test(this.#rest(3)) ? this.#condition() : undefined;
    this.#skip(true);
    this.#expect(end);
    return (scope) => {
      const value = all(scope);
      if (value === UNKNOWN || value === null || typeof value !== "object") {
        return UNKNOWN;
      }
      const scopes = Object.entries(value).map(([key, each]): HclScope => {
        const bound: HclObject =
          names.length === 1 ? { [names[0] ?? ""]: each } : { [names[0] ?? ""]: key, [names[1] ?? ""]: each };
        return (root) => (Object.hasOwn(bound, root) ? (bound[root] ?? null) : scope(root));
      });
      const kept = scopes.filter((inner) => condition === undefined || condition(inner) === true);
      return second === undefined
        ? kept.map(first)
        : Object.fromEntries(kept.map((inner) => [String(first(inner)), second(inner)]));
    };
  }

  #condition(): HclExpression {
    this.#at += 2;
    return this.#expression(true);
  }

  #string(): HclExpression {
    this.#expect('"');
    const parts: (string | HclExpression)[] = [];
    let text = "";
    for (;;) {
      const next = this.#rest(1);
      if (next === "" || next === "\n") {
        throw this.#problem("a string is not closed");
      }
      if (this.#next('"')) {
        parts.push(text);
        return (scope) => {
          const values = parts.map((part) => (typeof part === "string" ? part : part(scope)));
          return values.includes(UNKNOWN) ? UNKNOWN : values.map(String).join("");
        };
      }
      if (this.#rest(3) === "$${" || this.#rest(3) === "%%{") {
        text += this.#rest(3).slice(1);
        this.#at += 3;
      } else if (this.#next("${")) {
        parts.push(text, this.#expression(true));
        text = "";
        this.#skip(true);
        this.#expect("}");
      } else if (next === "\\") {
        const escaped = this.#rest(2)[1] ?? "";
        text += { n: "\n", t: "\t" }[escaped] ?? escaped;
        this.#at += 2;
      } else {
        text += next;
        this.#at += 1;
      }
    }
  }

  /** A here-document whose indentation is taken off; one with a template in it is not read. */
  #document(): HclExpression {
    const end = this.#identifier();
    const [whole = "", text = ""] =
      new RegExp(`^\\n([\\s\\S]*?\\n)[ \\t]*${end}(?=\\n)`).exec(this.#text.slice(this.#at)) ?? [];
    if (whole === "" || text.includes("${")) {
      throw this.#problem(`the here-document ${end} is not read here`);
    }
    this.#at += whole.length;
    const lines = text.split("\n");
    const indents = lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
    const value = lines.map((line) => line.slice(Math.min(...indents))).join("\n");
    return () => value;
  }

  #identifier(): string {
    const [name] = /^[A-Za-z_][\w-]*/.exec(this.#rest(200)) ?? [];
    if (name === undefined) {
      throw this.#problem(`'${this.#rest(10)}' is not read here`);
    }
    this.#at += name.length;
    return name;
  }

  #skip(lines: boolean): void {
    const blank = lines ? /^(?:\s|#[^\n]*|\/\/[^\n]*)+/ : /^(?:[ \t]|#[^\n]*|\/\/[^\n]*)+/;
    this.#at += blank.exec(this.#text.slice(this.#at))?.[0].length ?? 0;
  }

  #rest(length: number): string {
    return this.#text.slice(this.#at, this.#at + length);
  }

  #next(text: string | undefined): boolean {
    const isThere = text !== undefined && this.#text.startsWith(text, this.#at);
    this.#at += isThere ? text.length : 0;
    return isThere;
  }

  #expect(text: string): void {
    if (!this.#next(text)) {
      throw this.#problem(`'${text}' is missing`);
    }
  }

  #problem(what: string): Error {
    return new Error(`line ${this.#text.slice(0, this.#at).split("\n").length}: ${what}`);
  }
}

function firstThatCan(args: readonly HclExpression[], scope: HclScope): HclValue {
  for (const arg of args.slice(0, -1)) {
    try {
      return arg(scope);
    } catch {
      // What cannot be evaluated is what `try` is there for.
    }
  }
  return args.at(-1)?.(scope) ?? null;
}

function member(value: HclValue, key: HclValue): HclValue {
  if (value === UNKNOWN || key === UNKNOWN) {
    return UNKNOWN;
  }
  const found = (value as HclObject | null)?.[String(key)];
  if (found === undefined) {
    throw new Error(`there is no '${String(key)}'`);
  }
  return found;
}
