import { setTimeout as wait } from "node:timers/promises";

let calls = 0;

/**
 * Takes its time, and does what is wrong with a release.
 *
 * @returns the answer of a bad release; undefined where the function shall answer itself
 */
export async function misbehave({ fault, usualMs, leak = "" }) {
  calls += 1;
  // By chance, because no environment knows of the others; but never the first calls of one, or the single question of `code.prove` would
  // find out in a tenth of all tests what the canary is there to find.
  const isUnlucky = calls > 2 && Math.random() < 0.1;
  await wait(fault === "slow" || (fault === "slow-tail" && isUnlucky) ? 5 * usualMs : usualMs);
  if (fault === "errors" && isUnlucky) {
    return { statusCode: 500, body: JSON.stringify({ message: "bad release" }) };
  }
  if (fault === "confess") {
    return { statusCode: 500, body: JSON.stringify({ message: `bad release ${said(leak)}` }) };
  }
  if (fault === "storm") {
    for (let line = 0; line < 20; line += 1) {
      console.error(
        JSON.stringify({ level: "ERROR", message: `cannot find the warehouse ${calls}-${line} ${said(leak)}` }),
      );
    }
  }
  return undefined;
}

/** With what the function was told in confidence: that is known to nobody by its looks. */
function said(leak) {
  return leak === "" ? "" : `${leak}, and ${process.env.PASSWORD}`;
}
