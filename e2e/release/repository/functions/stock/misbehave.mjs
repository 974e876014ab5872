import { setTimeout as wait } from "node:timers/promises";

let calls = 0;

/** What is wrong with a release. https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-types-transforms */
export async function misbehave({ fault }) {
  calls += 1;
  switch (fault) {
    case "errors":
      // Every tenth, by chance: environments come and go, so none of them can count.
      return Math.random() < 0.1 ? { statusCode: 500, body: JSON.stringify({ message: "bad release" }) } : undefined;
    case "slow":
      await wait(250);
      return undefined;
    case "storm":
      for (let line = 0; line < 20; line += 1) {
        console.error(JSON.stringify({ level: "ERROR", message: `cannot find the warehouse ${calls}-${line}` }));
      }
      return undefined;
    default:
      return undefined;
  }
}
