// Writes generated/*.ts. The command openapi-typescript does the same, but has no option that
// makes a Blob of what is binary: it would be a string, which no file fits. With either, leave
// rootTypes off: the type Record of Kinabase would hide the language's own, and not compile.

import { mkdir, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import ts from "typescript";

const specs = process.env.KAIKINA_SPECS;
if (!specs) {
  throw new Error("KAIKINA_SPECS is not set: it is the folder of kainexus.yaml and kinabase.yaml");
}

const blob = ts.factory.createTypeReferenceNode("Blob");

await mkdir("generated", { recursive: true });
for (const product of ["kainexus", "kinabase"]) {
  const types = await openapiTS(pathToFileURL(`${specs}/${product}.yaml`), {
    transform: (schema) => (schema.format === "binary" ? blob : undefined),
  });
  await writeFile(`generated/${product}.ts`, COMMENT_HEADER + astToString(types));
}
