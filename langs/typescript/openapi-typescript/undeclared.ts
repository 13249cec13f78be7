/**
 * All names that a model declares, at run time. The compiler misses none and takes no other.
 * Every other property is allowed too, with a value of type unknown, so that a mere keyof
 * would be string.
 */
export type Names<Model> = { [Name in keyof Model as string extends Name ? never : Name]-?: true };

/** The properties of an object that its model does not declare, in order. */
export function undeclared<Model extends object>(object: Model, names: Names<Model>): [name: string, value: unknown][] {
  return Object.entries(object)
    .filter(([name]) => !(name in names))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
