/** What is special about a version of the shop. */
export interface ShopVersion {
  /** A text of its own, so that its code is no other version's. */
  readonly name: string;
  /** Every so many requests one is answered with 500. */
  readonly faultEvery?: number;
  /** Every so many requests one takes half a second longer: more than a busy machine makes of it. */
  readonly slowEvery?: number;
  /** Every so many requests one logs an error, and is answered well. */
  readonly errorEvery?: number;
  /** It does not start. */
  readonly crashes?: boolean;
}

/**
 * A small function behind a proxy integration, which counts its answers by version in the embedded metric format, as the items API
 * does.
 *
 * @returns the text of `index.mjs`
 */
export function shopCode({
  name,
  faultEvery = 0,
  slowEvery = 0,
  errorEvery = 0,
  crashes = false,
}: ShopVersion): string {
  return `
${crashes ? 'throw new Error("no configuration");' : ""}
const metrics = [{
  Namespace: "Shop",
  Dimensions: [["functionVersion"]],
  Metrics: [{ Name: "requests", Unit: "Count" }, { Name: "faults", Unit: "Count" }],
}];
let served = 0;
const isTurn = (every) => every > 0 && served % every === 0;
export const handler = async (event, { functionVersion }) => {
  served += 1;
  const isFault = isTurn(${faultEvery});
  if (isTurn(${slowEvery})) await new Promise((resolve) => setTimeout(resolve, 500));
  if (isTurn(${errorEvery})) console.error("no answer from the warehouse");
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: metrics };
  console.log(JSON.stringify({ _aws, functionVersion, requests: 1, faults: isFault ? 1 : 0 }));
  return { statusCode: isFault ? 500 : 200, headers: {}, body: JSON.stringify({ shop: ${JSON.stringify(name)} }) };
};
`;
}
