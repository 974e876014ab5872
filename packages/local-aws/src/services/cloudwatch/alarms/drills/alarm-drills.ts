import { AwsError } from "../../../../core/aws-error.ts";
import type { TopicPublisher } from "../../../../core/ports.ts";
import type { Alarm, AlarmsState, CompositeAlarm, StateValue } from "../alarm.ts";
import type { AlarmEvaluator } from "../alarm-evaluator.ts";
import { alarmNameOf } from "../alarm-reference.ts";
import { changeState, writeAlarms } from "../change-state.ts";
import { compileCompositeRule } from "../composite-rule.ts";
import type { Suppression } from "../suppression.ts";
import type { AlarmDrill, Rehearsed } from "./alarm-drill.ts";
import { rehearseCompositeAlarm } from "./rehearse-composite-alarm.ts";
import { rehearseMetricAlarm } from "./rehearse-metric-alarm.ts";

/** By alarm, what holds it back, and the states that this goes with: its own, and its suppressor's. */
type Suppressions = ReadonlyMap<string, { readonly states: string; readonly suppression: Suppression | undefined }>;

/** Reads of a history are by page; no drill writes as many entries. */
const MANY = 1_000;

/**
 * Exercises alarms. Only local AWS has this: on AWS somebody would be woken by it.
 *
 * ```text
 *   made-up data --> does it go off, and is it OK again?          nothing is stored
 *   ALARM for real --> its actions run, parents follow            in the history, with a reason that says it is a drill
 *   evaluated at once on its real data --> the state that it is in by rights
 * ```
 *
 * All of it is one transaction: a drill that is cut short has not been. Composite alarms whose actions are held back go on waiting
 * for as long as they would have without it.
 */
export class AlarmDrills {
  readonly #state: AlarmsState;
  readonly #evaluator: AlarmEvaluator;
  readonly #topics: TopicPublisher;

  constructor(state: AlarmsState, evaluator: AlarmEvaluator, topics: TopicPublisher) {
    this.#state = state;
    this.#evaluator = evaluator;
    this.#topics = topics;
  }

  /**
   * Exercises an alarm, and puts it back.
   *
   * @throws AwsError `ResourceNotFound` when there is no such alarm
   */
  exercise(name: string): AlarmDrill {
    const alarm = this.#alarm(name);
    const rehearsed = this.#rehearse(alarm);
    const drill = writeAlarms(this.#state, () => {
      const suppressions = this.#suppressions();
      const performed = this.#perform(alarm, rehearsed);
      this.#restore(suppressions);
      return performed;
    });
    this.#evaluator.schedule();
    return drill;
  }

  #perform(alarm: Alarm, rehearsed: Rehearsed): AlarmDrill {
    const { name } = alarm;
    if (alarm.state === "ALARM") {
      // Nothing happens to an alarm that is in ALARM already, so that it leaves it first.
      this.#put(name, "OK", "Drill: out of ALARM for a moment, since actions run on changes of state only");
    }
    const before = this.#state.history.latest();
    this.#put(name, "ALARM", "Drill: put into ALARM to see its actions run; its data do not say so");
    const actions = this.#actionsSince(name, before);
    const back = this.#putBack(name, alarm.state);
    const [done, failed] = [true, false].map(
      (wanted) => actions.filter(({ succeeded }) => succeeded === wanted).length,
    );
    const ran = actions.length === 0 ? "it has no actions in ALARM" : `${done} of ${actions.length} actions ran`;
    return {
      alarm: name,
      goesOff: rehearsed.goesOff,
      recovers: rehearsed.recovers,
      actions,
      found: `${rehearsed.found}; put into ALARM, ${ran}${failed ? ` (${actions.find(({ succeeded }) => !succeeded)?.detail})` : ""}, ${back}`,
    };
  }

  #rehearse(alarm: Alarm): Rehearsed {
    if (alarm.kind === "CompositeAlarm") {
      return rehearseCompositeAlarm(alarm, compileCompositeRule(alarm.rule));
    }
    try {
      const { core, metrics } = this.#state;
      const moment = { series: metrics.series, now: core.clock.now() };
      return rehearseMetricAlarm(alarm, this.#evaluator.prepare(alarm), moment);
    } catch (error) {
      if (error instanceof AwsError) {
        return { goesOff: false, recovers: false, found: `cannot be evaluated: ${error.message}` };
      }
      throw error;
    }
  }

  /** Back into the state that its data say, or its rule; where they do not say, into the one that it was in. */
  #putBack(name: string, was: StateValue): string {
    const alarm = this.#alarm(name);
    if (alarm.kind === "CompositeAlarm") {
      const state = this.#evaluator.judgeComposite(alarm);
      if (state === undefined) {
        this.#put(name, was, "Drill over: back in the state that it was in, as its rule is not evaluated");
        return `back in ${was}, where it was, as its rule speaks of itself`;
      }
      this.#put(name, state, `Drill over: its alarm rule evaluates to ${state}`);
      return `back in ${state}, as its rule has it`;
    }
    const verdict = this.#judge(alarm);
    if (verdict === undefined) {
      this.#put(name, was, "Drill over: back in the state that it was in, which its data do not change");
      return `back in ${was}, where it was`;
    }
    const { reason, reasonData } = verdict.explain();
    this.#put(name, verdict.state, reason, reasonData);
    return verdict.state === "ALARM"
      ? "and stays there, since its data say so"
      : `back in ${verdict.state}, as its data say`;
  }

  #judge(alarm: Extract<Alarm, { kind: "MetricAlarm" }>) {
    try {
      return this.#evaluator.judge(alarm);
    } catch (error) {
      if (error instanceof AwsError) {
        return undefined;
      }
      throw error;
    }
  }

  #put(name: string, state: StateValue, reason: string, reasonData?: string): void {
    if (changeState(this.#state, this.#topics, this.#alarm(name), { state, reason, reasonData })) {
      this.#evaluator.follow([name]);
    }
  }

  /** What became of the actions of an alarm that was put into ALARM, from the history; why none ran, where none did. */
  #actionsSince(name: string, entry: number): AlarmDrill["actions"] {
    const alarm = this.#alarm(name);
    const ran = this.#state.history.read({
      ...{ alarm: name, kinds: [alarm.kind], type: "Action", after: entry, from: 0, to: Number.MAX_SAFE_INTEGER },
      ...{ ascending: true, offset: 0, limit: MANY },
    });
    if (ran.length > 0) {
      return ran.map(({ data, summary }) => {
        const { notificationResource: action, actionState, error } = JSON.parse(data) as Record<string, string>;
        const succeeded = actionState === "Succeeded";
        return { action: action ?? summary, succeeded, ...(succeeded ? {} : { detail: error ?? summary }) };
      });
    }
    const suppression = alarm.kind === "CompositeAlarm" ? alarm.suppression : undefined;
    const detail = alarm.actionsEnabled
      ? `suppressed by ${suppression?.by ?? "nothing that local AWS knows of"}`
      : "the alarm's actions are switched off";
    return alarm.alarmActions.map((action) => ({ action, succeeded: false, detail }));
  }

  /** What holds composite alarms back. */
  #suppressions(): Suppressions {
    const { alarms } = this.#state;
    return new Map(
      alarms.values().flatMap((alarm) => {
        if (alarm.kind !== "CompositeAlarm" || alarm.suppressor === undefined) {
          return [];
        }
        const states = `${alarm.state} ${alarms.get(alarmNameOf(alarm.suppressor.alarm))?.state}`;
        return [[alarm.name, { states, suppression: alarm.suppression }] as const];
      }),
    );
  }

  /** The drill's transitions began new waiting periods: where everything is as before, the one before it goes on. */
  #restore(before: Suppressions): void {
    for (const [name, { states, suppression }] of this.#suppressions()) {
      const known = before.get(name);
      if (known?.states === states && known.suppression !== suppression) {
        this.#state.alarms.put(name, { ...(this.#alarm(name) as CompositeAlarm), suppression: known.suppression });
      }
    }
  }

  #alarm(name: string): Alarm {
    const alarm = this.#state.alarms.get(name);
    if (alarm === undefined) {
      throw new AwsError("ResourceNotFound", `There is no alarm '${name}'.`, { status: 404 });
    }
    return alarm;
  }
}
