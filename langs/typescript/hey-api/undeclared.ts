/**
 * The properties that the schema of an object does not declare, in order. The types let them
 * pass as unknown, and fetch keeps them; only the generated schemas tell them from the others.
 */
export function undeclared(object: object, schema: { properties: object }): [name: string, value: unknown][] {
  return Object.entries(object)
    .filter(([name]) => !(name in schema.properties))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
