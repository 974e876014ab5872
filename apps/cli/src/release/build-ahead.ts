import type { FunctionBuilder } from "@slipway/release-engine";

type Build = Parameters<FunctionBuilder["build"]>[0];
type Ahead = Omit<Build, "onLine" | "signal">;

/** What a build has said so far, and who wants to hear the rest. */
interface Heard {
  readonly lines: string[];
  onLine?: (text: string) => void;
}

interface Running {
  readonly done: Promise<void>;
  readonly heard: Heard;
}

/**
 * Builds before a release gets there, while Terraform waits for AWS: the step that builds then finds it done. What was built ahead is used
 * once; who builds again gets a build of its own.
 */
export class BuildAhead implements FunctionBuilder {
  readonly #builder: FunctionBuilder;
  readonly #running = new Map<string, Running>();
  readonly #stop = new AbortController();

  constructor(builder: FunctionBuilder) {
    this.#builder = builder;
  }

  /** Begins a build, unless it is under way. That it fails is told to the step that asks for it. */
  begin(request: Ahead): void {
    // Functions that one command builds have it run once: two at a time would write into the same files.
    if (this.#running.has(keyOf(request))) {
      return;
    }
    const heard: Heard = { lines: [] };
    const done = this.#builder.build({
      ...request,
      signal: this.#stop.signal,
      onLine: (text) => {
        heard.lines.push(text);
        heard.onLine?.(text);
      },
    });
    const running: Running = { done, heard };
    running.done.catch(() => undefined);
    this.#running.set(keyOf(request), running);
  }

  async build(request: Build): Promise<void> {
    const running = this.#running.get(keyOf(request));
    this.#running.delete(keyOf(request));
    if (running === undefined) {
      await this.#builder.build(request);
      return;
    }
    for (const line of running.heard.lines) {
      request.onLine(line);
    }
    running.heard.onLine = request.onLine;
    const stop = () => this.#stop.abort();
    request.signal?.addEventListener("abort", stop, { once: true });
    try {
      await running.done;
    } finally {
      request.signal?.removeEventListener("abort", stop);
    }
  }

  /** Ends what nobody has asked for, and waits until it has ended: nothing goes on behind the back of who reads an error. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
    this.#running.clear();
  }
}

function keyOf({ argv, directory }: Ahead): string {
  return JSON.stringify([directory, argv]);
}
