/** What is not the application's: Node.js, Lambda's runtime, libraries. */
const FOREIGN = /\bnode:|node_modules|^internal\/|\/var\/runtime\/|\/var\/lang\/|<anonymous>$|\[native code\]|^native$/;

/** No more of a stack is looked at. */
const [MOST_LINES, LONGEST_LINE] = [100, 500] as const;

/**
 * Where in the application an error came from: function and file of the first stack frame that is neither Node.js's nor a library's,
 * without line and column, which every build moves.
 *
 * @param stack - its lines, in the form of V8 or of Python; lines that are no frames are passed over
 */
export function ownFrame(stack: readonly string[]): string | undefined {
  const lines = stack.slice(0, MOST_LINES).filter((line) => line.length <= LONGEST_LINE);
  return v8Frame(lines) ?? pythonFrame(lines);
}

function v8Frame(stack: readonly string[]): string | undefined {
  for (const line of stack) {
    const called = /^\s*at (?:async )?(?:new )?(?:([^(]*?) )?\(?([^()\s]+?)(?::\d+)?(?::\d+)?\)?\s*$/.exec(line);
    const [, name, file = ""] = called ?? [];
    if (called !== null && !FOREIGN.test(file)) {
      const nameless = name === undefined || /<anonymous>|^eval$/.test(name);
      return nameless ? fileName(file) : `${name.replace(/ \[as .*\]$/, "")} (${fileName(file)})`;
    }
  }
  return undefined;
}

/** The last one is where it happened. */
function pythonFrame(stack: readonly string[]): string | undefined {
  for (const line of stack.toReversed()) {
    const called = /^\s*File "([^"]+)", line \d+, in (\S+)/.exec(line);
    const [, file = "", name] = called ?? [];
    if (called !== null && !/\/site-packages\/|\/var\/runtime\/|\/var\/lang\//.test(file)) {
      return `${name} (${fileName(file)})`;
    }
  }
  return undefined;
}

/** Without its folders, which are other ones on another machine. */
function fileName(file: string): string {
  return file.replace(/[?#].*$/, "").replace(/^.*[/\\]/, "");
}
