import { misbehave } from "./misbehave.mjs";
import { release } from "./release.mjs";

/** Says that there is some. */
export async function handler() {
  const answer = await misbehave(release);
  return (
    answer ?? {
      statusCode: 200,
      headers: { "content-type": "application/json", "x-release": release.name },
      body: JSON.stringify({ greeting: process.env.GREETING, left: 12 }),
    }
  );
}
