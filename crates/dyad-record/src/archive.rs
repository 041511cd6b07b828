//! What is said across reports: episodes, their disagreements, and the answers of the archive.

use crate::{
    Casualty, Change, CharSpan, EventType, Form, Quad, Stance, Status, TieKind, TimeBasis, Trend,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A report without its text, with counts of what was read from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportHead {
    pub id: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub url: Option<String>,
    pub published: Option<String>,
    /// The first words of the body.
    pub opening: String,
    pub events: u32,
    pub statements: u32,
    pub figures: u32,
    pub ties: u32,
    /// Items whose evidence touches damaged text.
    pub damaged: u32,
    /// Where a search matched: the words around it, matches between U+0002 and U+0003.
    pub snippet: Option<String>,
}

/// One side of an act.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct Party {
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// PLOVER/CAMEO style, as `RUS GOV`.
    pub code: String,
}

/// One event of one report, with what is needed to show it without the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventRow {
    /// Id of the report.
    pub report: String,
    /// Id of the event within its report.
    pub event: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    #[serde(rename = "type")]
    pub kind: EventType,
    pub mode: Option<String>,
    pub cameo: String,
    pub goldstein: f32,
    pub quad: Quad,
    pub status: Status,
    pub actors: Vec<Party>,
    pub recipients: Vec<Party>,
    pub mutual: bool,
    /// ISO dates, inclusive.
    pub from: Option<String>,
    pub to: Option<String>,
    pub basis: Option<TimeBasis>,
    pub place: Option<String>,
    pub confidence: f32,
    pub damaged: bool,
    /// The words it stands on.
    pub text: String,
    /// The episode that the event belongs to.
    pub episode: Option<String>,
}

/// One statement of one report, with what is needed to show it without the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StatementRow {
    pub report: String,
    pub statement: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub speaker: Option<Party>,
    pub addressee: Option<Party>,
    pub stance: Option<Stance>,
    pub form: Form,
    /// ISO dates, inclusive.
    pub from: Option<String>,
    pub to: Option<String>,
    pub damaged: bool,
    /// The words that were said.
    pub text: String,
}

/// One figure of one report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FigureRow {
    pub report: String,
    pub figure: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub of: Option<f64>,
    pub unit: Option<String>,
    pub counted: Option<String>,
    pub casualty: Option<Casualty>,
    /// Id of the event, statement or tie of the report that it belongs to.
    pub about: Option<String>,
    /// Who gives it, where the report tells.
    pub speaker: Option<String>,
    pub approximate: bool,
    pub change: Option<Change>,
    pub damaged: bool,
    pub text: String,
    /// The sentence that it stands in.
    pub sentence: String,
}

/// One tie of one report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TieRow {
    pub report: String,
    pub tie: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub kind: TieKind,
    pub from: Party,
    pub to: Party,
    /// The name of the side that depends more on the other.
    pub leans: Option<String>,
    pub trend: Option<Trend>,
    pub commodity: Option<String>,
    pub confidence: f32,
    pub damaged: bool,
    /// The words it stands on.
    pub text: String,
}

/// Who takes part, and how often.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActorRow {
    pub name: String,
    pub country: Option<String>,
    pub code: String,
    /// On either side.
    pub episodes: u32,
    /// Of the episodes, those that happened or are going on.
    pub deeds: u32,
    pub acting: u32,
    pub receiving: u32,
    pub events: u32,
    /// First and last day of the episodes.
    pub from: Option<String>,
    pub to: Option<String>,
}

/// One happening, however many reports tell it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Episode {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: EventType,
    pub quad: Quad,
    /// The furthest that any telling says the act has come.
    pub status: Status,
    /// At least one telling says it happened or is going on.
    pub deed: bool,
    pub actors: Vec<Party>,
    pub recipients: Vec<Party>,
    pub mutual: bool,
    pub from: Option<String>,
    pub to: Option<String>,
    pub place: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub place_country: Option<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub goldstein: f32,
    pub tellings: Vec<Telling>,
    /// Outlets that tell it, each once.
    pub outlets: Vec<String>,
    /// Number of reports that tell it.
    pub reports: u32,
    /// Number of independent texts: near-copies of one text count once.
    pub voices: u32,
    pub disagreements: Vec<Disagreement>,
}

/// One event of one report as a telling of an episode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Telling {
    pub report: String,
    pub event: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    /// Tellings with one number are near-copies of one text.
    pub voice: u32,
    pub status: Status,
    pub from: Option<String>,
    pub to: Option<String>,
    pub place: Option<String>,
    pub evidence: Vec<CharSpan>,
    /// The words it stands on.
    pub text: String,
}

/// What the voices of an episode do not tell alike.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    Figure,
    Date,
    Place,
    Side,
    Status,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Disagreement {
    pub matter: Matter,
    /// What it is about in words: what is counted, or which side.
    pub subject: String,
    /// No contradiction any more: those who told it otherwise have corrected themselves since.
    #[serde(default)]
    pub corrected: bool,
    pub claims: Vec<Claim>,
}

/// Who says which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    pub value: String,
    pub report: String,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub voice: u32,
    /// The speaker that the report gives for it.
    pub speaker: Option<String>,
    /// Id of the event or figure in its report.
    pub item: String,
    /// The report, if any, in which the same outlet or the same speaker tells it otherwise on a later
    /// day.
    #[serde(default)]
    pub corrected_by: Option<String>,
    pub text: String,
}

/// A count of happenings, with the count of tellings beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    pub name: String,
    pub episodes: u32,
    /// Of the episodes, those that happened or are going on.
    pub deeds: u32,
    pub events: u32,
}

/// Two sides and what passed between them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DyadCount {
    pub from: String,
    pub to: String,
    pub episodes: u32,
    pub deeds: u32,
    pub events: u32,
    /// Sum of Goldstein values over the deeds.
    pub goldstein: f32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    pub reports: u32,
    /// Near-copies of one text count once.
    pub voices: u32,
    pub outlets: u32,
    /// First and last day of publication.
    pub published_from: Option<String>,
    pub published_to: Option<String>,
    pub events: u32,
    pub statements: u32,
    pub figures: u32,
    pub ties: u32,
    pub episodes: u32,
    pub deeds: u32,
    /// Episodes that more than one voice tells.
    pub told_by_several: u32,
    pub disagreements: u32,
    pub by_type: Vec<Count>,
    pub by_quad: Vec<Count>,
    pub by_status: Vec<Count>,
    /// Most episodes first.
    pub dyads: Vec<DyadCount>,
}

/// What passed between two sides, and how they stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairPage {
    pub a: String,
    pub b: String,
    /// From a to b, and from b to a; a joint act counts in both.
    pub directions: Vec<Direction>,
    /// Each episode once: a to b, b to a, and what they do together.
    pub ways: Vec<Way>,
    pub months: Vec<Month>,
    pub balance: Balance,
    /// The same for each kind of tie, the most told first.
    pub standing: Vec<Standing>,
    pub told: Told,
    /// In the order of their days; where a limit is asked for, the latest of them. So with
    /// statements and ties.
    pub episodes: Vec<Episode>,
    /// What either said to the other or of it.
    pub statements: Vec<StatementRow>,
    pub ties: Vec<TieRow>,
}

/// How many there are of what a page lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    pub episodes: u32,
    pub statements: u32,
    pub ties: u32,
}

/// Episodes of one way between two sides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Way {
    pub from: String,
    pub to: String,
    /// What both do, and what neither does to the other alone.
    pub together: bool,
    pub deeds: u32,
    /// Sum over the deeds.
    pub goldstein: f32,
    #[serde(flatten)]
    pub all: ByClass,
    /// Those with a day, by the month of their first one.
    pub months: Vec<WayMonth>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WayMonth {
    /// `YYYY-MM`
    pub month: String,
    #[serde(flatten)]
    pub all: ByClass,
}

/// Counts of episodes by class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ByClass {
    pub verbal_cooperation: u32,
    pub material_cooperation: u32,
    pub verbal_conflict: u32,
    pub material_conflict: u32,
}

impl ByClass {
    pub fn add(&mut self, quad: Quad) {
        *match quad {
            Quad::VerbalCooperation => &mut self.verbal_cooperation,
            Quad::MaterialCooperation => &mut self.material_cooperation,
            Quad::VerbalConflict => &mut self.verbal_conflict,
            Quad::MaterialConflict => &mut self.material_conflict,
        } += 1;
    }
}

/// One kind of tie between two sides, as it is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    pub kind: TieKind,
    pub told: u32,
    pub a_leans: u32,
    pub b_leans: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Direction {
    pub from: String,
    pub to: String,
    pub episodes: u32,
    pub deeds: u32,
    pub events: u32,
    /// Sum over the deeds.
    pub goldstein: f32,
}

/// The episodes of one month between two sides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Month {
    /// `YYYY-MM`
    pub month: String,
    pub episodes: u32,
    /// Reports that tell them; one that tells two counts twice.
    pub reports: u32,
    /// Deeds by class.
    pub verbal_cooperation: u32,
    pub material_cooperation: u32,
    pub verbal_conflict: u32,
    pub material_conflict: u32,
    /// Sum over the deeds of a to b, and of b to a.
    pub goldstein_ab: f32,
    pub goldstein_ba: f32,
}

/// Which side depends more on the other, by the ties that are told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Balance {
    pub a_leans: u32,
    pub b_leans: u32,
    pub neither: u32,
}

/// A page in which every sentence carries its sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Brief {
    pub title: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    pub heading: String,
    pub sentences: Vec<Sentence>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sentence {
    pub text: String,
    pub sources: Vec<Source>,
}

/// The words that a sentence stands on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    pub report: String,
    /// Id of the item in its report.
    pub item: String,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub words: String,
}
