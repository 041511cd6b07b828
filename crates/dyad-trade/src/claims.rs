//! What reports said about the two states' trade, and the tables' numbers beside it.

use crate::areas::Areas;
use crate::ledger::{Ledger, Product};
use crate::measure::{Dependence, Side, Year};
use dyad_lexicon::{Row, Table, TableError};
use dyad_record::{Change, Figure, Record, Stance, Statement, Tie, TieKind, Trend};
use schemars::JsonSchema;
use serde::Serialize;

const CODES: &str = include_str!("../../../lexicons/commodity-codes.tsv");
const TIES: &str = include_str!("../../../lexicons/ties.tsv");

/// A tie or a figure of a report that tells how the two trade.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Claim {
    /// `trade`, `energy` or `dependence` for a tie, `figure` for a figure.
    pub kind: &'static str,
    pub report: String,
    /// Id of the tie or figure in its report.
    pub item: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub url: Option<String>,
    pub published: Option<String>,
    /// The year that it is about: the one it names, else that of the report.
    pub year: Option<i16>,
    /// Who says so; none where the report itself does.
    pub speaker: Option<String>,
    pub stance: Option<Stance>,
    /// ISO codes of the two sides of a tie.
    pub from: Option<String>,
    pub to: Option<String>,
    pub trend: Option<Trend>,
    /// The side that leans on the other more.
    pub leans: Option<String>,
    pub commodity: Option<String>,
    pub value: Option<f64>,
    pub unit: Option<String>,
    pub change: Option<Change>,
    pub damaged: bool,
    /// The sentence.
    pub text: String,
    pub beside: Vec<Beside>,
}

/// What the tables have beside a claim.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Beside {
    pub measure: Measure,
    pub year: i16,
    /// The state whose share it is; none for what the two share.
    pub of: Option<String>,
    pub value: f64,
    /// Whether it points the way that the claim says; none where the claim tells no way.
    pub agrees: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The two states' trade with each other.
    Trade,
    /// Its change on the year before, a part of that year's trade.
    TradeChange,
    /// Of one state's exports, the part that goes to the other.
    ExportShare,
    ImportShare,
    /// Of one state's imports of the claim's goods, the part that comes from the other.
    GoodsShare,
    /// Trade share of the first state − trade share of the second.
    Asymmetry,
}

impl Measure {
    pub fn as_str(self) -> &'static str {
        match self {
            Measure::Trade => "trade",
            Measure::TradeChange => "change of trade",
            Measure::ExportShare => "share of exports",
            Measure::ImportShare => "share of imports",
            Measure::GoodsShare => "share of imports of these goods",
            Measure::Asymmetry => "asymmetry",
        }
    }
}

/// The claims of the records about the pair of the ledger, in the order of the records.
pub fn claims<'r>(
    records: impl IntoIterator<Item = &'r Record>,
    ledger: &Ledger,
    years: &[Year],
    areas: &Areas,
) -> Result<Vec<Claim>, TableError> {
    let book = Book {
        ledger,
        years,
        pair: ledger.pair.map(|s| areas.code(s)),
        words: trade_words()?,
        codes: codes()?,
    };
    Ok(records.into_iter().flat_map(|record| book.claims(record)).collect())
}

struct Book<'a> {
    ledger: &'a Ledger,
    years: &'a [Year],
    pair: [&'a str; 2],
    /// Nouns that tell of trade.
    words: Vec<&'static str>,
    codes: Vec<(&'static str, Vec<Product>)>,
}

fn trade_words() -> Result<Vec<&'static str>, TableError> {
    let table = Table::parse("ties.tsv", TIES, &["word", "pos", "needs", "kind"])?;
    // "Cooperation" and its like are trade only beside words that say so.
    let plain = |row: &Row<'_, '_>| {
        ["", "goods"].contains(&row.get("needs")) && ["flow", "trade"].contains(&row.get("kind"))
    };
    let nouns = table.rows().filter(|row| row.get("pos") == "noun" && plain(row));
    let mut words: Vec<&str> = nouns.map(|r| r.get("word")).collect();
    words.sort_unstable();
    words.dedup();
    Ok(words)
}

fn codes() -> Result<Vec<(&'static str, Vec<Product>)>, TableError> {
    let table = Table::parse("commodity-codes.tsv", CODES, &["commodity", "hs"])?;
    let mut codes = Vec::new();
    for row in table.rows() {
        let products: Option<Vec<Product>> = row.list("hs").map(Product::parse).collect();
        let products = products.filter(|p| p.iter().all(|p| matches!(p.level, 2 | 4)));
        let products = products.ok_or_else(|| row.error("`hs` is codes of two or four digits"))?;
        codes.push((row.get("commodity"), products));
    }
    Ok(codes)
}

impl Book<'_> {
    fn claims(&self, record: &Record) -> Vec<Claim> {
        let text: Vec<char> = record.report.text.chars().collect();
        let sentences = sentences(&text);
        let ties = record.ties.iter().filter_map(|tie| self.tie(record, tie, &text, &sentences));
        let figures =
            record.figures.iter().filter_map(|f| self.figure(record, f, &text, &sentences));
        ties.chain(figures).collect()
    }

    fn tie(
        &self,
        record: &Record,
        tie: &Tie,
        text: &[char],
        sentences: &[(u32, u32)],
    ) -> Option<Claim> {
        let told = [TieKind::Trade, TieKind::Energy, TieKind::Dependence];
        if !told.contains(&tie.kind) {
            return None;
        }
        let country = |id: &String| country(record, id);
        let (from, to) = (country(&tie.from)?, country(&tie.to)?);
        if ![[from, to], [to, from]].contains(&self.pair) {
            return None;
        }
        let start = tie.evidence.iter().map(|s| s.start).min()?;
        let end = tie.evidence.iter().map(|s| s.end).max()?;
        let span = around(sentences, start, end);
        let mut claim = Claim {
            kind: tie.kind.as_str(),
            item: tie.id.clone(),
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
            trend: tie.trend,
            leans: tie.asymmetry.as_ref().and_then(country).map(str::to_owned),
            commodity: tie.commodity.clone(),
            damaged: tie.damaged,
            ..claim(record, tie.statement.as_deref(), span, text)
        };
        claim.beside = self.beside_tie(&claim);
        Some(claim)
    }

    /// A percentage or an amount of money counts where its sentence tells of trade, and it or the
    /// sentence before names the two states and no third.
    fn figure(
        &self,
        record: &Record,
        figure: &Figure,
        text: &[char],
        sentences: &[(u32, u32)],
    ) -> Option<Claim> {
        let percent = figure.unit.as_deref() == Some("percent");
        if !percent && figure.unit.as_deref() != Some("USD") {
            return None;
        }
        let i = sentences.iter().position(|(from, to)| (*from..*to).contains(&figure.start))?;
        let (own, before) = (sentences[i], i.checked_sub(1).map(|i| sentences[i]));
        if !self.tells_of_trade(&words(text, own)) {
            return None;
        }
        let mut named = countries(record, own);
        if named.iter().any(|c| !self.pair.contains(c)) {
            return None;
        }
        if named.len() < 2 {
            named.extend(before.iter().flat_map(|span| countries(record, *span)));
        }
        if !self.pair.iter().all(|c| named.contains(c)) {
            return None;
        }
        let mut claim = Claim {
            kind: "figure",
            item: figure.id.clone(),
            value: figure.value.or(figure.low).or(figure.high),
            unit: figure.unit.clone(),
            change: figure.change,
            damaged: figure.damaged,
            ..claim(record, figure.statement.as_deref(), own, text)
        };
        claim.beside = self.beside_figure(&claim, percent);
        Some(claim)
    }

    fn tells_of_trade(&self, sentence: &str) -> bool {
        sentence.split(|c: char| !c.is_alphanumeric()).any(|word| {
            let word = word.to_lowercase();
            self.words.iter().any(|noun| {
                let plural = noun.strip_suffix('y').map(|stem| format!("{stem}ies"));
                word.strip_prefix(noun).is_some_and(|end| ["", "s", "es"].contains(&end))
                    || plural.is_some_and(|plural| word == plural)
            })
        })
    }

    fn year(&self, year: i16) -> Option<&Year> {
        self.years.iter().find(|y| y.year == year)
    }

    fn trade(&self, year: i16) -> Option<f64> {
        self.year(year)?.sides[0].trade()
    }

    fn change(&self, year: i16) -> Option<f64> {
        let (now, before) = (self.trade(year)?, self.trade(year - 1)?);
        (before > 0.0).then(|| now / before - 1.0)
    }

    fn beside_tie(&self, claim: &Claim) -> Vec<Beside> {
        let Some(year) = claim.year else { return Vec::new() };
        let mut found = Vec::new();
        if claim.kind == "dependence"
            && let Some((leans, row)) = claim.leans.as_deref().zip(self.year(year))
        {
            let table = row.asymmetry.map(|value| (value, row.leans.as_deref()));
            found.extend(table.map(|(value, most)| Beside {
                measure: Measure::Asymmetry,
                year,
                of: None,
                value,
                agrees: most.map(|most| most == leans),
            }));
        }
        let goods = claim.commodity.as_deref().and_then(|c| self.goods(c));
        // Goods flow from one side to the other; of a dependence the first leans on the second.
        let buyer = if claim.kind == "dependence" { &claim.from } else { &claim.to };
        let buyer = usize::from(buyer.as_deref() == Some(self.pair[1]));
        if let Some(goods) = goods {
            let share = |year| self.ledger.import_share(buyer, goods, year);
            if let Some(value) = share(year) {
                found.push(Beside {
                    measure: Measure::GoodsShare,
                    year,
                    of: Some(self.pair[buyer].to_owned()),
                    value,
                    agrees: along(claim.trend, share(year - 1).map(|before| value - before)),
                });
            }
        } else if claim.kind == "dependence" {
            found.extend(self.shares(buyer, year));
        } else if claim.kind == "trade" {
            found.extend(self.trade_beside(claim.trend, year));
        }
        found
    }

    fn goods(&self, commodity: &str) -> Option<&[Product]> {
        let found = self.codes.iter().find(|(name, _)| *name == commodity);
        found.map(|(_, products)| products.as_slice())
    }

    /// The change of trade where it is known, else its amount.
    fn trade_beside(&self, trend: Option<Trend>, year: i16) -> Option<Beside> {
        let of_both = |measure, value, agrees| Beside { measure, year, of: None, value, agrees };
        match self.change(year) {
            Some(change) => Some(of_both(Measure::TradeChange, change, along(trend, Some(change)))),
            None => Some(of_both(Measure::Trade, self.trade(year)?, None)),
        }
    }

    fn shares(&self, side: usize, year: i16) -> Vec<Beside> {
        let Some(row) = self.year(year) else { return Vec::new() };
        let side: &Side = &row.sides[side];
        let share = |d: &Option<Dependence>| d.as_ref().and_then(|d| d.share);
        let both = [
            (Measure::ExportShare, share(&side.exports)),
            (Measure::ImportShare, share(&side.imports)),
        ];
        both.into_iter()
            .filter_map(|(measure, value)| {
                let of = Some(side.state.clone());
                Some(Beside { measure, year, of, value: value?, agrees: None })
            })
            .collect()
    }

    fn beside_figure(&self, claim: &Claim, percent: bool) -> Vec<Beside> {
        let Some(year) = claim.year else { return Vec::new() };
        match claim.change {
            Some(change) if percent => {
                let trend = match change {
                    Change::Rise => Trend::Rising,
                    Change::Fall => Trend::Falling,
                };
                // What is foretold at a year's end may mean the next.
                let foretold = claim.stance == Some(Stance::Predicts)
                    || ["expect", "forecast", "will "].iter().any(|w| claim.text.contains(w));
                let years = if foretold { year..=year + 1 } else { year..=year };
                let besides = years.filter_map(|y| self.trade_beside(Some(trend), y));
                besides.filter(|b| b.measure == Measure::TradeChange).collect()
            }
            None if percent => (0..2).flat_map(|side| self.shares(side, year)).collect(),
            _ => {
                let trade = self.trade(year);
                let beside =
                    |value| Beside { measure: Measure::Trade, year, of: None, value, agrees: None };
                trade.map(beside).into_iter().collect()
            }
        }
    }
}

fn along(trend: Option<Trend>, change: Option<f64>) -> Option<bool> {
    match trend? {
        Trend::Rising => Some(change? > 0.0),
        Trend::Falling => Some(change? < 0.0),
        Trend::Steady => None,
    }
}

/// A claim with what the report tells of it; the caller fills in the rest.
fn claim(record: &Record, statement: Option<&str>, span: (u32, u32), text: &[char]) -> Claim {
    let report = &record.report;
    let statement: Option<&Statement> =
        statement.and_then(|id| record.statements.iter().find(|s| s.id == id));
    let speaker = statement.and_then(|s| s.speaker.as_ref());
    let speaker = speaker.and_then(|id| record.actors.iter().find(|a| a.id == *id));
    let published = report.published.as_deref().and_then(year_of);
    Claim {
        kind: "",
        report: report.id.clone(),
        item: String::new(),
        title: report.title.clone(),
        outlet: report.outlet.clone(),
        url: report.url.clone(),
        published: report.published.clone(),
        year: year_told(record, span).or(published),
        speaker: speaker.map(|a| a.name.clone()),
        stance: statement.and_then(|s| s.stance),
        from: None,
        to: None,
        trend: None,
        leans: None,
        commodity: None,
        value: None,
        unit: None,
        change: None,
        damaged: false,
        text: words(text, span),
        beside: Vec::new(),
    }
}

fn country<'r>(record: &'r Record, actor: &String) -> Option<&'r str> {
    record.actors.iter().find(|a| a.id == *actor)?.country.as_deref()
}

/// The states whose actors are mentioned in a span.
fn countries(record: &Record, (from, to): (u32, u32)) -> Vec<&str> {
    let within = |a: &&dyad_record::Actor| a.mentions.iter().any(|m| (from..to).contains(&m.start));
    let named = record.actors.iter().filter(within);
    let mut countries: Vec<&str> = named.filter_map(|a| a.country.as_deref()).collect();
    countries.sort_unstable();
    countries.dedup();
    countries
}

fn year_of(date: &str) -> Option<i16> {
    date.get(..4)?.parse().ok()
}

/// The year that a sentence names, where it names one.
fn year_told(record: &Record, (from, to): (u32, u32)) -> Option<i16> {
    let within = record.times.iter().filter(|t| t.start >= from && t.end <= to);
    let mut years = within.filter(|t| t.granularity == "year").filter_map(|t| {
        let (from, to) = (year_of(t.from.as_ref()?)?, year_of(t.to.as_ref()?)?);
        (from == to).then_some(from)
    });
    years.next()
}

/// Sentences as ranges of code points, by their stops and line breaks: enough to quote by.
fn sentences(text: &[char]) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    let mut start = 0;
    for i in 0..text.len() {
        let next = |n: usize| text.get(i + n).copied();
        let stop = matches!(text[i], '.' | '!' | '?')
            && (next(1).is_some_and(char::is_whitespace)
                || next(1).is_some_and(|c| "\"”’)".contains(c)))
            // "U.S. trade", "Gen. Ivanov": a full stop after a capital or before a small letter.
            && !(i > 0 && text[i - 1].is_uppercase())
            && next(2).is_none_or(|c| !c.is_lowercase());
        if stop || text[i] == '\n' || i + 1 == text.len() {
            let end = if text[i] == '\n' { i } else { i + 1 };
            if end > start {
                found.push((start as u32, end as u32));
            }
            start = i + 1;
        }
    }
    found
}

/// The sentences that a span touches, as one.
fn around(sentences: &[(u32, u32)], start: u32, end: u32) -> (u32, u32) {
    let touched = || sentences.iter().filter(|(from, to)| *from < end && start < *to);
    let from = touched().map(|s| s.0).min().unwrap_or(start);
    (from, touched().map(|s| s.1).max().unwrap_or(end))
}

fn words(text: &[char], (from, to): (u32, u32)) -> String {
    let slice = text.get(from as usize..to as usize).unwrap_or_default();
    let line: String = slice.iter().collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_words_are_sound() {
        assert!(trade_words().unwrap().contains(&"export"));
        let known = include_str!("../../../lexicons/commodities.tsv");
        for (commodity, _) in codes().unwrap() {
            let named = known.lines().any(|line| line.split('\t').nth(2) == Some(commodity));
            assert!(named, "{commodity} is in no row of commodities.tsv");
        }
    }

    #[test]
    fn sentences_end_at_their_stops() {
        let text: Vec<char> =
            "U.S. trade fell 3.5 percent. \"It rose.\" No?\nYes".chars().collect();
        let found: Vec<String> = sentences(&text).into_iter().map(|s| words(&text, s)).collect();
        assert_eq!(found, ["U.S. trade fell 3.5 percent.", "\"It rose.", "\" No?", "Yes"]);
    }
}
