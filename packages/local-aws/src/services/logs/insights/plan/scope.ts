import type { Row } from "../discovery/row.ts";
import type { Expression, FieldReference } from "../language/ast.ts";
import { fieldName } from "../language/field-name.ts";
import { type MalformedQuery, malformed, type Span } from "../language/malformed-query.ts";
import { formatValue } from "../values/format-value.ts";
import { isStructure, type Value } from "../values/value.ts";
import type { Compiled } from "./compiled.ts";
import { expressionKey } from "./expression-key.ts";

/** Finds the names that no command has defined: the fields of events. Throws MalformedQuery where there are no others. */
export type Outside = (field: FieldReference) => Compiled;

/** The names that a command of a query can use. */
export class Scope {
  readonly text: string;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly #outside: Outside;
  readonly #defined = new Map<string, Compiled>();
  readonly #expressions = new Map<string, Compiled>();
  #slots: number;

  /** @param slots - how many slots rows come with */
  constructor(text: string, now: number, outside: Outside, slots = 0) {
    this.text = text;
    this.now = now;
    this.#outside = outside;
    this.#slots = slots;
  }

  /** Defines a name whose value is computed once for each row. */
  define(name: string, { type, get }: Compiled): Compiled {
    const slot = this.#slots++;
    return this.#define(name, { type, get: (row) => row.slot(slot, get) });
  }

  /** Gives what is known already another name. */
  alias(name: string, compiled: Compiled): void {
    this.#define(name, compiled);
  }

  /** Matches a field once for each row, however many of its groups are asked for. */
  defineMatch({ get, type }: Compiled, regex: RegExp): (row: Row) => readonly (string | undefined)[] | undefined {
    const slot = this.#slots++;
    const match = (row: Row): Value => {
      const text = formatValue(get(row), type);
      const found = text === undefined ? null : regex.exec(text);
      // Unnamed groups are nobody's fields.
      return found === null ? undefined : found.groups === undefined ? found.slice(1) : Object.values(found.groups);
    };
    return (row) => row.slot(slot, match) as readonly (string | undefined)[] | undefined;
  }

  /** Defines a name that lies in a slot of its own, which somebody else fills. */
  defineSlot(name: string, type: Compiled["type"]): { slot: number; compiled: Compiled } {
    const slot = this.#slots++;
    return { slot, compiled: this.#define(name, { type, get: slotReader(slot) }) };
  }

  /** Defines a column of `stats`, which can be named by its text too: `sort count(*)`. */
  defineColumn(name: string, expression: Expression, slot: number, type: Compiled["type"]): Compiled {
    const compiled = this.#define(name, { type, get: slotReader(slot) });
    this.#expressions.set(expressionKey(expression), compiled);
    return compiled;
  }

  /** What an expression is where it is a column already. */
  columnOf(expression: Expression): Compiled | undefined {
    return this.#expressions.size === 0 ? undefined : this.#expressions.get(expressionKey(expression));
  }

  /** @throws MalformedQuery when nobody has defined the field */
  resolve(field: FieldReference): Compiled {
    for (let length = field.parts.length; length > 0; length--) {
      const known = this.#defined.get(fieldName({ parts: field.parts.slice(0, length) }));
      if (known !== undefined) {
        const rest = field.parts.slice(length);
        return rest.length === 0 ? known : { type: "raw", get: (row) => within(known.get(row), rest) };
      }
    }
    return this.#outside(field);
  }

  /** An error about a place of the query. */
  malformed(message: string, span: Span): MalformedQuery {
    return malformed(this.text, message, span);
  }

  #define(name: string, compiled: Compiled): Compiled {
    this.#defined.set(name, compiled);
    return compiled;
  }
}

function slotReader(slot: number): (row: Row) => Value {
  const nothing = () => undefined;
  return (row) => row.slot(slot, nothing);
}

/** Goes into a map by names and into a list by positions. */
function within(value: Value, parts: readonly (string | number)[]): Value {
  let node: unknown = value;
  for (const part of parts) {
    if (!isStructure(node) || !Object.hasOwn(node, part)) {
      return undefined;
    }
    node = (node as Record<string | number, unknown>)[part];
  }
  return node === null ? undefined : (node as Value);
}
