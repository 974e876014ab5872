/**
 * What tells one person from another: the e-mail address in `Jane Doe <Jane+work@example.com>`, in lower case and without the part that
 * people add to it (`jane@example.com`).
 *
 * @returns undefined where there is no address: a name alone is nobody
 */
export function identityOf(person: string): string | undefined {
  const [, address] = /<?([^\s<>@]+@[^\s<>@]+)>?\s*$/.exec(person.trim()) ?? [];
  return address?.toLowerCase().replace(/\+[^@]*(?=@)/, "");
}
