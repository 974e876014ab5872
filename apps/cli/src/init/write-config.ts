import { randomBytes } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";

/**
 * Writes a file so that nobody ever finds a half of it, and so that one that is there stays, unless it may be replaced.
 *
 * @returns whether it was written
 */
export async function writeConfig(
  path: string,
  text: string,
  { replace }: { readonly replace: boolean },
): Promise<boolean> {
  const beside = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    const file = await open(beside, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if (replace) {
      await rename(beside, path);
      return true;
    }
    // Unlike a rename, this fails where the name is taken, also by somebody who was quicker.
    await link(beside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}
