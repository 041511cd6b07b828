//! Why an item was read: what `dyad explain` prints.

use crate::CharSpan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One item of a record with the words, the parse and the rule or model behind it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// Its id in the record.
    pub item: String,
    /// What was coded, in short.
    pub coded: String,
    /// The sentence that tells it.
    pub sentence: CharSpan,
    pub words: Vec<ExplainedWord>,
    pub found_by: String,
    /// The line of the lexicon that `found_by` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the rule or the model was given: the signs that speak for the code or against it.
    pub because: Vec<String>,
    /// The findings that it stands on.
    pub from: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// What else it might have been, the likeliest first.
    pub runners_up: Vec<RunnerUp>,
}

/// A word of the sentence as the parser has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedWord {
    /// From 1, as in CoNLL-U.
    pub id: u32,
    pub form: String,
    pub lemma: String,
    pub upos: String,
    pub xpos: String,
    /// 0 for the root.
    pub head: u32,
    pub deprel: String,
    /// What the item takes it for: `trigger`, `actor`, `recipient`, `evidence`; empty for other words.
    pub role: String,
}

/// A code that was not given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunnerUp {
    /// The PLOVER type; CONCEDE and RETREAT are YIELD to the model, which folds the status in.
    pub code: String,
    /// The model's share of belief in it, where it sees both sides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// The line of the lexicon that would have given it, and is met by the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}
