package example;

import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Calls both APIs through the clients that OpenAPI Generator makes of their descriptions, and prints what it saw
 * as one JSON document.
 *
 * <p>The comments that begin with works or workaround say which name of the generated clients each construct of
 * the descriptions has, and what it takes to use it.
 */
public final class Program {

  record Document(KaiNexus.Seen kainexus, Kinabase.Seen kinabase) {}

  private Program() {}

  public static void main(String[] args) throws Exception {
    KaiNexus kaiNexus =
        new KaiNexus(
            variable("KAINEXUS_BASE_URL"),
            variable("KAINEXUS_API_KEY"),
            variable("KAINEXUS_CLIENT_ID"),
            variable("KAINEXUS_CLIENT_SECRET"));
    Kinabase kinabase =
        new Kinabase(
            variable("KINABASE_BASE_URL"), variable("KINABASE_APP_ID"), variable("KINABASE_APP_SECRET"));
    System.out.println(new ObjectMapper().writeValueAsString(new Document(kaiNexus.call(), kinabase.call())));
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException(name + " is not set: kaikina sandbox prints its value");
    }
    return value;
  }

  /** The failure of a call that should have been refused. */
  static IllegalStateException notRefused(String operation) {
    return new IllegalStateException(operation + ": answered, want a refusal");
  }
}
