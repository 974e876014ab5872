import type { Command, NamedExpression, Source } from "../language/ast.ts";
import { MAX_RESULTS, parseQuery } from "../language/parse-query.ts";
import { dedupStage } from "../run/dedup-stage.ts";
import { groupStage } from "../run/group-stage.ts";
import type { Order } from "../run/row-order.ts";
import { countStage, filterStage, limitStage, unnestStage } from "../run/simple-stages.ts";
import type { MakeStage } from "../run/sink.ts";
import { sortStage } from "../run/top-rows.ts";
import { compileExpression } from "./compile-expression.ts";
import { compileStats, refuseAggregate } from "./compile-stats.ts";
import type { Compiled } from "./compiled.ts";
import { eventField, type NeededColumns } from "./event-fields.ts";
import { Scope } from "./scope.ts";

/** Rows of a query that says nothing about their number. */
const STANDARD_LIMIT = 10_000;
const MAX_STATS = 2;

/** A column of the results. */
export interface Column {
  readonly name: string;
  readonly compiled: Compiled;
}

/** A query that is ready to run. */
export interface Plan {
  readonly source: Source | undefined;
  readonly needs: NeededColumns;
  readonly stages: readonly MakeStage[];
  readonly columns: readonly Column[];
}

/** What a query is compiled for. */
export interface CompileOptions {
  /** The time of the query, in milliseconds since the epoch. */
  readonly now: number;
  /** `limit` of the request. */
  readonly limit?: number | undefined;
}

/**
 * Compiles a query, so that what is wrong with it is known before it runs.
 *
 * @throws MalformedQuery
 */
export function compileQuery(text: string, options: CompileOptions): Plan {
  const { source, commands } = parseQuery(text);
  return new QueryCompiler(text, options).compile(source, commands);
}

class QueryCompiler {
  readonly #options: CompileOptions;
  readonly #needs: NeededColumns = { message: false, stream: false, ingested: false };
  readonly #stages: MakeStage[] = [];
  #scope: Scope;
  /** What `fields` names, what `parse` and `unnest` add, and what `display` has chosen. */
  #shown = new Map<string, Compiled>();
  #added = new Map<string, Compiled>();
  #displayed: Map<string, Compiled> | undefined;
  /** Columns of `stats`. */
  #columns: Map<string, Compiled> | undefined;
  /** A `sort` that has not been done: what comes next may need but a part of the rows. */
  #order: readonly Order[] = [];
  #isCounted = false;
  #hasLimit = false;
  #statsCount = 0;

  constructor(text: string, options: CompileOptions) {
    this.#options = options;
    this.#scope = new Scope(text, Math.floor(options.now / 1000), (field) => eventField(field, this.#needs));
  }

  compile(source: Source | undefined, commands: readonly Command[]): Plan {
    this.#checkOrder(commands);
    for (const [index, command] of commands.entries()) {
      this.#add(command, commands[index + 1]);
    }
    this.#count();
    const most = this.#options.limit ?? (this.#hasLimit ? MAX_RESULTS : STANDARD_LIMIT);
    this.#cut(most, false);
    const columns = [...this.#output()].map(([name, compiled]) => ({ name, compiled }));
    return { source, needs: this.#needs, stages: this.#stages, columns };
  }

  /** The rules about which command may follow which. */
  #checkOrder(commands: readonly Command[]): void {
    const lastStats = commands.findLastIndex(({ kind }) => kind === "stats");
    const firstStats = commands.findIndex(({ kind }) => kind === "stats");
    for (const [index, command] of commands.entries()) {
      const { kind, span } = command;
      if (kind === "stats" && ++this.#statsCount > MAX_STATS) {
        throw this.#scope.malformed(
          `a query has at most ${MAX_STATS} stats commands, unexpected symbol found stats`,
          span,
        );
      }
      if ((kind === "sort" || kind === "limit") && firstStats !== lastStats && index < lastStats) {
        throw this.#scope.malformed(
          `${kind} must come after the second stats command, unexpected symbol found ${kind}`,
          span,
        );
      }
      if (kind !== "limit" && commands.slice(0, index).some((before) => before.kind === "dedup")) {
        throw this.#scope.malformed(`only limit can follow dedup, unexpected symbol found ${kind}`, span);
      }
    }
  }

  #add(command: Command, next: Command | undefined): void {
    switch (command.kind) {
      case "fields":
        this.#fields(command.items);
        return;
      case "display":
        this.#displayed = new Map(command.items.map(({ name, expression }) => [name, this.#compile(expression)]));
        return;
      case "filter":
        this.#stages.push(filterStage(this.#compile(command.condition)));
        return;
      case "parse":
        this.#parse(command);
        return;
      case "unnest":
        this.#unnest(command);
        return;
      case "sort": {
        const keys = command.keys.map(({ expression, descending }) => ({ key: this.#compile(expression), descending }));
        // The earlier order is kept among what is equal in the later one.
        this.#order = [...keys, ...this.#order];
        return;
      }
      case "limit":
        this.#hasLimit = true;
        this.#count();
        this.#cut(command.count, command.any);
        return;
      case "dedup":
        this.#dedup(command, next);
        return;
      case "stats":
        this.#stats(command);
        return;
    }
  }

  #compile(expression: NamedExpression["expression"]): Compiled {
    return compileExpression(expression, this.#scope, refuseAggregate(this.#scope));
  }

  #fields(items: readonly NamedExpression[]): void {
    const compiled = items.map(({ name, expression }) => ({ name, expression, value: this.#compile(expression) }));
    // What one command defines is known from the next one on.
    for (const { name, expression, value } of compiled) {
      const isKnown = expression.kind === "field" || this.#scope.columnOf(expression) !== undefined;
      const defined = isKnown ? value : this.#scope.define(name, value);
      if (isKnown) {
        this.#scope.alias(name, value);
      }
      this.#shown.set(name, defined);
    }
  }

  #parse({ field, pattern }: Extract<Command, { kind: "parse" }>): void {
    const groups = this.#scope.defineMatch(this.#compile(field), pattern.regex);
    for (const [index, name] of pattern.names.entries()) {
      this.#added.set(name, this.#scope.define(name, { type: "raw", get: (row) => groups(row)?.[index] }));
    }
  }

  #unnest({ field, name }: Extract<Command, { kind: "unnest" }>): void {
    const list = this.#compile(field);
    const { slot, compiled } = this.#scope.defineSlot(name, "raw");
    this.#stages.push(unnestStage(list, slot));
    this.#added.set(name, compiled);
  }

  #dedup({ fields }: Extract<Command, { kind: "dedup" }>, next: Command | undefined): void {
    this.#count();
    const needed = next?.kind === "limit" ? next.count : (this.#options.limit ?? STANDARD_LIMIT);
    const order = this.#order.length === 0 ? undefined : this.#order;
    this.#stages.push(
      dedupStage(
        fields.map((field) => this.#compile(field)),
        order,
        needed,
      ),
    );
    this.#order = [];
  }

  #stats(command: Extract<Command, { kind: "stats" }>): void {
    const { grouping, scope, columns } = compileStats(command, this.#scope, this.#columns === undefined);
    this.#count();
    this.#stages.push(groupStage(grouping));
    this.#scope = scope;
    this.#columns = new Map(columns.map(({ name, compiled }) => [name, compiled]));
    this.#shown = new Map();
    this.#added = new Map();
    this.#displayed = undefined;
    this.#order = [];
  }

  /** Events are counted as matching once all the filters before are passed. */
  #count(): void {
    if (!this.#isCounted) {
      this.#stages.push(countStage);
      this.#isCounted = true;
    }
  }

  #cut(count: number, any: boolean): void {
    this.#stages.push(this.#order.length === 0 ? limitStage(count, any) : sortStage(this.#order, count));
    this.#order = [];
  }

  #output(): Map<string, Compiled> {
    if (this.#columns !== undefined) {
      const standard = this.#shown.size === 0 ? this.#columns : this.#shown;
      return this.#displayed ?? new Map([...standard, ...this.#added]);
    }
    const field = (name: string) =>
      [name, eventField({ kind: "field", parts: [name], span: NOWHERE }, this.#needs)] as const;
    const standard = this.#shown.size === 0 ? [field("@timestamp"), field("@message")] : this.#shown;
    return new Map([...(this.#displayed ?? [...standard, ...this.#added]), field("@ptr")]);
  }
}

const NOWHERE = { start: 0, end: 0 };
