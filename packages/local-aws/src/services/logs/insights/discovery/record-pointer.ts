/** What a `@ptr` points at. */
export interface RecordPlace {
  readonly group: number;
  readonly time: number;
  readonly id: number;
}

/** Makes the `@ptr` of an event: opaque to everybody but {@link readPointer}. */
export function writePointer({ origin, time, id }: { origin: { group: number }; time: number; id: number }): string {
  return Buffer.from(JSON.stringify([origin.group, time, id])).toString("base64");
}

/** Reads a `@ptr` back; `undefined` when it is none. */
export function readPointer(pointer: string): RecordPlace | undefined {
  try {
    const [group, time, id] = JSON.parse(Buffer.from(pointer, "base64").toString()) as unknown[];
    return [group, time, id].every(Number.isSafeInteger) ? ({ group, time, id } as RecordPlace) : undefined;
  } catch {
    return undefined;
  }
}
