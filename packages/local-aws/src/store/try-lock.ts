import { DatabaseSync } from "node:sqlite";

/** SQLite's result code for "another connection has the lock". */
const SQLITE_BUSY = 5;

/**
 * Takes a lock that ends with the process, however that ends. The operating system keeps it (through SQLite, because Node.js has
 * no file locks of its own), so a kill leaves nothing stale behind and a process id that is given out again means nothing.
 *
 * @param file - made where missing, and left behind
 * @returns gives the lock back; `undefined` when somebody else has it
 * @throws SQLite's error when the file cannot be written
 */
export function tryLock(file: string): (() => void) | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) {
      return undefined;
    }
    throw error;
  }
  let isHeld = true;
  return () => {
    if (isHeld) {
      isHeld = false;
      database.close();
    }
  };
}
