//! A user's rows into the lexicons: what their codes mean, and who wins.

use super::agents::agents;
use super::petrarch::{self, ActorRow};
use super::{Finding, Format, Kind, UserText};
use crate::Lexicons;
use crate::actors::{ActorTable, Actors, Case, Country, Organisation, Period, Referent};
use crate::names::pieces;
use dyad_record::{ActorKind, Sector};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What a user's files say of one name: the file, the line and the row.
pub(super) struct Claim {
    file: usize,
    source: u16,
    line: usize,
    phrase: String,
    /// Which row of its file, so that names of one row are one actor.
    row: (usize, usize),
    codes: Vec<(String, Period)>,
}

/// Names by their folded pieces.
pub(super) type Claims = BTreeMap<String, Claim>;

pub(super) fn file(
    lexicons: &mut Lexicons,
    claims: &mut Claims,
    findings: &mut Vec<Finding>,
    (order, file): (usize, &UserText),
    format: Format,
    source: u16,
) {
    let table = match format {
        Format::Countries => ActorTable::Countries,
        Format::Organisations => ActorTable::Organisations,
        Format::Groups => ActorTable::Groups,
        Format::Officeholders => ActorTable::Officeholders,
        Format::Agents => ActorTable::Agents,
        Format::PetrarchActors => {
            for (i, row) in
                petrarch::actors(&file.name, &file.text, findings).into_iter().enumerate()
            {
                claim(claims, findings, file, (order, i), source, row);
            }
            return;
        }
        Format::PetrarchAgents => {
            agents(&mut lexicons.actors, findings, file, source);
            return;
        }
        // Read together, once all files are known.
        Format::Acts => return,
        Format::PetrarchVerbs => {
            lexicons.verbs.read(&file.name, &file.text, findings);
            return;
        }
        Format::PetrarchIssues => {
            lexicons.issues.read(&file.name, &file.text, findings);
            return;
        }
        Format::PetrarchDiscards => {
            for row in petrarch::discards(&file.text) {
                lexicons.discards.add(&row.words, row.whole_report);
            }
            return;
        }
    };
    for error in lexicons.actors.read(table, &file.name, &file.text, source) {
        findings.push(Finding::new(&file.name, error.line, Kind::Fault, error.what));
    }
}

fn fold(phrase: &str) -> String {
    pieces(phrase).into_iter().map(|p| p.text).collect::<Vec<_>>().join(" ")
}

fn claim(
    claims: &mut Claims,
    findings: &mut Vec<Finding>,
    file: &UserText,
    row: (usize, usize),
    source: u16,
    ActorRow { phrases, codes, .. }: ActorRow,
) {
    for (line, phrase) in phrases {
        let key = fold(&phrase);
        if key.is_empty() {
            let what = format!("`{phrase}` has neither letter nor digit; take it out");
            findings.push(Finding::new(&file.name, line, Kind::Fault, what));
            continue;
        }
        let new = Claim { file: row.0, source, line, phrase, row, codes: codes.clone() };
        let Some(old) = claims.get(&key) else {
            claims.insert(key, new);
            continue;
        };
        let wins = new.file != old.file;
        if old.codes != new.codes {
            let (winner, loser) = if wins { (&new, old) } else { (old, &new) };
            let what = format!(
                "`{}` is {} here and {} in {} line {}, which wins; keep one",
                new.phrase,
                codes_of(&loser.codes),
                codes_of(&winner.codes),
                if wins { "a later file," } else { "this file," },
                winner.line,
            );
            findings.push(Finding {
                file: if wins { format!("source {}", loser.file) } else { file.name.clone() },
                line: loser.line,
                kind: Kind::Conflict,
                what,
            });
        }
        if wins {
            claims.insert(key, new);
        }
    }
}

fn codes_of(codes: &[(String, Period)]) -> String {
    let mut all: Vec<&str> = codes.iter().map(|(code, _)| code.as_str()).collect();
    all.dedup();
    all.truncate(4);
    format!("[{}]", all.join(", "))
}

/// The roles of CAMEO's actor codes, as our sectors.
const ROLES: &[(&str, Sector)] = &[
    ("GOV", Sector::Gov),
    ("MIL", Sector::Mil),
    ("LEG", Sector::Leg),
    ("JUD", Sector::Jud),
    ("COP", Sector::Cop),
    ("SPY", Sector::Spy),
    ("OPP", Sector::Opp),
    ("MOP", Sector::Opp),
    ("REB", Sector::Reb),
    ("UAF", Sector::Reb),
    ("INS", Sector::Reb),
    ("RAD", Sector::Reb),
    ("IMG", Sector::Reb),
    ("SEP", Sector::Sep),
    ("IGO", Sector::Igo),
    ("IGM", Sector::Igo),
    ("NGO", Sector::Ngo),
    ("NGM", Sector::Ngo),
    ("HRI", Sector::Ngo),
    ("BUS", Sector::Bus),
    ("MNC", Sector::Bus),
    ("MED", Sector::Med),
    ("EDU", Sector::Edu),
    ("CVL", Sector::Cvl),
    ("CIV", Sector::Cvl),
    ("LAB", Sector::Cvl),
    ("REL", Sector::Cvl),
    ("REF", Sector::Cvl),
    ("AGR", Sector::Cvl),
    ("CRM", Sector::Cvl),
    ("ELI", Sector::Cvl),
];

fn role(triple: &str) -> Option<Sector> {
    ROLES.iter().find(|(code, _)| *code == triple).map(|(_, sector)| *sector)
}

/// The role that the code gives: the first of its triples that is one. `first` may be a state.
pub(super) fn sector(code: &str, of_state: bool) -> Sector {
    let code = code.trim_matches('~');
    let triples = (0..code.len()).step_by(3).filter_map(|at| code.get(at..at + 3));
    triples.skip(usize::from(of_state)).find_map(role).unwrap_or(Sector::Unk)
}

/// The words of a dictionary in capitals, as a newspaper has them: "Prince of Aldermark".
fn display(phrase: &str) -> String {
    let word = |(i, word): (usize, &str)| {
        let small = i > 0 && matches!(word, "OF" | "THE" | "AND" | "FOR" | "IN" | "DE" | "BIN");
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if small {
            return word.to_lowercase();
        }
        if letters <= 3 && !phrase.contains(' ') || word.contains('.') {
            return word.to_owned();
        }
        let mut first = true;
        let large = |c: char| {
            let was_first = std::mem::replace(&mut first, !c.is_alphanumeric());
            if was_first { c } else { c.to_lowercase().next().unwrap_or(c) }
        };
        word.chars().map(large).collect()
    };
    phrase.split(' ').enumerate().map(word).collect::<Vec<_>>().join(" ")
}

/// Adds what the PETRARCH files say of each name, once all are known.
pub(super) fn actors(
    actors: &mut Actors,
    claims: Claims,
    files: &[UserText],
    findings: &mut Vec<Finding>,
) {
    for finding in findings.iter_mut() {
        if let Some(order) = finding.file.strip_prefix("source ")
            && let Some(file) = order.parse::<usize>().ok().and_then(|i| files.get(i))
        {
            finding.file = file.name.clone();
        }
    }
    let mut claims: Vec<Claim> = claims.into_values().collect();
    claims.sort_by_key(|c| (c.file, c.line));
    let mut merger = Merger { states: FxHashMap::default(), made: FxHashMap::default(), actors };
    merger.states();
    merger.invent_states(&claims);
    for claim in &claims {
        merger.add(claim, &files[claim.file].name, findings);
    }
    for claim in &claims {
        findings.extend(over_ours(actors, claim, &files[claim.file].name));
    }
}

/// What is to be said of a user's name that we know for somebody else.
fn over_ours(actors: &Actors, claim: &Claim, file: &str) -> Option<Finding> {
    let bearers = super::who(actors, &claim.phrase, None);
    let winner = bearers.first().filter(|b| b.of_user)?;
    let loser = bearers.iter().find(|b| !b.of_user && b.as_what != "common noun")?;
    let bare = |code: &str| code.replace(' ', "");
    (bare(&winner.code) != bare(&loser.code)).then(|| {
        let what = format!(
            "`{}` is [{}] here and {} ({}, {}) in {} line {}, which is ours; yours wins",
            claim.phrase,
            winner.code,
            loser.code,
            loser.name,
            loser.as_what,
            loser.file,
            loser.line
        );
        Finding::new(file, claim.line, Kind::Note, what)
    })
}

struct Merger<'a> {
    actors: &'a mut Actors,
    /// States by their CAMEO and ISO codes.
    states: FxHashMap<SmolStr, u16>,
    /// What each code of each row became, so that synonyms are one actor.
    made: FxHashMap<((usize, usize), String), Referent>,
}

fn is_nobody(code: &str) -> bool {
    !code.chars().any(|c| c.is_ascii_alphanumeric())
}

impl Merger<'_> {
    fn states(&mut self) {
        for (i, country) in self.actors.countries.iter().enumerate() {
            for code in [&country.cameo, &country.code] {
                // Where a code was used again, the state that still stands has it.
                if code.len() == 3
                    && (country.period.to.is_none() || !self.states.contains_key(code))
                {
                    self.states.insert(code.clone(), i as u16);
                }
            }
        }
    }

    /// What we take the names of a row for.
    fn shipped(&self, phrase: &str) -> Option<Referent> {
        let names = self.actors.names.get(phrase).iter().filter(|n| !n.of_user());
        names.map(|n| n.referent).find(|r| !matches!(r, Referent::Agent(_) | Referent::Surname(_)))
    }

    /// A code of three letters that is no state of ours and no role is a state that only the user
    /// knows, unless we know its bearer for something else.
    fn invent_states(&mut self, claims: &[Claim]) {
        let mut others: Vec<&str> = Vec::new();
        for claim in claims.iter().filter(|c| c.codes.len() == 1) {
            let code = claim.codes[0].0.as_str();
            if code.len() == 3 && self.shipped(&claim.phrase).is_some() {
                others.push(code);
            }
        }
        for claim in claims {
            for (code, period) in &claim.codes {
                let invented = code.len() == 3
                    && code.bytes().all(|b| b.is_ascii_alphanumeric())
                    && *period == Period::default()
                    && !self.states.contains_key(code.as_str())
                    && role(code).is_none()
                    && !matches!(code.as_str(), "INT" | "UIS" | "UNK")
                    && !others.contains(&code.as_str());
                if !invented {
                    continue;
                }
                let i = self.actors.add_country(Country {
                    code: code.as_str().into(),
                    alpha2: SmolStr::default(),
                    numeric: SmolStr::default(),
                    cameo: code.as_str().into(),
                    cow: SmolStr::default(),
                    gw: SmolStr::default(),
                    fips: SmolStr::default(),
                    name: display(&claim.phrase).into(),
                    adjective: SmolStr::default(),
                    period: Period::default(),
                });
                self.states.insert(code.as_str().into(), i);
            }
        }
    }

    fn add(&mut self, claim: &Claim, file: &str, findings: &mut Vec<Finding>) {
        let shipped = self.shipped(&claim.phrase);
        let dated = claim.codes.iter().any(|(_, period)| *period != Period::default());
        self.actors.stand_at(claim.source, claim.line);
        for (code, period) in &claim.codes {
            let key = (claim.row, code.to_owned());
            let referent = match self.made.get(&key) {
                Some(referent) => *referent,
                None => {
                    let made = match code.contains('/') {
                        true => self.several(claim, code, dated),
                        false => self.referent(claim, code, dated, shipped),
                    };
                    let Some(referent) = made else {
                        let what = format!("no room for `{}`; give fewer names", claim.phrase);
                        findings.push(Finding::new(file, claim.line, Kind::Fault, what));
                        return;
                    };
                    self.made.insert(key, referent);
                    referent
                }
            };
            let case = self.case_of(&claim.phrase);
            self.actors.add_name(&claim.phrase, referent, case, *period);
        }
    }

    /// The dictionaries are in capitals: how a name is written is known only from ours.
    fn case_of(&self, phrase: &str) -> Case {
        let mut ours = self.actors.names.get(phrase).iter().filter(|n| !n.of_user());
        let known = ours.find(|n| !matches!(n.referent, Referent::Agent(_))).map(|n| n.case);
        known.unwrap_or(match phrase.chars().filter(|c| c.is_alphanumeric()).count() {
            0..=2 => Case::Acronym,
            _ => Case::Capital,
        })
    }

    fn referent(
        &mut self,
        claim: &Claim,
        code: &str,
        dated: bool,
        shipped: Option<Referent>,
    ) -> Option<Referent> {
        if is_nobody(code) {
            return Some(Referent::Nobody);
        }
        if let Some(state) = self.states.get(code).filter(|_| !dated) {
            return Some(Referent::Country(*state));
        }
        self.verbatim(claim, code, dated, shipped).map(Referent::Organisation)
    }

    /// A name for several at once, as `[A/B]`.
    fn several(&mut self, claim: &Claim, codes: &str, dated: bool) -> Option<Referent> {
        let codes = codes.split('/').map(str::trim).filter(|code| !is_nobody(code));
        let all: Vec<u16> =
            codes.map(|code| self.verbatim(claim, code, dated, None)).collect::<Option<_>>()?;
        let Some((first, others)) = all.split_first() else { return Some(Referent::Nobody) };
        self.actors.organisations[*first as usize].with = others.to_vec();
        Some(Referent::Organisation(*first))
    }

    /// An actor whose code records print as it stands.
    fn verbatim(
        &mut self,
        claim: &Claim,
        code: &str,
        dated: bool,
        shipped: Option<Referent>,
    ) -> Option<u16> {
        let state = code.get(..3).and_then(|first| self.states.get(first)).copied();
        let mut sector = sector(code, state.is_some());
        let mut country = state.map(|i| self.actors.countries[i as usize].code.clone());
        let mut kind = match sector {
            _ if dated => ActorKind::Person,
            Sector::Reb | Sector::Sep => ActorKind::Group,
            _ => ActorKind::Organisation,
        };
        match shipped {
            // A state under another code.
            Some(Referent::Country(i)) if code.len() == 3 => {
                country = Some(self.actors.countries[i as usize].code.clone());
                (kind, sector) = (ActorKind::State, Sector::Gov);
            }
            Some(Referent::Organisation(i)) if sector == Sector::Unk => {
                let known = &self.actors.organisations[i as usize];
                (kind, sector) = (known.kind, known.sector);
            }
            Some(Referent::Person(_)) => kind = ActorKind::Person,
            _ => {}
        }
        self.actors.add_verbatim(Organisation {
            code: code.into(),
            name: display(&claim.phrase).into(),
            sector,
            country,
            kind,
            period: Period::default(),
            verbatim: true,
            with: Vec::new(),
        })
    }
}
