import type { SignOff } from "@slipway/contracts";
import { UserError } from "../user-error.ts";

/** Somebody's word about what users say, as it is typed. */
export interface SignOffOptions {
  readonly signOff?: string;
  readonly feedback?: SignOff["feedback"];
  readonly note?: string;
}

/** @throws UserError for flags that have no effect: nobody's word must get lost */
export function signOffGiven({ signOff: by, feedback, note }: SignOffOptions): Omit<SignOff, "at"> | undefined {
  if (by === undefined) {
    const stray = feedback !== undefined ? "--feedback" : note !== undefined ? "--note" : undefined;
    if (stray !== undefined) {
      throw new UserError(`${stray}: nobody answers for it. Add --sign-off NAME.`);
    }
    return undefined;
  }
  if (by.trim() === "" || note?.trim() === "") {
    throw new UserError(`${by.trim() === "" ? "--sign-off" : "--note"}: is empty.`);
  }
  return { by: by.trim(), feedback: feedback ?? "positive", ...(note === undefined ? {} : { note: note.trim() }) };
}
