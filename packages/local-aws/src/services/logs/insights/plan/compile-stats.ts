import type { Accumulator, SampleRoom } from "../aggregates/aggregate.ts";
import { aggregates } from "../aggregates/aggregates.ts";
import type { Call, Command } from "../language/ast.ts";
import { fieldName } from "../language/field-name.ts";
import type { Grouping } from "../run/group-stage.ts";
import { compileExpression } from "./compile-expression.ts";
import type { Compiled } from "./compiled.ts";
import { Scope } from "./scope.ts";

/** Aggregations that go by the time of events. */
const OF_EVENTS = new Set(["earliest", "latest"]);

/** A `stats` command, and the scope of what comes after it: nothing but its own columns. */
export interface CompiledStats {
  readonly grouping: Grouping;
  readonly scope: Scope;
  readonly columns: readonly { readonly name: string; readonly compiled: Compiled }[];
}

/**
 * Compiles a `stats` command. Aggregations may stand within expressions (`sum(a) / count(*)`), and expressions within them; a field
 * may stand outside of them only behind `by`.
 *
 * @param ofEvents - whether its rows are events
 * @throws MalformedQuery
 */
export function compileStats(
  { aggregates: items, by }: Extract<Command, { kind: "stats" }>,
  scope: Scope,
  ofEvents: boolean,
): CompiledStats {
  const begin: ((room: SampleRoom) => Accumulator)[] = [];
  const results = new Scope(scope.text, scope.now, (field) => {
    throw scope.malformed(`stats needs an aggregation of ${fieldName(field)}, found`, field.span);
  });
  const after = new Scope(
    scope.text,
    scope.now,
    (field) => {
      throw scope.malformed(`the stats command before does not define ${fieldName(field)}, used`, field.span);
    },
    by.length + items.length,
  );
  const grouped = by.map(({ expression }) => compileExpression(expression, scope, refuseAggregate(scope)));
  const columns = items.map(({ expression }) => {
    const before = begin.length;
    const compiled = compileExpression(expression, results, (call) => {
      const made = aggregation(call, scope, ofEvents);
      if (made === undefined) {
        return undefined;
      }
      begin.push(made.begin);
      return results.defineSlot(`${begin.length}`, made.type).compiled;
    });
    if (begin.length === before) {
      throw scope.malformed("stats needs an aggregation such as count(*), found", expression.span);
    }
    return compiled;
  });
  const named = [
    ...by.map(({ name, expression }, index) => ({ name, expression, type: grouped[index]?.type ?? "raw" })),
    ...items.map(({ name, expression }, index) => ({ name, expression, type: columns[index]?.type ?? "raw" })),
  ].map(({ name, expression, type }, slot) => ({ name, compiled: after.defineColumn(name, expression, slot, type) }));
  return { grouping: { by: grouped, begin, columns }, scope: after, columns: named };
}

/** Aggregations may stand in `stats` only, and there not behind `by`. */
export function refuseAggregate(scope: Scope): (call: Call) => undefined {
  return ({ name, span }) => {
    if (aggregates.has(name)) {
      throw scope.malformed(`${name} can only aggregate within stats, found`, span);
    }
  };
}

function aggregation(call: Call, scope: Scope, ofEvents: boolean) {
  const { name, arguments: given, star, span } = call;
  const known = aggregates.get(name);
  if (known === undefined) {
    return undefined;
  }
  if (star ? !known.takesStar : given.length < known.least || given.length > known.most) {
    throw scope.malformed(`wrong arguments of ${name}`, span);
  }
  if (!ofEvents && OF_EVENTS.has(name)) {
    throw scope.malformed(`${name} goes by the time of events, which the stats command before has aggregated`, span);
  }
  const compiled = given.map((each) => compileExpression(each, scope, refuseAggregate(scope)));
  const constants = compiled.map(({ constant }) => constant);
  const problem = known.check?.(constants);
  if (problem !== undefined) {
    throw scope.malformed(`${problem}, in ${name}`, span);
  }
  return {
    type: known.typeOf?.(compiled[0]?.type ?? "raw") ?? ("computed" as const),
    begin: (room: SampleRoom) => known.begin(compiled[0], constants, room),
  };
}
