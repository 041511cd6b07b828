//! `lexicons/ties.tsv`, `trends.tsv` and `commodities.tsv`: the words that tell of lasting states
//! between two sides, which way they move, and the goods that pass.

use crate::{Row, Table, TableError};
use dyad_record::{TieKind, Trend};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// Part of speech of a word that tells of a tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TiePos {
    Verb,
    Noun,
    Adj,
    /// A word that tells of a tie only when compared.
    Comparative,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TieNeeds {
    Nothing,
    Goods,
    Arms,
    Land,
    /// A denial, or "few": what one side lacks.
    Lacking,
    /// One of these lemmas.
    Words(Vec<SmolStr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TieSort {
    Kind(TieKind),
    /// The kind of the goods that flow.
    Flow,
    /// Alliance or rivalry, by the way that relations move.
    Relations,
}

/// Where one side of a tie stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TieRole {
    Subject,
    Object,
    Owner,
    Origin,
    /// Who stands under it: "is under sanctions", "areas under the control of".
    Bearer,
    Territory,
    /// The one whom an unequal relation favours.
    Favoured,
    Other,
    Viewer,
    Viewed,
    Pair,
    Prep(SmolStr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TieSide {
    From,
    To,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TieRule {
    pub pos: TiePos,
    pub needs: TieNeeds,
    pub sort: TieSort,
    pub from: Vec<TieRole>,
    pub to: Vec<TieRole>,
    pub asymmetry: Option<TieSide>,
    pub confidence: f32,
    pub line: u32,
}

/// A good that passes from one side to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commodity {
    pub kind: TieKind,
    pub name: SmolStr,
}

#[derive(Clone, Debug, Default)]
pub struct Ties {
    rules: FxHashMap<SmolStr, Vec<TieRule>>,
    trends: FxHashMap<SmolStr, Vec<(TiePos, Trend)>>,
    commodities: FxHashMap<SmolStr, Commodity>,
}

impl Ties {
    pub fn parse(ties: &str, trends: &str, commodities: &str) -> Result<Self, TableError> {
        Ok(Ties {
            rules: rules(ties)?,
            trends: trend_words(trends)?,
            commodities: goods(commodities)?,
        })
    }

    /// The rules of a lemma, in the order in which they are tried.
    pub fn rules(&self, lemma: &str) -> &[TieRule] {
        self.rules.get(lemma).map_or(&[], Vec::as_slice)
    }

    pub fn trend(&self, pos: TiePos, lemma: &str) -> Option<Trend> {
        self.trends.get(lemma)?.iter().find(|(p, _)| *p == pos).map(|(_, trend)| *trend)
    }

    /// The commodity of a lemma, or of two joined by a blank.
    pub fn commodity(&self, words: &str) -> Option<&Commodity> {
        self.commodities.get(words)
    }
}

fn pos(row: &Row<'_, '_>) -> Result<TiePos, TableError> {
    match row.get("pos") {
        "verb" => Ok(TiePos::Verb),
        "noun" => Ok(TiePos::Noun),
        "adj" => Ok(TiePos::Adj),
        "comparative" => Ok(TiePos::Comparative),
        other => {
            Err(row.error(format!("`{other}` is not one of verb, noun, adj, comparative; use one")))
        }
    }
}

fn roles(row: &Row<'_, '_>, column: &str) -> Result<Vec<TieRole>, TableError> {
    let roles: Vec<TieRole> = row
        .list(column)
        .map(|role| match role {
            "subject" => TieRole::Subject,
            "object" => TieRole::Object,
            "owner" => TieRole::Owner,
            "origin" => TieRole::Origin,
            "bearer" => TieRole::Bearer,
            "favoured" => TieRole::Favoured,
            "territory" => TieRole::Territory,
            "other" => TieRole::Other,
            "viewer" => TieRole::Viewer,
            "viewed" => TieRole::Viewed,
            "pair" => TieRole::Pair,
            preposition => TieRole::Prep(preposition.into()),
        })
        .collect();
    if roles.is_empty() {
        return Err(row.error(format!("`{column}` is empty; say where that side stands")));
    }
    Ok(roles)
}

fn rules(text: &str) -> Result<FxHashMap<SmolStr, Vec<TieRule>>, TableError> {
    let columns = ["word", "pos", "needs", "kind", "from", "to", "asymmetry", "confidence"];
    let table = Table::parse("lexicons/ties.tsv", text, &columns)?;
    let mut rules: FxHashMap<SmolStr, Vec<TieRule>> = FxHashMap::default();
    for row in table.rows() {
        let needs = match row.get("needs") {
            "" => TieNeeds::Nothing,
            "goods" => TieNeeds::Goods,
            "arms" => TieNeeds::Arms,
            "land" => TieNeeds::Land,
            "lacking" => TieNeeds::Lacking,
            _ => TieNeeds::Words(row.list("needs").map(SmolStr::from).collect()),
        };
        let sort = match row.get("kind") {
            "flow" => TieSort::Flow,
            "relations" => TieSort::Relations,
            kind => TieSort::Kind(kind.parse().map_err(|e: dyad_record::UnknownWord| {
                row.error(format!("{e}; the head of the file lists the kinds"))
            })?),
        };
        let asymmetry = match row.get("asymmetry") {
            "" => None,
            "from" => Some(TieSide::From),
            "to" => Some(TieSide::To),
            other => return Err(row.error(format!("`{other}` is not from or to; use one"))),
        };
        let confidence = row
            .get("confidence")
            .parse()
            .map_err(|_| row.error("the confidence is no number; write one between 0 and 1"))?;
        rules.entry(row.get("word").into()).or_default().push(TieRule {
            pos: pos(&row)?,
            needs,
            sort,
            from: roles(&row, "from")?,
            to: roles(&row, "to")?,
            asymmetry,
            confidence,
            line: row.line as u32,
        });
    }
    Ok(rules)
}

fn trend_words(text: &str) -> Result<FxHashMap<SmolStr, Vec<(TiePos, Trend)>>, TableError> {
    let table = Table::parse("lexicons/trends.tsv", text, &["word", "pos", "trend"])?;
    let mut trends: FxHashMap<SmolStr, Vec<(TiePos, Trend)>> = FxHashMap::default();
    for row in table.rows() {
        let trend = row.get("trend").parse().map_err(|e: dyad_record::UnknownWord| {
            row.error(format!("{e}; use rising, falling or steady"))
        })?;
        trends.entry(row.get("word").into()).or_default().push((pos(&row)?, trend));
    }
    Ok(trends)
}

fn goods(text: &str) -> Result<FxHashMap<SmolStr, Commodity>, TableError> {
    let table = Table::parse("lexicons/commodities.tsv", text, &["word", "kind", "commodity"])?;
    let mut goods = FxHashMap::default();
    for row in table.rows() {
        let kind = row.get("kind").parse().map_err(|e: dyad_record::UnknownWord| {
            row.error(format!("{e}; use energy, arms or trade"))
        })?;
        goods.insert(row.get("word").into(), Commodity { kind, name: row.get("commodity").into() });
    }
    Ok(goods)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Ties {
        Ties::parse(
            include_str!("../../../lexicons/ties.tsv"),
            include_str!("../../../lexicons/trends.tsv"),
            include_str!("../../../lexicons/commodities.tsv"),
        )
        .unwrap()
    }

    #[test]
    fn the_shipped_tables_are_sound() {
        let ties = shipped();
        let depend = &ties.rules("depend")[0];
        assert_eq!(depend.sort, TieSort::Kind(TieKind::Dependence));
        assert_eq!(depend.to, [TieRole::Prep("on".into()), TieRole::Prep("upon".into())]);
        assert_eq!(ties.trend(TiePos::Verb, "shrink"), Some(Trend::Falling));
        assert_eq!(ties.trend(TiePos::Noun, "shrink"), None);
        assert_eq!(ties.commodity("natural gas").unwrap().name, "gas");
    }

    #[test]
    fn a_side_without_a_place_is_an_error() {
        let text = "word\tpos\tneeds\tkind\tfrom\tto\tasymmetry\tconfidence\nlean\tverb\t\tdependence\t\ton\t\t0.5\n";
        let error = rules(text).unwrap_err();
        assert!(error.what.contains("`from` is empty"), "{error}");
    }
}
