import { HclCursor } from "./hcl-cursor.ts";
import { callHclFunction, known, OPERATORS } from "./hcl-functions.ts";
import {
  type HclBlock,
  type HclBody,
  type HclExpression,
  type HclObject,
  HclReference,
  type HclScope,
  type HclValue,
  memberOf,
  UNKNOWN,
} from "./hcl-value.ts";

/**
 * Reads a file of Terraform: attributes, blocks and expressions. What a configuration would make is known by it in milliseconds, as far as it
 * can be known without an apply; what it does not know it says, and never guesses.
 *
 * @throws Error naming the line
 * @see https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export function readHcl(source: string): HclBody {
  const reader = new HclReader(source.replaceAll("\r\n", "\n"));
  return reader.body(undefined);
}

/**
 * Reads a text with `${...}` in it, such as a string of Terraform's JSON syntax.
 *
 * @throws Error naming the line
 */
export function readHclTemplate(text: string): HclExpression {
  return new HclReader(text).template();
}

class HclReader extends HclCursor {
  body(end: "}" | undefined): HclBody {
    const attributes = new Map<string, HclExpression>();
    const blocks: HclBlock[] = [];
    for (;;) {
      this.skip(true);
      if (end === undefined ? this.isOver : this.next(end)) {
        return { attributes, blocks };
      }
      if (this.isOver) {
        throw this.problem(`'${end}' is missing`);
      }
      const name = this.identifier();
      this.skip(false);
      if (/^=(?!=)/.test(this.rest(2))) {
        this.advance(1);
        attributes.set(name, this.#expression(false));
      } else {
        const labels: string[] = [];
        while (!this.next("{")) {
          labels.push(this.rest(1) === '"' ? String(this.#string()(() => UNKNOWN)) : this.identifier());
          this.skip(false);
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
      this.skip(isOpen);
      const name = Object.keys(operators).find((each) => this.startsWith(each));
      const work = operators[name ?? ""];
      if (name === undefined || work === undefined || this.rest(2) === "=>") {
        break;
      }
      this.advance(name.length);
      const [before, right] = [left, this.#expression(isOpen, level + 1)];
      left = (scope) => work(before(scope), right(scope));
    }
    if (level > 0 || !this.next("?")) {
      return left;
    }
    const [condition, yes] = [left, this.#expression(isOpen)];
    this.skip(isOpen);
    this.expect(":");
    const no = this.#expression(isOpen);
    return (scope) => {
      const value = condition(scope);
      return value === UNKNOWN || value instanceof HclReference ? UNKNOWN : value === true ? yes(scope) : no(scope);
    };
  }

  #unary(isOpen: boolean): HclExpression {
    this.skip(isOpen);
    if (/^!(?!=)/.test(this.rest(2))) {
      this.advance(1);
      const inner = this.#unary(isOpen);
      return (scope) => known((value: boolean) => !value)(inner(scope));
    }
    if (this.next("-")) {
      const inner = this.#unary(isOpen);
      return (scope) => known((value: number) => -value)(inner(scope));
    }
    let value = this.#primary();
    for (;;) {
      if (/^\.[A-Za-z_]/.test(this.rest(2))) {
        this.advance(1);
        const name = this.identifier();
        const inner = value;
        value = (scope) => memberOf(inner(scope), name);
      } else if (/^\.\d/.test(this.rest(2))) {
        this.advance(1);
        const [digits = "0"] = /^\d+/.exec(this.rest(20)) ?? [];
        this.advance(digits.length);
        const inner = value;
        value = (scope) => memberOf(inner(scope), Number(digits), true);
      } else if (this.next("[*]") || this.next(".*")) {
        const inner = value;
        value = (scope) => {
          const all = inner(scope);
          return all instanceof HclReference ? all.member("[*]") : UNKNOWN;
        };
      } else if (this.next("[")) {
        const [inner, index] = [value, this.#expression(true)];
        this.skip(true);
        this.expect("]");
        value = (scope) => memberOf(inner(scope), index(scope), true);
      } else {
        return value;
      }
    }
  }

  #primary(): HclExpression {
    const next = this.rest(1);
    if (next === '"') {
      return this.#string();
    }
    if (this.next("(")) {
      const inner = this.#expression(true);
      this.skip(true);
      this.expect(")");
      return inner;
    }
    if (/^<<-?[A-Za-z_]/.test(this.rest(4))) {
      return this.#document();
    }
    if (this.next("[")) {
      return this.#tuple();
    }
    if (this.next("{")) {
      return this.#object();
    }
    const [number] = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(this.rest(40)) ?? [];
    if (number !== undefined) {
      this.advance(number.length);
      return () => Number(number);
    }
    let name = this.identifier();
    // Functions of providers: `provider::aws::arn_parse(...)`.
    while (this.next("::")) {
      name = `${name}::${this.identifier()}`;
    }
    if (this.next("(")) {
      return this.#call(name);
    }
    const literals: Readonly<Record<string, HclValue>> = { true: true, false: false, null: null };
    return Object.hasOwn(literals, name) ? () => literals[name] ?? null : (scope) => scope(name);
  }

  #call(name: string): HclExpression {
    const args: HclExpression[] = [];
    let isSpread = false;
    for (;;) {
      this.skip(true);
      if (this.next(")")) {
        break;
      }
      args.push(this.#expression(true));
      this.skip(true);
      isSpread ||= this.next("...");
      this.skip(true);
      this.next(",");
    }
    if (name === "try") {
      return (scope) => firstThatCan(args, scope);
    }
    return (scope) => {
      const values = args.map((arg) => arg(scope));
      const last = isSpread ? values.pop() : [];
      return Array.isArray(last) ? callHclFunction(name, [...values, ...last]) : UNKNOWN;
    };
  }

  #tuple(): HclExpression {
    this.skip(true);
    if (/^for\s/.test(this.rest(4))) {
      return this.#for("]");
    }
    const items: HclExpression[] = [];
    for (;;) {
      this.skip(true);
      if (this.next("]")) {
        return (scope) => items.map((item) => item(scope));
      }
      items.push(this.#expression(true));
      this.skip(true);
      this.next(",");
    }
  }

  #object(): HclExpression {
    this.skip(true);
    if (/^for\s/.test(this.rest(4))) {
      return this.#for("}");
    }
    const entries: [HclExpression, HclExpression][] = [];
    for (;;) {
      this.skip(true);
      if (this.next("}")) {
        return (scope) => Object.fromEntries(entries.map(([key, value]) => [String(key(scope)), value(scope)]));
      }
      const [bare] = /^[A-Za-z_][\w-]*(?=\s*[=:])/.exec(this.rest(200)) ?? [];
      this.advance(bare?.length ?? 0);
      const key = bare === undefined ? this.#unary(true) : () => bare;
      this.skip(true);
      if (!this.next("=")) {
        this.expect(":");
      }
      entries.push([key, this.#expression(false)]);
      this.skip(false);
      this.next(",");
    }
  }

  /** `for key, value in list : key => value if condition` up to its bracket; of lists it gives lists, of objects objects. */
  #for(end: "]" | "}"): HclExpression {
    this.advance(3);
    const names: string[] = [];
    do {
      this.skip(true);
      names.push(this.identifier());
      this.skip(true);
    } while (this.next(","));
    if (this.identifier() !== "in") {
      throw this.problem("`in` is missing");
    }
    const all = this.#expression(true);
    this.skip(true);
    this.expect(":");
    const first = this.#expression(true);
    this.skip(true);
    const second = this.next("=>") ? this.#expression(true) : undefined;
    this.skip(true);
    this.next("...");
    this.skip(true);
    const condition = /^if\s/.test(this.rest(3)) ? this.#condition() : undefined;
    this.skip(true);
    this.expect(end);
    return (scope) => {
      const value = all(scope);
      if (value === UNKNOWN || value === null || typeof value !== "object" || value instanceof HclReference) {
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
    this.advance(2);
    return this.#expression(true);
  }

  #string(): HclExpression {
    this.expect('"');
    return this.#template(() => {
      const next = this.rest(1);
      if (next === "" || next === "\n") {
        throw this.problem("a string is not closed");
      }
      return this.next('"');
    }, true);
  }

  /** All that there is, as a text. */
  template(): HclExpression {
    return this.#template(() => this.isOver, false);
  }

  /** A text with `${...}` in it. Of one with directives (`%{ if ... }`) nobody knows what it comes to. */
  #template(isOver: () => boolean, hasEscapes: boolean): HclExpression {
    const parts: (string | HclExpression)[] = [];
    let text = "";
    while (!isOver()) {
      const [next = "", following = ""] = this.rest(2);
      if (this.rest(3) === "$${" || this.rest(3) === "%%{") {
        text += this.rest(3).slice(1);
        this.advance(3);
      } else if (this.next("${")) {
        this.next("~");
        parts.push(text, this.#expression(true));
        text = "";
        this.skip(true);
        this.next("~");
        this.expect("}");
      } else if (this.next("%{")) {
        this.#directive();
        parts.push(() => UNKNOWN);
      } else if (hasEscapes && next === "\\") {
        text += { n: "\n", t: "\t", r: "\r" }[following] ?? following;
        this.advance(2);
      } else {
        text += next;
        this.advance(1);
      }
    }
    parts.push(text);
    return (scope) => {
      const values = parts.map((part) => (typeof part === "string" ? part : part(scope)));
      const [only, ...others] = values.filter((value) => value !== "");
      // `"${x}"` is x.
      return values.includes(UNKNOWN)
        ? UNKNOWN
        : others.length === 0 && only instanceof HclReference
          ? only
          : values.map(String).join("");
    };
  }

  /** `%{ if x }` up to its brace. */
  #directive(): void {
    while (!this.next("}")) {
      if (this.rest(1) === "") {
        throw this.problem("a directive is not closed");
      }
      if (this.rest(1) === '"') {
        this.#string();
      } else {
        this.advance(1);
      }
    }
  }

  /** A here-document; of `<<-` the indentation is taken off. */
  #document(): HclExpression {
    const isIndented = this.rest(3) === "<<-";
    this.advance(isIndented ? 3 : 2);
    const end = this.identifier();
    const [whole = "", text = ""] =
      new RegExp(`^[ \\t]*\\n((?:[^\\n]*\\n)*?)[ \\t]*${end}(?=[ \\t]*(?:\\n|$|[,)\\]}]))`).exec(this.rest()) ?? [];
    if (whole === "") {
      throw this.problem(`the here-document ${end} is not closed`);
    }
    const line = this.line();
    this.advance(whole.length);
    const lines = text.split("\n");
    const indents = lines.filter((each) => each.trim() !== "").map((each) => /^ */.exec(each)?.[0].length ?? 0);
    const shift = isIndented && indents.length > 0 ? Math.min(...indents) : 0;
    return new HclReader(lines.map((each) => each.slice(shift)).join("\n"), line).template();
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
