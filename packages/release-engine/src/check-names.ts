/**
 * What a waiver may call a check by: its id, and of a validation's check the id without its window, `validation.error-rate` for
 * `validation.short.error-rate`.
 */
export function checkNames(id: string): readonly string[] {
  const anyWindow = id.replace(/^validation\.(immediate|short|extended)\./, "validation.");
  return anyWindow === id ? [id] : [id, anyWindow];
}
