import { counted } from "./counted.mjs";
import { misbehave } from "./misbehave.mjs";
import { release } from "./release.mjs";

/** Says that there is some. */
export async function handler(event) {
  return counted("stock", event, async () => (await misbehave(release)) ?? inStock());
}

function inStock() {
  return {
    statusCode: 200,
    headers: {
      "content-type": "application/json",
      "access-control-allow-origin": "*",
      "x-release": release.name,
    },
    body: JSON.stringify({ greeting: process.env.GREETING, left: 12 }),
  };
}
