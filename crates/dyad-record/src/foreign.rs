//! What others coded: acts without text.

use crate::{Quad, UnknownWord};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// Whose coding it is.
    Coder { Gdelt = "GDELT", Icews = "ICEWS", Polecat = "POLECAT" }
}

/// One act as another coded it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Foreign {
    pub coder: Coder,
    /// Unique with the date: ICEWS used its ids again.
    pub id: String,
    /// ISO date.
    pub date: String,
    /// ISO 3166-1 alpha-3.
    pub actors: Vec<String>,
    pub recipients: Vec<String>,
    pub quad: Quad,
    /// CAMEO code, or POLECAT's event type.
    pub code: String,
    pub goldstein: Option<f64>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    pub place: String,
    pub url: String,
}

/// How much of one coder an archive holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForeignCount {
    pub coder: Coder,
    pub acts: u64,
    /// First and last day.
    pub from: String,
    pub to: String,
}
