import { ExecutionEnvironment } from "./execution-environment.ts";
import type { FunctionSpec, Invocation, InvocationOutcome } from "./function-spec.ts";
import type { RuntimeHost } from "./runtime-host.ts";

interface Waiting {
  readonly invocation: Invocation;
  readonly resolve: (outcome: InvocationOutcome | Promise<InvocationOutcome>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The execution environments of one version of a function. An invocation takes the environment that became idle last; when there
 * is none, another is started, and the invocation goes to whichever is ready first.
 */
export class EnvironmentPool {
  readonly spec: FunctionSpec;
  readonly #host: RuntimeHost;
  readonly #all = new Set<ExecutionEnvironment>();
  /** The most recently used is at the end. */
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  #retired = false;

  constructor(host: RuntimeHost, spec: FunctionSpec) {
    this.#host = host;
    this.spec = spec;
  }

  /** Runs an invocation; settles when it has ended, whatever came of it. */
  run(invocation: Invocation): Promise<InvocationOutcome> {
    const environment = this.#idle.pop();
    if (environment !== undefined) {
      return environment.invoke(invocation);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ invocation, resolve, reject });
      this.startMissing();
    });
  }

  /** Starts the environments that waiting invocations need, as far as the host allows. */
  startMissing(): void {
    while (this.#starting < this.#waiting.length && this.#host.takeSlot()) {
      this.#starting++;
      void this.#start();
    }
  }

  /** No further invocations will come: environments go as soon as they are idle. */
  retire(): void {
    this.#retired = true;
    this.#disposeIdle(() => true);
  }

  /** Drops environments that have been idle for long, or that are old. */
  reap(idleForMs: number, maxAgeMs: number): void {
    const now = Date.now();
    this.#disposeIdle((environment) => now - environment.idleSince >= idleForMs || environment.ageMs >= maxAgeMs);
  }

  /** Drops the environment that has been idle longest; false when there is none. */
  evictOne(): boolean {
    const oldest = this.#idle[0];
    oldest?.dispose();
    return oldest !== undefined;
  }

  /** Kills all environments. Settles when their processes are gone. */
  async close(): Promise<void> {
    this.#retired = true;
    const all = [...this.#all];
    for (const environment of all) {
      environment.dispose();
    }
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new Error("Local AWS is stopping."));
    }
    await Promise.all(all.map(({ exited }) => exited));
  }

  get isEmpty(): boolean {
    return this.#all.size === 0 && this.#waiting.length === 0 && this.#starting === 0;
  }

  async #start(): Promise<void> {
    const environment = this.#make();
    const startedAt = performance.now();
    try {
      const result = await environment.start(this.#host.options.initTimeoutMs);
      this.#starting--;
      if (result.ok) {
        this.#onIdle(environment);
        return;
      }
      const first = this.#waiting.shift();
      if (first !== undefined) {
        first.resolve(
          result.timedOut
            ? this.#startWithin(first.invocation)
            : environment.failWithoutRunning(first.invocation, result, Math.max(startedAt, performance.now() - 1)),
        );
      }
    } catch (error) {
      this.#starting--;
      this.#waiting.shift()?.reject(error);
    }
    environment.dispose();
    this.startMissing();
  }

  /**
   * After an initialization that took longer than the ten seconds it has, Lambda starts over as a part of the invocation,
   * within the function's own timeout. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
   */
  async #startWithin(invocation: Invocation): Promise<InvocationOutcome> {
    const startedAt = performance.now();
    this.#host.takeSlot(true);
    const environment = this.#make();
    const result = await environment.start(this.spec.timeoutSeconds * 1000);
    if (result.ok) {
      return environment.invoke(invocation, startedAt);
    }
    const outcome = environment.failWithoutRunning(invocation, result, startedAt);
    environment.dispose();
    return outcome;
  }

  #make(): ExecutionEnvironment {
    const environment = new ExecutionEnvironment(
      this.#host,
      this.spec,
      (idle) => this.#onIdle(idle),
      (gone) => this.#onGone(gone),
    );
    this.#all.add(environment);
    return environment;
  }

  #onIdle(environment: ExecutionEnvironment): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.resolve(environment.invoke(next.invocation));
    } else if (this.#retired || environment.ageMs >= this.#host.options.maxAgeMs) {
      environment.dispose();
    } else {
      this.#idle.push(environment);
      this.#host.onIdle();
    }
  }

  #onGone(environment: ExecutionEnvironment): void {
    this.#all.delete(environment);
    const index = this.#idle.indexOf(environment);
    if (index >= 0) {
      this.#idle.splice(index, 1);
    }
    this.#host.freeSlot();
  }

  #disposeIdle(which: (environment: ExecutionEnvironment) => boolean): void {
    for (const environment of this.#idle.filter(which)) {
      environment.dispose();
    }
  }
}
