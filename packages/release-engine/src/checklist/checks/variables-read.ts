/** An environment variable that code reads. */
export interface VariableRead {
  readonly name: string;
  /** Whether the code has a value of its own wherever it reads it and it is not set: one place without is enough to need it. */
  readonly hasFallback: boolean;
}

/**
 * What Lambda sets itself.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
const OF_LAMBDA =
  /^(AWS_.*|_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|TZ|LANG|PATH|NODE_PATH|NODE_ENV|NODE_OPTIONS|LD_LIBRARY_PATH)$/;
/** `process.env.NAME`, `env.NAME`, `env["NAME"]`, and what is done with it on the spot. */
const READ = /\benv(?:\??\.([A-Z_][A-Z0-9_]*)|\[(["'`])([A-Z_][A-Z0-9_]*)\2\])(?=([^;\n]*))/g;
const DESTRUCTURED = /\{([^{}]*)\}\s*=\s*(?:process\.)?env\b/g;
/** `?? "INFO"`, `?.trim() || "INFO"`; an empty text is no value. */
const FALLBACK = /^(?:\??\.\w+\([^()]*\))*\)?\s*(?:\?\?|\|\|)(?!\s*(?:""|''|``))/;

/** The environment variables that a source text reads, those that Lambda sets itself left out. */
export function variablesRead(source: string): VariableRead[] {
  const found = new Map<string, boolean>();
  const note = (name: string, hasFallback: boolean) => {
    if (!OF_LAMBDA.test(name)) {
      found.set(name, (found.get(name) ?? true) && hasFallback);
    }
  };
  for (const [, dotted, , quoted, rest = ""] of source.matchAll(READ)) {
    note(dotted ?? quoted ?? "", FALLBACK.test(rest));
  }
  for (const [, inside = ""] of source.matchAll(DESTRUCTURED)) {
    for (const part of inside.split(",")) {
      const [, name, fallback] = /^\s*([A-Z_][A-Z0-9_]*)\s*(?::\s*\w+\s*)?(=.*)?$/s.exec(part) ?? [];
      if (name !== undefined) {
        note(name, fallback !== undefined && !/^=\s*(""|''|``)\s*$/.test(fallback));
      }
    }
  }
  return [...found].map(([name, hasFallback]) => ({ name, hasFallback }));
}
