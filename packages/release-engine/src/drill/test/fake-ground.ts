import type { DrilledCommand, DrillGround, DrillTraffic, OpenedStage } from "../../ports/drill-stage.ts";

/** What a command comes to: its document, or more than that. It may do something to the ground first. */
export type Played = () => Partial<DrilledCommand>;

/** The ground of a drill in memory. Commands are played, by their words; what nobody plays does not exist. */
export class FakeGround {
  versions: Record<string, string> = { orders: "2" };
  traffic: DrillTraffic = { requests: 40, failed: 0 };
  tables: string[] = ["orders-prod"];
  filled: Record<string, number> = {};
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
      earlier: { id: "r1", versions: { orders: "1" } },
      current: { id: "r2", versions: { orders: "2" } },
      slipway: async (words) => this.#type(words.join(" ")),
      versions: async () => this.versions,
      underTraffic: async (work) => ({ value: await work(), traffic: this.traffic }),
      tables: async () => this.tables,
      fill: async (table, items) => {
        this.filled[table] = items;
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
