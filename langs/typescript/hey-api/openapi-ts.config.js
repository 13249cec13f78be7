import { defineConfig } from "@hey-api/openapi-ts";

const specs = process.env.KAIKINA_SPECS;
if (!specs) {
  throw new Error("KAIKINA_SPECS is not set: it is the folder of kainexus.yaml and kinabase.yaml");
}

export default defineConfig(
  ["kainexus", "kinabase"].map((product) => ({
    input: `${specs}/${product}.yaml`,
    output: {
      path: `generated/${product}`,
      // Node.js resolves no import without an ending.
      module: { extension: ".js" },
    },
    plugins: [
      "@hey-api/client-fetch",
      "@hey-api/sdk",
      "@hey-api/typescript",
      // The schemas at run time tell which properties of an answer nobody declared.
      "@hey-api/schemas",
    ],
  })),
);
