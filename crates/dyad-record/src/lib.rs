//! The record of one report: the types of the contract `dyad/1`, and their JSON Schema.
//!
//! Nothing here knows how a report is read. Positions are Unicode code points of
//! `report.text`, end exclusive, so that `text[start:end]` works in Python, R and SQL.
#![forbid(unsafe_code)]

pub mod archive;
pub mod explain;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name of the schema that every record carries.
pub const SCHEMA: &str = "dyad/1";

/// What begins the name under which the ontology of an own type stands among a record's lexicons.
pub const ONTOLOGY: &str = "ontology/";

/// The record of one report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    pub schema: String,
    pub report: Report,
    pub reader: Reader,
    pub passages: Vec<Passage>,
    pub events: Vec<Event>,
    pub statements: Vec<Statement>,
    pub figures: Vec<Figure>,
    pub ties: Vec<Tie>,
    /// Who or what had a part in the attacks, named or not.
    #[serde(default)]
    pub participants: Vec<Participant>,
    pub actors: Vec<Actor>,
    pub places: Vec<Place>,
    pub times: Vec<Time>,
    /// What was doubtful in reading the report, in words (a guessed encoding, a missing date).
    pub notes: Vec<String>,
}

/// The report as it was read, damage and all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// A hash of the content.
    pub id: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub byline: Option<String>,
    pub url: Option<String>,
    /// ISO date of publication.
    pub published: Option<String>,
    pub fetched: Option<String>,
    /// ISO 639-1 code.
    pub language: String,
    pub text: String,
}

/// The versions that made the record: the same versions and bytes give the same record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reader {
    pub program: String,
    pub model: String,
    /// Name of each lexicon and the hash of its text. An own event type stands as `ontology/TYPE`, with
    /// the name of the file that it was trained on and the hash of its head.
    pub lexicons: std::collections::BTreeMap<String, String>,
}

/// A range of code points of `report.text`, end exclusive.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
)]
pub struct CharSpan {
    pub start: u32,
    pub end: u32,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(Serialize, Deserialize, JsonSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word that stands for it in a record.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok($name::$variant),)+
                    _ => Err(UnknownWord { kind: stringify!($name), word: word.to_owned() }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// A word that is not one of a closed list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    pub kind: &'static str,
    pub word: String,
}

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is not a {}", self.word, self.kind)
    }
}

impl std::error::Error for UnknownWord {}

pub mod correction;
pub mod foreign;
mod kind;

pub use kind::{EventType, OwnType};

words! {
    /// What a stretch of the page is.
    PassageKind { Body = "body", Furniture = "furniture", Damaged = "damaged" }
}
words! {
    /// How far an act has come. A refusal, a denial or a plan is never counted as the deed.
    Status {
        Happened = "happened", Ongoing = "ongoing", Planned = "planned", CalledFor = "called_for",
        Threatened = "threatened", Refused = "refused", Denied = "denied", Supposed = "supposed",
    }
}
words! {
    /// Where the time of an event comes from.
    TimeBasis { Stated = "stated", Inherited = "inherited", Published = "published" }
}
words! {
    /// How speech stands on the page.
    Form { Quoted = "quoted", Reported = "reported", Free = "free" }
}
words! {
    /// What a speaker does with the words.
    Stance {
        Says = "says", Claims = "claims", Denies = "denies", Promises = "promises",
        Threatens = "threatens", Praises = "praises", Condemns = "condemns",
        Predicts = "predicts", Asks = "asks", Believes = "believes", Wants = "wants",
        Supports = "supports", Opposes = "opposes", Refuses = "refuses",
        /// A document, poll or picture that speaks for itself.
        Shows = "shows",
        /// An impression that nobody in the text owns.
        Seems = "seems",
    }
}
words! {
    PlaceBasis { Stated = "stated", Inherited = "inherited" }
}
words! {
    Change { Rise = "rise", Fall = "fall" }
}
words! {
    /// What befell those whom a figure counts.
    Casualty {
        Killed = "killed", Wounded = "wounded", Missing = "missing", Detained = "detained",
        Captured = "captured", Abducted = "abducted", Displaced = "displaced",
        Evacuated = "evacuated",
    }
}
words! {
    /// How two sides stand to each other.
    TieKind {
        Trade = "trade", Energy = "energy", Arms = "arms",
        MilitaryCooperation = "military_cooperation", Alliance = "alliance",
        Dependence = "dependence", Sanctions = "sanctions", Control = "control",
        Mediation = "mediation", Rivalry = "rivalry",
    }
}
words! {
    Trend { Rising = "rising", Falling = "falling", Steady = "steady" }
}
words! {
    ActorKind {
        State = "state", Organisation = "organisation", Person = "person", Group = "group",
        PlaceAsActor = "place_as_actor",
    }
}
words! {
    /// Whom an actor acts for.
    Sector {
        Gov = "GOV", Mil = "MIL", Leg = "LEG", Jud = "JUD", Cop = "COP", Spy = "SPY", Opp = "OPP",
        Reb = "REB", Sep = "SEP", Igo = "IGO", Ngo = "NGO", Bus = "BUS", Med = "MED", Edu = "EDU",
        Cvl = "CVL", Unk = "UNK",
    }
}
words! {
    /// The part that someone or something had in an attack.
    Part {
        Perpetrator = "perpetrator", Organisation = "perpetrator_organisation", Target = "target",
        Victim = "victim", Weapon = "weapon",
    }
}
words! {
    /// How a mention names its actor.
    How { Name = "name", Pronoun = "pronoun", Description = "description", Metonym = "metonym" }
}
words! {
    /// The four classes of PLOVER types and CAMEO roots.
    Quad {
        VerbalCooperation = "verbal_cooperation", MaterialCooperation = "material_cooperation",
        VerbalConflict = "verbal_conflict", MaterialConflict = "material_conflict",
    }
}

impl Stance {
    /// Whether the words stand only in the speaker's mouth. A wish, a refusal or an attitude is
    /// told by the report itself.
    pub fn vouches(self) -> bool {
        use Stance::*;
        !matches!(self, Wants | Supports | Opposes | Refuses | Seems)
    }
}

impl Status {
    /// The act was done or is being done: only such acts are counted as deeds.
    pub fn is_deed(self) -> bool {
        matches!(self, Status::Happened | Status::Ongoing)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    pub start: u32,
    pub end: u32,
    pub kind: PassageKind,
    pub why: String,
}

/// Who did what to whom, when and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: EventType,
    pub mode: Option<String>,
    pub contexts: Vec<String>,
    /// The nearest CAMEO code, as a string ("010" is not "10").
    pub cameo: String,
    pub goldstein: f32,
    pub quad: Quad,
    /// Ids into `actors`.
    pub actors: Vec<String>,
    pub recipients: Vec<String>,
    /// A joint act: both sides stand in `actors`.
    pub mutual: bool,
    pub time: Option<EventTime>,
    /// Id into `places`.
    pub place: Option<String>,
    /// Whether its own sentence tells the place, or only the words before it.
    pub place_basis: Option<PlaceBasis>,
    pub status: Status,
    /// The statement that vouches for it; null where the report itself does.
    pub statement: Option<String>,
    pub evidence: Vec<CharSpan>,
    pub trigger: CharSpan,
    pub confidence: f32,
    /// Its evidence touches a damaged passage.
    pub damaged: bool,
    /// What the rest of the report says against it; `confidence` is lowered for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<String>,
    pub found_by: String,
    /// Ids of the findings it stands on.
    pub from: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventTime {
    pub from: Option<String>,
    pub to: Option<String>,
    pub text: Option<String>,
    pub basis: TimeBasis,
}

/// Who or what had a part in an attack: a person behind it, a body behind it, a thing that it struck,
/// a named person whom it struck, a weapon. No actor need be known ("three men", "a bus").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Participant {
    pub id: String,
    pub part: Part,
    /// The words that name it, in lower case, without article.
    pub name: String,
    pub mentions: Vec<CharSpan>,
    /// Id into `actors`, where it is one.
    pub actor: Option<String>,
    /// Id of the attack.
    pub event: String,
    pub confidence: f32,
    pub damaged: bool,
    pub found_by: String,
}

/// Who said what, and through whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    pub id: String,
    /// Id into `actors`; null where nobody in the text can be named.
    pub speaker: Option<String>,
    /// The words that name the speaker here.
    pub source: Option<CharSpan>,
    pub stance: Option<Stance>,
    /// The chain that carried it, nearest to the reader first.
    pub through: Vec<String>,
    pub addressee: Option<String>,
    pub cue: Option<CharSpan>,
    pub content: Vec<CharSpan>,
    pub form: Form,
    pub time: Option<EventTime>,
    pub damaged: bool,
    pub found_by: String,
    pub from: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    pub id: String,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// The whole, for "54 of 69".
    pub of: Option<f64>,
    /// Singular noun phrase, `percent`, or an ISO 4217 currency.
    pub unit: Option<String>,
    pub counted: Option<String>,
    /// What befell those who are counted, where it counts casualties. Who gives the figure is the
    /// speaker of its `statement`.
    pub casualty: Option<Casualty>,
    /// Id of an event, statement or tie.
    pub about: Option<String>,
    pub approximate: bool,
    pub change: Option<Change>,
    pub start: u32,
    pub end: u32,
    pub text: String,
    pub statement: Option<String>,
    pub damaged: bool,
    /// What the rest of the report says against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<String>,
    pub found_by: String,
    pub from: Vec<String>,
}

/// How two sides stand to each other as a lasting state. `from` and `to` are its two sides
/// (actor ids), so its derivation is called `stands_on`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tie {
    pub id: String,
    pub kind: TieKind,
    pub from: String,
    pub to: String,
    pub trend: Option<Trend>,
    /// Which side leans on the other more (actor id).
    pub asymmetry: Option<String>,
    pub commodity: Option<String>,
    pub statement: Option<String>,
    pub evidence: Vec<CharSpan>,
    pub confidence: f32,
    pub damaged: bool,
    pub found_by: String,
    pub stands_on: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    pub id: String,
    pub name: String,
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    pub organisation: Option<String>,
    pub sector: Sector,
    /// PLOVER/CAMEO style, as `RUS GOV`.
    pub code: String,
    /// The office held on the report's date.
    pub role: Option<String>,
    pub mentions: Vec<ActorMention>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActorMention {
    pub start: u32,
    pub end: u32,
    pub how: How,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    pub id: String,
    pub name: String,
    pub country: Option<String>,
    pub admin1: Option<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub gazetteer_id: Option<String>,
    pub mentions: Vec<CharSpan>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Time {
    pub start: u32,
    pub end: u32,
    pub text: String,
    /// TIMEX3 type: DATE, TIME, DURATION or SET.
    #[serde(rename = "type")]
    pub kind: String,
    /// ISO dates, inclusive.
    pub from: Option<String>,
    pub to: Option<String>,
    /// TIMEX3 value.
    pub value: Option<String>,
    pub granularity: String,
}

/// The JSON Schema of a record, made from the types above.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Record).to_value()
}
