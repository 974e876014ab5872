/** Texts of the files of a repository that say something about what is released, by their paths from its top, with / between the parts. */
export type RepositoryFiles = ReadonlyMap<string, string>;
