/** What a log line says about an error. */
export interface ErrorFacts {
  readonly errorClass: string;
  readonly message: string;
  /** Lines of the stack, where there is one. */
  readonly stack: readonly string[];
  readonly operation?: string;
}

/** A class that says nothing. */
export const UNNAMED_CLASS = "Error";

/** The facts of an error that is told as text: `TypeError: no good`, and the lines of its stack below. */
export function factsOfText(text: string): ErrorFacts {
  const [first = "", ...rest] = text.trim().split(/\r?\n/);
  const [, errorClass, message] =
    /^(?:Uncaught(?: \(in promise\))? |Unhandled )?((?:[A-Za-z_$][\w$.]*)?(?:Error|Exception|Fault|Exit|Interrupt)(?: \[\w+\])?): ?(.*)$/.exec(
      first,
    ) ?? [];
  const lines = rest.filter((line) => line.trim() !== "");
  const isFrame = (line: string) => /^\s*(?:at |File "|Traceback )/.test(line);
  const more = lines.findIndex(isFrame);
  const continued = more < 0 ? lines : lines.slice(0, more);
  return {
    errorClass: errorClass?.replace(/ \[\w+\]$/, "") ?? UNNAMED_CLASS,
    message: [message ?? first, ...continued].join(" "),
    stack: more < 0 ? [] : lines.slice(more),
  };
}
