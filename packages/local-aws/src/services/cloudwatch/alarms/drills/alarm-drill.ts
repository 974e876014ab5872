/** What became of an alarm that was exercised, as the control interface answers it. */
export interface AlarmDrill {
  readonly alarm: string;
  /** Whether it goes off for data that should make it, and is quiet for data that should not. */
  readonly goesOff: boolean;
  /** Whether it is OK again for data that are good. */
  readonly recovers: boolean;
  /** Whether each action was carried out when it went off; empty for an alarm without any. */
  readonly actions: readonly { readonly action: string; readonly succeeded: boolean; readonly detail?: string }[];
  /** One line on what was done and seen. */
  readonly found: string;
}

/** Whether an alarm can do what it is there for, before anything is done to it. */
export interface Rehearsed {
  readonly goesOff: boolean;
  readonly recovers: boolean;
  readonly found: string;
}
