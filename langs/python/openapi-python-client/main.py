"""Calls both APIs through the clients that openapi-python-client made, and prints what it saw.

The comments that begin with works or workaround say which name of the generated client each
construct of the descriptions has, and what it takes to use it.
"""

import json
import os
import sys

from call_kainexus import call_kainexus
from call_kinabase import call_kinabase


def variable(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SystemExit(f"{name} is not set: kaikina sandbox prints its value")
    return value


def main() -> None:
    seen = {
        "kainexus": call_kainexus(
            variable("KAINEXUS_BASE_URL"),
            variable("KAINEXUS_API_KEY"),
            variable("KAINEXUS_CLIENT_ID"),
            variable("KAINEXUS_CLIENT_SECRET"),
        ),
        "kinabase": call_kinabase(
            variable("KINABASE_BASE_URL"),
            variable("KINABASE_APP_ID"),
            variable("KINABASE_APP_SECRET"),
        ),
    }
    json.dump(seen, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
