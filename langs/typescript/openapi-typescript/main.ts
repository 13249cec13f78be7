/**
 * Calls both APIs with openapi-fetch and the types that openapi-typescript generates, and
 * prints what it saw as one JSON document. The programs of the other generators print the
 * same one.
 *
 * The comments that begin with works or workaround say which name of the generated types
 * each construct of the descriptions has, and what it takes to use it.
 */

import { callKaiNexus } from "./kainexus.js";
import { callKinabase } from "./kinabase.js";

/** Reads a variable that has to be there. */
function variable(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: kaikina sandbox prints its value`);
  }
  return value;
}

try {
  const seen = {
    kainexus: await callKaiNexus({
      baseUrl: variable("KAINEXUS_BASE_URL"),
      apiKey: variable("KAINEXUS_API_KEY"),
      clientId: variable("KAINEXUS_CLIENT_ID"),
      clientSecret: variable("KAINEXUS_CLIENT_SECRET"),
    }),
    kinabase: await callKinabase({
      baseUrl: variable("KINABASE_BASE_URL"),
      appId: variable("KINABASE_APP_ID"),
      secret: variable("KINABASE_APP_SECRET"),
    }),
  };
  console.log(JSON.stringify(seen));
} catch (error) {
  console.error("openapi-typescript:", error);
  process.exitCode = 1;
}
