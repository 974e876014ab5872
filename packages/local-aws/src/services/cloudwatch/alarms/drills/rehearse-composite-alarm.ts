import type { CompositeAlarm, StateValue } from "../alarm.ts";
import type { CompositeRule } from "../composite-rule.ts";
import type { Rehearsed } from "./alarm-drill.ts";

const STATES: readonly StateValue[] = ["ALARM", "OK", "INSUFFICIENT_DATA"];
/** Children of which all combinations of states are tried: 3^7 are 2,187. */
const FEW = 7;

/** Looks for states of its children for which a composite alarm goes off, and for ones for which it does not. */
export function rehearseCompositeAlarm({ rule: source }: CompositeAlarm, rule: CompositeRule): Rehearsed {
  const children = [...rule.children];
  let off: readonly StateValue[] | undefined;
  let quiet: readonly StateValue[] | undefined;
  for (const states of combinations(children.length)) {
    if (rule.holds((name) => states[children.indexOf(name)])) {
      off ??= states;
    } else {
      quiet ??= states;
    }
  }
  if (off === undefined || quiet === undefined) {
    return {
      goesOff: false,
      recovers: quiet !== undefined,
      found: `${off === undefined ? "can never go off" : "is never OK"}: no states of its alarms were found for which ${source} is ${off === undefined ? "true" : "false"}`,
    };
  }
  return {
    goesOff: true,
    recovers: true,
    found: `goes off for ${describe(children, off)} and is OK for ${describe(children, quiet)}`,
  };
}

/** All combinations for a few; for many, all alike, then all alike but one or two. */
function* combinations(count: number): Generator<readonly StateValue[]> {
  if (count <= FEW) {
    for (let index = 0; index < STATES.length ** count; index++) {
      yield Array.from(
        { length: count },
        (_, place) => STATES[Math.floor(index / STATES.length ** place) % STATES.length] as StateValue,
      );
    }
    return;
  }
  for (const common of STATES) {
    for (const other of STATES) {
      for (let first = 0; first < count; first++) {
        for (let second = first; second < count; second++) {
          yield Array.from({ length: count }, (_, place) => (place === first || place === second ? other : common));
        }
      }
    }
  }
}

/** Names by state: `ALARM(a, b), OK(c)`. */
function describe(children: readonly string[], states: readonly StateValue[]): string {
  if (children.length === 0) {
    return "no alarms at all";
  }
  return STATES.flatMap((state) => {
    const names = children.filter((_, index) => states[index] === state);
    return names.length === 0 ? [] : [`${state}(${names.join(", ")})`];
  }).join(", ");
}
