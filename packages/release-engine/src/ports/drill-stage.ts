/** What a command of Slipway's came to, typed on the drill's own local AWS. */
export interface DrilledCommand {
  /** As a person would type it there. */
  readonly command: string;
  readonly code: number;
  /** Its one JSON document; undefined where it wrote none. */
  readonly document: unknown;
  /** The last of what it said to people. */
  readonly said: string;
  readonly durationMs: number;
}

/** How a command is typed. */
export interface TypedHow {
  /** Among whose files: those of what is checked out, unless said. */
  readonly files?: "current" | "earlier";
  /** As the so-and-so-many-th of the people whom the drill makes up: they are nobody anywhere else. */
  readonly as?: number;
  /** Gets what it says, as it says it. */
  readonly onLine?: (text: string) => void;
}

/** A release on the drill's own local AWS. */
export interface DrilledRelease {
  /** In the ledger that is there. */
  readonly id: string;
  /** The version of each function that has all of the traffic, by the function's name on AWS. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What was asked of the API meanwhile, as its users ask it. */
export interface DrillTraffic {
  readonly requests: number;
  /** Not answered at all, with 5xx, or refused where the scenario of the smoke test expects no refusal. */
  readonly failed: number;
  readonly firstFailure?: string;
}

/** A table of the environment. */
export interface DrilledTable {
  /** On AWS. */
  readonly name: string;
  /** In slipway.config.ts; absent where the section `data` does not have it. */
  readonly configured?: string;
  readonly hasPointInTimeRecovery: boolean;
}

/** Where rollback paths are rehearsed: an environment on a local AWS of its own, with what is checked out released to it. */
export interface DrillGround {
  readonly environment: string;
  /** Whether what is in it has to outlive mistakes. */
  readonly isProtected: boolean;
  /** Absent where nothing was released before. */
  readonly earlier?: DrilledRelease;
  readonly current: DrilledRelease;
  /** Types `slipway WORDS`, and waits for its end, whatever comes of it. */
  slipway(words: readonly string[], how?: TypedHow): Promise<DrilledCommand>;
  /** The version of each function that has all of the traffic now; those whose traffic is split are left out. */
  versions(): Promise<Readonly<Record<string, string>>>;
  /** Does something while users ask the API. */
  underTraffic<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly traffic: DrillTraffic }>;
  /** The tables that the environment has. */
  tables(): Promise<readonly DrilledTable[]>;
  /** Writes the first so many items of the drill's own making, each with the word in its attribute `slipwayDrill`. */
  write(table: string, items: number, word: string): Promise<void>;
  /** A digest over all items of a table, as Slipway's commands make it. */
  digest(table: string): Promise<{ readonly items: number; readonly digest: string }>;
  /** Milliseconds since the epoch, on the clock of the drill's local AWS. */
  now(): Promise<number>;
  /** Lets time pass on that clock alone. */
  pass(milliseconds: number): Promise<void>;
  /** Deletes the Terraform state, as somebody might by mistake. */
  loseState(): Promise<void>;
}

/** The ground, ready. */
export interface OpenedStage {
  readonly ground: DrillGround;
  /** Why there is no earlier release on it, where there should be one. */
  readonly withoutEarlier?: string;
  /** Puts everything back to how it was when the ground was opened. */
  rewind(): Promise<void>;
}
