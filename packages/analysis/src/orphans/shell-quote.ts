/** A word as a POSIX shell takes it: as it is where no character means anything to a shell, otherwise in single quotes. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_./:@,+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
