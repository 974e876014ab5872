// In capitals, as Lambda's own JSON logs write them and as the filter pattern "ERROR" expects.
export const LOG_LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Writes one JSON object per line. */
export type Logger = (level: LogLevel, message: string, fields: Record<string, unknown>) => void;

/**
 * @param threshold lines below this level are dropped, unless they carry metrics (`_aws`): alarms are made of those
 * @param write takes one line with its line end; not `console.log`, in front of which Lambda puts text of its own
 */
export function createLogger(threshold: LogLevel, now: () => Date, write: (line: string) => void): Logger {
  const lowest = LOG_LEVELS.indexOf(threshold);
  return (level, message, fields) => {
    if (LOG_LEVELS.indexOf(level) < lowest && !("_aws" in fields)) return;
    write(`${JSON.stringify({ level, time: now().toISOString(), message, ...fields })}\n`);
  };
}
