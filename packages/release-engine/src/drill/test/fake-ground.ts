import { createHash } from "node:crypto";
import type { DrilledCommand, DrilledTable, DrillGround, DrillTraffic, OpenedStage } from "../../ports/drill-stage.ts";

/** What a command comes to: its document, or more than that. It may do something to the ground first. */
export type Played = () => Partial<DrilledCommand>;

/** Of the words of a table's items. */
export function digestOf(items: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(items)).digest("hex");
}

/** The ground of a drill in memory. Commands are played, by their words; what nobody plays does not exist. */
export class FakeGround {
  versions: Record<string, string> = { orders: "2" };
  traffic: DrillTraffic = { requests: 40, failed: 0 };
  tables: DrilledTable[] = [{ name: "orders-prod", configured: "orders", hasPointInTimeRecovery: true }];
  isProtected = true;
  /** The words of each table's items. */
  items: Record<string, string[]> = {};
  now = Date.UTC(2026, 10, 28, 12);
  isStateLost = false;
  rewound = 0;
  readonly typed: string[] = [];
  readonly commands = new Map<string, Played>();

  play(words: string, played: Played): void {
    this.commands.set(words, played);
  }

  ground(changes: Partial<DrillGround> = {}): DrillGround {
    return {
      environment: "prod",
      isProtected: this.isProtected,
      earlier: { id: "r1", versions: { orders: "1" } },
      current: { id: "r2", versions: { orders: "2" } },
      slipway: async (words, { files = "current", as } = {}) =>
        this.#type(`${files === "earlier" ? "earlier: " : ""}${as === undefined ? "" : `${as}: `}${words.join(" ")}`),
      versions: async () => this.versions,
      underTraffic: async (work) => ({ value: await work(), traffic: this.traffic }),
      tables: async () => this.tables,
      write: async (table, items, word) => {
        const there = this.items[table] ?? [];
        this.items[table] = [...Array.from({ length: items }, () => word), ...there.slice(items)];
      },
      digest: async (table) => {
        const there = this.items[table] ?? [];
        return { items: there.length, digest: digestOf(there) };
      },
      now: async () => this.now,
      pass: async (milliseconds) => {
        this.now += milliseconds;
      },
      loseState: async () => {
        this.isStateLost = true;
      },
      ...changes,
    };
  }

  stage(changes: Partial<OpenedStage> = {}): OpenedStage {
    return {
      ground: this.ground(),
      rewind: async () => {
        this.rewound += 1;
      },
      ...changes,
    };
  }

  #type(words: string): DrilledCommand {
    this.typed.push(words);
    const played = this.commands.get(words);
    const base = { command: `slipway ${words} --local`, document: undefined, durationMs: 1_500 };
    return played === undefined
      ? { ...base, code: 2, said: `error: unknown command '${words}'` }
      : { ...base, code: 0, said: "", ...played() };
  }
}
