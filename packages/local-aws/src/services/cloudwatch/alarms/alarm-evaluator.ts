import type { Cancel } from "../../../core/clock.ts";
import type { TopicPublisher } from "../../../core/ports.ts";
import type { Alarm, AlarmsState, CompositeAlarm, MetricAlarm, StateValue } from "./alarm.ts";
import { alarmNameOf } from "./alarm-reference.ts";
import { changeState, changeSuppression, writeAlarms } from "./change-state.ts";
import { type CompositeRule, compileCompositeRule } from "./composite-rule.ts";
import {
  evaluateMetricAlarm,
  type PreparedAlarm,
  prepareAlarm,
  rangeLength,
  type Verdict,
} from "./evaluate-metric-alarm.ts";
import { type CompositeCause, explainComposite } from "./explain-composite.ts";
import { RecentPoints } from "./recent-points.ts";

/** Seconds between evaluations: of alarms with periods below a minute, of others, and of those that look at more than a day. */
const HIGH_RESOLUTION_STEP = 10;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

interface Prepared<T> {
  readonly configuredAt: number;
  readonly value: T;
}

/**
 * Evaluates alarms on the clock, as AWS documents it: every minute; every ten seconds those with shorter periods; every full hour
 * those that look at more than a day. A metric alarm looks at the periods that end at that moment (AWS evaluates some seconds later,
 * when data have arrived; here they are there at once).
 *
 * A composite alarm is evaluated when it is put and whenever an alarm that it looks at has changed its state, and not otherwise: one
 * that was set by hand stays so until then.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
 */
export class AlarmEvaluator {
  readonly #state: AlarmsState;
  readonly #topics: TopicPublisher;
  readonly #points: RecentPoints;
  readonly #metricAlarms = new Map<string, Prepared<PreparedAlarm>>();
  readonly #rules = new Map<string, Prepared<CompositeRule>>();
  /** What alarms are worth while none of their metrics has data: the same each time, until there are some. */
  readonly #quiet = new Map<string, Prepared<StateValue | undefined>>();
  #cancel: Cancel = () => {};

  constructor(state: AlarmsState, topics: TopicPublisher) {
    this.#state = state;
    this.#topics = topics;
    this.#points = new RecentPoints(state.metrics);
  }

  /** Starts, or starts anew when alarms have changed and so perhaps the time of the next evaluation. */
  schedule(): void {
    this.#cancel();
    const alarms = this.#state.alarms.values();
    if (alarms.length === 0) {
      return;
    }
    const now = this.#state.core.clock.now();
    const metricAlarms = alarms.filter((alarm) => alarm.kind === "MetricAlarm");
    const step = metricAlarms.some((alarm) => this.#stepOf(alarm) === HIGH_RESOLUTION_STEP)
      ? HIGH_RESOLUTION_STEP
      : MINUTE;
    const next = (Math.floor(now / 1000 / step) + 1) * step;
    const ends = alarms.flatMap((alarm) => (alarm.kind === "CompositeAlarm" ? (alarm.suppression?.until ?? []) : []));
    const due = Math.min(next * 1000, ...ends);
    this.#cancel = this.#state.core.clock.schedule(due, () => {
      try {
        this.#endSuppressions(due);
        if (due >= next * 1000) {
          this.#evaluateAll(next);
        }
      } finally {
        // A disk that is full for a minute must not be the end of all evaluations.
        this.schedule();
      }
    });
  }

  stop(): void {
    this.#cancel();
  }

  /** Forgets what is held of alarms that were put or deleted. */
  configurationChanged(): void {
    this.#points.forget();
    for (const known of [this.#metricAlarms, this.#rules, this.#quiet]) {
      for (const name of known.keys()) {
        if (!this.#state.alarms.has(name)) {
          known.delete(name);
        }
      }
    }
    this.schedule();
  }

  /** Brings composite alarms in line with alarms that have changed their states, and with each other. */
  follow(changed: readonly string[]): void {
    let round = new Set(changed);
    // Alarms hold each other up through as many levels as there are of them; rules in a circle are not evaluated.
    for (let level = this.#state.alarms.values().length; round.size > 0 && level >= 0; level--) {
      const next = new Set<string>();
      for (const { name } of this.#composites()) {
        this.#guard(name, (alarm) => this.#followSuppressor(alarm as CompositeAlarm, round));
        this.#guard(name, (alarm) => {
          const children = [...this.#ruleOf(alarm as CompositeAlarm).children].filter((child) => round.has(child));
          if (children.length > 0 && this.#evaluateComposite(alarm as CompositeAlarm, "children", children)) {
            next.add(name);
          }
        });
      }
      round = next;
    }
    this.schedule();
  }

  /** Evaluates a composite alarm that was made or changed, and those that look at it. */
  evaluateComposite(name: string, cause: CompositeCause): void {
    let changed = false;
    this.#guard(name, (alarm) => {
      const composite = alarm as CompositeAlarm;
      this.#checkSuppressor(composite);
      changed = this.#evaluateComposite(this.#state.alarms.get(name) as CompositeAlarm, cause, [
        ...this.#ruleOf(composite).children,
      ]);
    });
    this.follow(changed ? [name] : []);
  }

  /**
   * What a metric alarm's data say now, whatever its state.
   *
   * @returns `undefined` when they do not say: the alarm keeps the state that it is in
   */
  judge(alarm: MetricAlarm): Verdict | undefined {
    const now = this.#state.core.clock.now();
    const step = this.#stepOf(alarm);
    this.#points.refresh();
    return this.#verdict(alarm, Math.floor(now / 1000 / step) * step);
  }

  /** A metric alarm's queries, ready to be evaluated. @throws AwsError when they cannot be */
  prepare(alarm: MetricAlarm): PreparedAlarm {
    return remembered(this.#metricAlarms, alarm, prepareAlarm);
  }

  /**
   * What a composite alarm's rule says now, whatever its state.
   *
   * @returns `undefined` for one that speaks of itself, directly or through others: the alarm keeps the state that it is in
   */
  judgeComposite(alarm: CompositeAlarm): "ALARM" | "OK" | undefined {
    if (this.#isInCircle(alarm.name)) {
      return undefined;
    }
    return this.#ruleOf(alarm).holds((child) => this.#state.alarms.get(child)?.state) ? "ALARM" : "OK";
  }

  #evaluateAll(at: number): void {
    this.#points.refresh();
    const changed: string[] = [];
    for (const { kind, name } of this.#state.alarms.values()) {
      if (kind === "MetricAlarm") {
        this.#guard(name, (alarm) => {
          if (this.#evaluateMetric(alarm as MetricAlarm, at)) {
            changed.push(name);
          }
        });
      }
    }
    if (changed.length > 0) {
      this.follow(changed);
    }
  }

  #evaluateMetric(alarm: MetricAlarm, at: number): boolean {
    if (at % this.#stepOf(alarm) !== 0) {
      return false;
    }
    const quiet = this.#isQuiet(alarm, at);
    const known = quiet ? this.#quiet.get(alarm.name) : undefined;
    if (known?.configuredAt === alarm.configuredAt && (known.value ?? alarm.state) === alarm.state) {
      return false;
    }
    const verdict = this.#verdict(alarm, at);
    if (quiet) {
      this.#quiet.set(alarm.name, { configuredAt: alarm.configuredAt, value: verdict?.state });
    }
    return verdict === undefined || verdict.state === alarm.state
      ? this.#stay(alarm)
      : changeState(this.#state, this.#topics, alarm, { state: verdict.state, ...verdict.explain() });
  }

  /** Whether none of an alarm's metrics has data in its evaluation range, and its values do not depend on the time either. */
  #isQuiet(alarm: MetricAlarm, at: number): boolean {
    const { queries, period, dependsOnTime } = this.prepare(alarm);
    const from = at - rangeLength(alarm) * period;
    return (
      !dependsOnTime &&
      queries.every(
        ({ metricStat }) =>
          metricStat === undefined || this.#points.read(metricStat.metric, from, at, metricStat.period).length === 0,
      )
    );
  }

  #verdict(alarm: MetricAlarm, at: number): Verdict | undefined {
    return evaluateMetricAlarm(alarm, this.prepare(alarm), {
      points: this.#points,
      at,
      now: this.#state.core.clock.now(),
    });
  }

  #stepOf(alarm: MetricAlarm): number {
    try {
      const { period } = this.prepare(alarm);
      if (period < MINUTE) {
        return HIGH_RESOLUTION_STEP;
      }
      return period * alarm.evaluationPeriods > DAY ? HOUR : MINUTE;
    } catch {
      // It cannot be evaluated; its evaluation says why.
      return MINUTE;
    }
  }

  #evaluateComposite(alarm: CompositeAlarm, cause: CompositeCause, triggers: readonly string[]): boolean {
    const next = this.judgeComposite(alarm);
    if (next === undefined) {
      return false;
    }
    if (next === alarm.state) {
      return this.#stay(alarm);
    }
    const children = triggers.flatMap((name) => this.#state.alarms.get(name) ?? []);
    const explained = explainComposite(alarm, next, cause, children);
    return changeState(this.#state, this.#topics, alarm, { state: next, ...explained });
  }

  /** A rule that speaks of its own alarm, through others or directly: AWS lets it be made, and does not evaluate it. */
  #isInCircle(name: string): boolean {
    const seen = new Set<string>();
    const reaches = (from: string): boolean => {
      const alarm = this.#state.alarms.get(from);
      if (alarm?.kind !== "CompositeAlarm" || seen.has(from)) {
        return false;
      }
      seen.add(from);
      return [...this.#ruleOf(alarm).children].some((child) => child === name || reaches(child));
    };
    return reaches(name);
  }

  /** Takes a new suppressor's state into account; what an old one had begun was dropped when it was replaced. */
  #checkSuppressor(alarm: CompositeAlarm): void {
    const suppressor = this.#suppressorOf(alarm);
    if (suppressor?.state === "ALARM" && alarm.suppression?.by !== "Alarm") {
      changeSuppression(this.#state, this.#topics, alarm, { kind: "suppressor-in-alarm" });
    }
  }

  #followSuppressor(alarm: CompositeAlarm, changed: ReadonlySet<string>): void {
    const suppressor = this.#suppressorOf(alarm);
    if (suppressor !== undefined && changed.has(suppressor.name)) {
      const kind = suppressor.state === "ALARM" ? "suppressor-in-alarm" : "suppressor-left-alarm";
      changeSuppression(this.#state, this.#topics, alarm, { kind });
    }
  }

  #endSuppressions(now: number): void {
    for (const { name } of this.#composites()) {
      this.#guard(name, (alarm) => {
        const composite = alarm as CompositeAlarm;
        if (composite.suppression?.until !== undefined && composite.suppression.until <= now) {
          changeSuppression(this.#state, this.#topics, composite, { kind: "period-over" });
        }
      });
    }
  }

  #suppressorOf({ suppressor }: CompositeAlarm): Alarm | undefined {
    return suppressor === undefined ? undefined : this.#state.alarms.get(alarmNameOf(suppressor.alarm));
  }

  #composites(): CompositeAlarm[] {
    return this.#state.alarms.values().filter((alarm) => alarm.kind === "CompositeAlarm");
  }

  #ruleOf(alarm: CompositeAlarm): CompositeRule {
    return remembered(this.#rules, alarm, ({ rule }) => compileCompositeRule(rule));
  }

  /** One alarm that cannot be evaluated must not keep the others from it: it says so of itself, and keeps its state. */
  #guard(name: string, evaluate: (alarm: Alarm) => void): void {
    const alarm = this.#state.alarms.get(name);
    if (alarm === undefined) {
      return;
    }
    try {
      evaluate(alarm);
    } catch (error) {
      const evaluationError = error instanceof Error ? error.message : String(error);
      this.#state.core.log(`monitoring: alarm ${name} was not evaluated: ${evaluationError}`);
      const current = this.#state.alarms.get(name);
      if (current !== undefined && current.evaluationError !== evaluationError) {
        writeAlarms(this.#state, () => this.#state.alarms.put(name, { ...current, evaluationError }));
      }
    }
  }

  /** It was evaluated, and is what it was: what kept it from that before is over. */
  #stay({ evaluationError, ...alarm }: Alarm): false {
    if (evaluationError !== undefined) {
      writeAlarms(this.#state, () => this.#state.alarms.put(alarm.name, alarm));
    }
    return false;
  }
}

/** What is derived from an alarm's configuration, which it is remembered by. */
function remembered<A extends Alarm, T>(known: Map<string, Prepared<T>>, alarm: A, derive: (alarm: A) => T): T {
  const found = known.get(alarm.name);
  if (found?.configuredAt === alarm.configuredAt) {
    return found.value;
  }
  const value = derive(alarm);
  known.set(alarm.name, { configuredAt: alarm.configuredAt, value });
  return value;
}
