// One cold start: imports a bundle in this fresh process, as Lambda's runtime does, and sends it a first event. What is
// measured begins when this program runs: starting Node itself is the same for everybody. The last line of stdout is the result.
//
//     node cold-start-probe.cjs BUNDLE EVENT CONTEXT      the last two as JSON

const [, , bundle, event, context] = process.argv;
const first = JSON.parse(event);
const about = { ...JSON.parse(context), getRemainingTimeInMillis: () => 10_000 };

const startedAt = performance.now();
const { handler } = require(bundle);
const importedAt = performance.now();
handler(first, about).then((answer) => {
  const answeredAt = performance.now();
  if (answer.statusCode !== 200) {
    throw new Error(`The first request was answered ${answer.statusCode}: ${answer.body}`);
  }
  process.stdout.write(
    `\n${JSON.stringify({ importMs: importedAt - startedAt, firstAnswerMs: answeredAt - startedAt })}\n`,
    // Kept connections and timers are nobody's concern here.
    () => process.exit(0),
  );
});
