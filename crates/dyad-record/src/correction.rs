//! What a person says against the machine's reading, kept beside it.

use crate::archive::Party;
use crate::{
    Casualty, Change, CharSpan, EventType, Form, Stance, Status, TieKind, Trend, UnknownWord,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

words! {
    /// What a correction is about.
    ItemKind { Event = "event", Statement = "statement", Figure = "figure", Tie = "tie" }
}
words! {
    /// The item is otherwise, is none, or was missed.
    Action { Amend = "amend", Reject = "reject", Add = "add" }
}

/// One item of a report as a person has it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Correction {
    pub id: String,
    /// Id of the report.
    pub report: String,
    pub kind: ItemKind,
    pub action: Action,
    /// Id of the item in the reading that counts; null where that reading has none at these words.
    pub item: Option<String>,
    /// Where the words of the item stand, by which it is found again in a newer reading.
    pub spans: Vec<CharSpan>,
    pub words: String,
    /// As the machine had it when it was corrected; null for what it had missed.
    pub machine: Option<Coding>,
    /// The rule or model that found it so.
    pub found_by: Option<String>,
    /// What the person says instead: only what differs.
    pub change: Option<Coding>,
    pub who: String,
    /// RFC 3339, in UTC.
    pub when: String,
    pub why: String,
    pub withdrawn: Option<Withdrawal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Withdrawal {
    pub who: String,
    /// RFC 3339, in UTC.
    pub when: String,
}

/// What a person proposes.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Id of the report.
    pub report: String,
    pub action: Action,
    /// Id of the item in the record of the report; not for `add`.
    pub item: Option<String>,
    /// What is otherwise, in the fields of an answer's row; a null empties one. Not for `reject`.
    #[schemars(with = "Option<Coding>")]
    pub change: Option<Value>,
    /// For `add`: what is added; an event unless told.
    #[serde(default)]
    pub kind: Option<ItemKind>,
    /// For `add`: words of the report that tell it; they must stand there once.
    pub words: Option<String>,
    /// For `add`: where the words stand, instead of `words`.
    #[serde(default)]
    pub spans: Vec<CharSpan>,
    /// Who says so. With tokens the name of the token.
    #[serde(default)]
    pub who: String,
    pub why: String,
}

/// What may be corrected of an item, in the names of the archive's rows: what is left out stays.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Coding {
    Event(EventCoding),
    Statement(StatementCoding),
    Figure(FigureCoding),
    Tie(TieCoding),
}

impl Coding {
    pub fn parse(kind: ItemKind, value: Value) -> serde_json::Result<Coding> {
        fn of<T: DeserializeOwned>(
            value: Value,
            make: fn(T) -> Coding,
        ) -> serde_json::Result<Coding> {
            serde_json::from_value(value).map(make)
        }
        match kind {
            ItemKind::Event => of(value, Coding::Event),
            ItemKind::Statement => of(value, Coding::Statement),
            ItemKind::Figure => of(value, Coding::Figure),
            ItemKind::Tie => of(value, Coding::Tie),
        }
    }
}

/// A side, or how a person names one: a code (`RUS`, `RUS MIL`, `NATO`), an actor's id in the record
/// (`a3`), a name, or a name with its code (`Odesa dockers=UKR CVL`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Who {
    Known(Party),
    Named(String),
}

/// A place, or how a person names one: its name, and where that is not enough the country's code
/// (`Odesa, UKR`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Where {
    Known(Spot),
    Named(String),
}

/// A place without its mentions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    pub name: String,
    pub country: Option<String>,
    #[serde(default)]
    pub admin1: Option<String>,
    #[serde(default)]
    pub lat: Option<f64>,
    #[serde(default)]
    pub lon: Option<f64>,
    #[serde(default)]
    pub gazetteer_id: Option<String>,
}

/// Another item of the report, or its id (`e3`), as a person names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Pointer {
    Known(Pointed),
    Named(String),
}

/// An item with the words by which it is found again in a newer reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pointed {
    pub kind: ItemKind,
    pub item: String,
    pub spans: Vec<CharSpan>,
}

/// Something that may be changed, and may be changed to nothing.
pub type Nullable<T> = Option<Option<T>>;

/// A field that is there, also where it is null.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    value: D,
) -> Result<Nullable<T>, D::Error> {
    Option::deserialize(value).map(Some)
}

macro_rules! coding {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$adoc:meta])* $always:ident $(as $word:literal)?: $type:ty,)*
        ; $($(#[$odoc:meta])* $maybe:ident: $otype:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[$adoc])*
                #[serde(skip_serializing_if = "Option::is_none" $(, rename = $word)?)]
                pub $always: Option<$type>,
            )*
            $(
                $(#[$odoc])*
                #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
                pub $maybe: Nullable<$otype>,
            )*
        }
    };
}

coding! {
    /// Who did what to whom, when and where.
    EventCoding {
        kind as "type": EventType,
        /// Where the type is changed and the code is not given, that of the type alone.
        cameo: String,
        goldstein: f32,
        status: Status,
        actors: Vec<Who>,
        recipients: Vec<Who>,
        mutual: bool,
        ;
        mode: String,
        /// ISO dates, inclusive.
        from: String,
        to: String,
        place: Where,
        /// The statement that vouches for it.
        statement: Pointer,
    }
}
coding! {
    /// Who said what to whom.
    StatementCoding {
        form: Form,
        ;
        speaker: Who,
        addressee: Who,
        stance: Stance,
        /// ISO dates, inclusive.
        from: String,
        to: String,
    }
}
coding! {
    /// How many of what.
    FigureCoding {
        approximate: bool,
        ;
        value: f64,
        low: f64,
        high: f64,
        of: f64,
        unit: String,
        counted: String,
        casualty: Casualty,
        change: Change,
        /// The event, statement or tie that it tells of.
        about: Pointer,
        /// The statement that gives it.
        statement: Pointer,
    }
}
coding! {
    /// How two sides stand to each other.
    TieCoding {
        kind: TieKind,
        from: Who,
        to: Who,
        ;
        /// The side that depends more on the other.
        leans: Who,
        trend: Trend,
        commodity: String,
        /// The statement that vouches for it.
        statement: Pointer,
    }
}

/// A line of training data: what the machine read at some words, and what a person says.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Lesson {
    pub correction: String,
    pub report: String,
    pub published: Option<String>,
    /// The whole text of the report, in which the spans are.
    pub text: String,
    pub kind: ItemKind,
    pub action: Action,
    pub spans: Vec<CharSpan>,
    pub words: String,
    /// Null where the machine had read nothing.
    pub machine: Option<Coding>,
    pub found_by: Option<String>,
    /// Null where there is nothing to read.
    pub person: Option<Coding>,
    pub who: String,
    pub when: String,
    pub why: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_null_empties_and_what_is_left_out_stays() {
        let change = json!({ "type": "AID", "place": null, "actors": ["RUS"] });
        let coding = Coding::parse(ItemKind::Event, change.clone()).unwrap();
        let Coding::Event(event) = &coding else { panic!("{coding:?}") };
        assert_eq!((event.place.clone(), event.mode.clone()), (Some(None), None));
        assert_eq!(
            serde_json::to_value(&coding).unwrap(),
            json!({
                "type": "AID", "actors": ["RUS"], "place": null,
            })
        );
        assert!(Coding::parse(ItemKind::Figure, change).unwrap_err().to_string().contains("type"));
    }
}
