import type { Ran } from "../../support/run-program.ts";
import type { Walk } from "./walk.ts";

/** A command of the guide, and what has to come of it. What is typed stands in the guide; here is only how it begins. */
export interface WalkedCommand {
  /** How it begins there. */
  readonly begins: string;
  /** It is one of the original guide that is right as it is written there, and is typed from `original-commands.md`, where it comes in the way. */
  readonly original?: true;
  /** Typed there, from the repository's root; otherwise where the block has got to. */
  readonly folder?: string;
  /** What a reader puts in the place of the guide's examples. */
  readonly values?: (walk: Walk) => Readonly<Record<string, string>>;
  /** What has happened by the time that somebody types it. */
  readonly arrange?: (walk: Walk) => unknown;
  /** Who types it; Jane, whose change it is, otherwise. */
  readonly who?: "jane" | "sam";
  /** Minutes go by while it waits, with users' requests in them. */
  readonly waits?: true;
  /** It goes on until somebody types Ctrl-C, which is when this was said. */
  readonly until?: RegExp;
  /** It is typed into a terminal, and asks, which is answered so. */
  readonly answer?: string;
  /** Its exit code, or those that it may have; 0 otherwise. */
  readonly exit?: number | readonly number[];
  /** What it has to have said and done. */
  readonly proves: (said: string, walk: Walk, ran: Ran) => unknown;
}

/** A command of the guide that the walk does not type. */
export interface LeftOutCommand {
  readonly begins: string;
  /** Why not, and what shows instead that it is right. */
  readonly leftOut: string;
}

/** The commands of a page of docs/guide, in its order, and among them those of the original. */
export interface WalkedPage {
  readonly file: string;
  readonly commands: readonly (WalkedCommand | LeftOutCommand)[];
}
