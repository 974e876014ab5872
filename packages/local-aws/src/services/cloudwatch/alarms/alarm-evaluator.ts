import type { Cancel } from "../../../core/clock.ts";
import type { TopicPublisher } from "../../../core/ports.ts";
import type { Alarm, AlarmsState, CompositeAlarm, MetricAlarm } from "./alarm.ts";
import { changeState } from "./change-state.ts";
import { compileCompositeRule } from "./composite-rule.ts";
import { evaluateMetricAlarm, type PreparedAlarm, prepareAlarm } from "./evaluate-metric-alarm.ts";

/** Seconds between evaluations: alarms with periods below a minute are looked at more often. */
const MINUTE = 60;
const HIGH_RESOLUTION_STEP = 10;

/**
 * Evaluates alarms on the clock: every full minute, and every ten seconds those with shorter periods.
 *
 * A metric alarm looks at the periods that end at that moment; composite alarms follow as soon as one of their alarms changes.
 */
export class AlarmEvaluator {
  readonly #state: AlarmsState;
  readonly #topics: TopicPublisher;
  readonly #prepared = new Map<string, { configuredAt: number; prepared: PreparedAlarm }>();
  #cancel: Cancel = () => {};

  constructor(state: AlarmsState, topics: TopicPublisher) {
    this.#state = state;
    this.#topics = topics;
  }

  /** Starts, or starts anew when alarms have changed and so perhaps the time of the next evaluation. */
  schedule(): void {
    this.#cancel();
    const alarms = this.#state.alarms.values();
    if (alarms.length === 0) {
      return;
    }
    const step = alarms.some((alarm) => alarm.kind === "MetricAlarm" && this.#prepare(alarm).period < MINUTE)
      ? HIGH_RESOLUTION_STEP
      : MINUTE;
    const next = (Math.floor(this.#state.core.clock.now() / 1000 / step) + 1) * step;
    this.#cancel = this.#state.core.clock.schedule(next * 1000, () => {
      this.#evaluateAll(next);
      this.schedule();
    });
  }

  stop(): void {
    this.#cancel();
  }

  /**
   * Brings composite alarms in line with the alarms they look at, until nothing changes any more.
   *
   * @param except - an alarm that was just set by hand and stays so until the next evaluation
   */
  evaluateComposites(except?: string): void {
    const { alarms } = this.#state;
    const composites = alarms.values().filter((alarm) => alarm.kind === "CompositeAlarm");
    // Alarms can hold each other up through as many levels as there are of them; rules in a circle end there too.
    for (let round = 0; round < composites.length; round++) {
      const changed = composites.filter(({ name }) => name !== except && this.#evaluateComposite(name));
      if (changed.length === 0) {
        return;
      }
    }
  }

  #evaluateAll(at: number): void {
    for (const alarm of this.#state.alarms.values()) {
      if (alarm.kind === "MetricAlarm") {
        this.#guard(alarm, () => this.#evaluateMetric(alarm, at));
      }
    }
    this.evaluateComposites();
  }

  #evaluateMetric(alarm: MetricAlarm, at: number): void {
    const prepared = this.#prepare(alarm);
    if (prepared.period >= MINUTE && at % MINUTE !== 0) {
      return;
    }
    const verdict = evaluateMetricAlarm(alarm, prepared, this.#state, at);
    if (verdict !== undefined && verdict.state !== alarm.state) {
      changeState(this.#state, this.#topics, alarm, verdict);
    }
  }

  #evaluateComposite(name: string): boolean {
    const alarm = this.#state.alarms.get(name) as CompositeAlarm;
    let changed = false;
    this.#guard(alarm, () => {
      const rule = compileCompositeRule(alarm.rule);
      const next = rule.holds((child) => this.#state.alarms.get(child)?.state) ? "ALARM" : "OK";
      if (next !== alarm.state) {
        const children = [...rule.children].flatMap((child) => this.#state.alarms.get(child) ?? []);
        changeState(this.#state, this.#topics, alarm, { state: next, ...explainComposite(alarm, next, children) });
        changed = true;
      }
    });
    return changed;
  }

  #prepare(alarm: MetricAlarm): PreparedAlarm {
    const known = this.#prepared.get(alarm.name);
    if (known?.configuredAt === alarm.configuredAt) {
      return known.prepared;
    }
    const prepared = prepareAlarm(alarm);
    this.#prepared.set(alarm.name, { configuredAt: alarm.configuredAt, prepared });
    return prepared;
  }

  /** One alarm that cannot be evaluated must not keep the others from it. */
  #guard(alarm: Alarm, evaluate: () => void): void {
    try {
      evaluate();
    } catch (error) {
      this.#state.core.log(
        `monitoring: alarm ${alarm.name} was not evaluated: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

function explainComposite(alarm: CompositeAlarm, next: "OK" | "ALARM", children: readonly Alarm[]) {
  const latest = children.toSorted((left, right) => right.stateUpdatedAt - left.stateUpdatedAt)[0];
  const reason =
    latest === undefined
      ? `Alarm rule evaluated to ${next === "ALARM" ? "true" : "false"}`
      : `${latest.arn} transitioned to ${latest.state} at ${new Date(latest.stateTransitionedAt).toUTCString()}`;
  const reasonData = JSON.stringify({
    triggeringAlarms: children.map(({ arn, state, stateTransitionedAt }) => ({
      arn,
      state: { value: state, timestamp: new Date(stateTransitionedAt).toISOString().replace("Z", "+0000") },
    })),
    alarmRule: alarm.rule,
  });
  return { reason, reasonData };
}
