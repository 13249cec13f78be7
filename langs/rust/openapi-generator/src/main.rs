//! Calls both APIs through the clients that OpenAPI Generator makes of their descriptions, and prints what it saw
//! as one JSON document.
//!
//! The comments that begin with works or workaround say which name of the generated clients each construct of the
//! descriptions has, and what it takes to use it.
#![deny(warnings)]

mod kainexus;
mod kinabase;

use serde::Serialize;

/// What any call can fail with.
pub type Failure = Box<dyn std::error::Error>;

#[derive(Serialize)]
struct Document {
    kainexus: kainexus::Seen,
    kinabase: kinabase::Seen,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    match run().await {
        Ok(document) => println!("{document}"),
        Err(failure) => {
            eprintln!("openapi-generator: {failure}");
            std::process::exit(1);
        }
    }
}

async fn run() -> Result<String, Failure> {
    let document = Document {
        kainexus: kainexus::call().await.map_err(|e| format!("kainexus: {e}"))?,
        kinabase: kinabase::call().await.map_err(|e| format!("kinabase: {e}"))?,
    };
    Ok(serde_json::to_string(&document)?)
}

/// Reads a variable that has to be there.
pub fn variable(name: &str) -> Result<String, Failure> {
    match std::env::var(name) {
        Ok(value) if !value.is_empty() => Ok(value),
        _ => Err(format!("{name} is not set: kaikina sandbox prints its value").into()),
    }
}
