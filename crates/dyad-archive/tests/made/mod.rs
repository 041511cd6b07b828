//! A press that never was: records of invented reports, as skewed as the world's. A few pairs of
//! states make most of the news, happenings come in bursts of reports, agencies are reprinted.
//! The same seed gives the same records.

use dyad_record::*;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::VecDeque;

/// xorshift: no two runs differ.
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) as usize) % n
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// Small numbers often, large ones seldom, as ranks of cities and words go.
    fn skewed(&mut self, n: usize) -> usize {
        let unit = self.below(1 << 20) as f64 / f64::from(1 << 20);
        (((n as f64 + 1.0).powf(unit) - 1.0) as usize).min(n - 1)
    }
}

const STATES: [&str; 149] = [
    "USA", "RUS", "CHN", "UKR", "ISR", "IRN", "GBR", "FRA", "DEU", "TUR", "IND", "PAK", "SAU",
    "SYR", "JPN", "KOR", "PRK", "EGY", "POL", "ITA", "YEM", "IRQ", "AFG", "AUS", "CAN", "BRA",
    "MEX", "VEN", "COL", "NGA", "ETH", "SDN", "KEN", "ZAF", "MLI", "NER", "ARM", "AZE", "GEO",
    "KAZ", "VNM", "PHL", "IDN", "THA", "NOR", "SWE", "FIN", "ESP", "NLD", "BEL", "GRC", "SRB",
    "HUN", "ROU", "BGR", "CZE", "AUT", "CHE", "PRT", "DNK", "ISL", "IRL", "LTU", "LVA", "EST",
    "BLR", "MDA", "ALB", "HRV", "SVN", "SVK", "BIH", "MKD", "MNE", "CYP", "LBN", "JOR", "KWT",
    "QAT", "ARE", "OMN", "BHR", "LBY", "TUN", "DZA", "MAR", "SOM", "DJI", "ERI", "UGA", "RWA",
    "BDI", "TZA", "MOZ", "ZWE", "ZMB", "AGO", "COD", "COG", "CMR", "TCD", "CAF", "GAB", "GHA",
    "CIV", "SEN", "GIN", "BFA", "BEN", "TGO", "LBR", "SLE", "GMB", "MRT", "NAM", "BWA", "MDG",
    "LKA", "BGD", "NPL", "MMR", "KHM", "LAO", "MYS", "SGP", "MNG", "UZB", "TKM", "KGZ", "TJK",
    "NZL", "PNG", "ARG", "CHL", "PER", "BOL", "ECU", "PRY", "URY", "CUB", "HTI", "DOM", "GTM",
    "HND", "SLV", "NIC", "CRI", "PAN", "JAM",
];
const SECTORS: [(Sector, &str); 4] =
    [(Sector::Gov, "GOV"), (Sector::Mil, "MIL"), (Sector::Opp, "OPP"), (Sector::Cvl, "CVL")];
const GOODS: [&str; 5] = ["gas", "wheat", "chips", "arms", "oil"];
const OUTLETS: usize = 120;

/// What happened, whoever tells it.
struct Happening {
    who: usize,
    whom: usize,
    kind: EventType,
    status: Status,
    day: Date,
    place: Option<usize>,
    words: Vec<usize>,
    figure: u32,
    /// Reports that are still to tell it.
    left: usize,
}

pub struct Press {
    draw: Draw,
    day: Date,
    told_today: usize,
    /// Reports a day.
    daily: usize,
    number: u64,
    open: VecDeque<Happening>,
    dispatches: VecDeque<Record>,
}

impl Press {
    pub fn new(seed: u64, daily: usize) -> Press {
        Press {
            draw: Draw::new(seed),
            day: Date::constant(2019, 1, 1),
            told_today: 0,
            daily,
            number: seed << 32,
            open: VecDeque::new(),
            dispatches: VecDeque::new(),
        }
    }

    /// The next report, in the order in which they come to a desk.
    pub fn next_report(&mut self) -> Record {
        self.told_today += 1;
        if self.told_today > self.daily {
            (self.told_today, self.day) = (1, self.day.saturating_add(1.day()));
            let day = self.day;
            let fresh = |h: &Happening| h.left > 0 && (day - h.day).get_days() < 4;
            self.open.retain(fresh);
        }
        self.number += 1;
        if self.dispatches.len() > 20 && self.draw.one_in(6) {
            return self.reprint();
        }
        let record = self.report();
        if self.draw.one_in(3) {
            self.dispatches.push_back(record.clone());
            if self.dispatches.len() > 60 {
                self.dispatches.pop_front();
            }
        }
        record
    }

    fn reprint(&mut self) -> Record {
        let at = self.draw.below(self.dispatches.len());
        let mut record = self.dispatches[at].clone();
        record.report.id = format!("{:016x}r{:08x}", mix(self.number), self.number as u32);
        record.report.outlet = Some(format!("Paper {}", self.draw.skewed(OUTLETS)));
        record.report.published = Some(self.day.to_string());
        record.report.text.push_str(" Reprinted with leave of the agency.");
        record
    }

    fn happening(&mut self) -> usize {
        let going = self.open.len();
        if going > self.daily / 8 + 4 && !self.draw.one_in(3) {
            return self.draw.below(going);
        }
        let draw = &mut self.draw;
        let who = draw.skewed(STATES.len());
        // Neighbours in the list quarrel most.
        let whom = (who + 1 + draw.skewed(STATES.len() - 1)) % STATES.len();
        let left = [1, 1, 1, 1, 2, 2, 3, 5, 9, 40][draw.below(10)];
        let kinds = EventType::ALL.len();
        let happening = Happening {
            who,
            whom,
            kind: EventType::ALL[(draw.skewed(kinds) + 1) % kinds],
            status: match draw.below(10) {
                0 => Status::Planned,
                1 => Status::CalledFor,
                2 => Status::Refused,
                3 => Status::Ongoing,
                _ => Status::Happened,
            },
            day: self.day.saturating_sub((draw.below(2) as i64).days()),
            place: draw.one_in(2).then(|| whom * 8 + draw.below(8)),
            words: (0..8).map(|_| draw.skewed(4000)).collect(),
            figure: 2 + draw.below(60) as u32,
            left,
        };
        self.open.push_back(happening);
        self.open.len() - 1
    }

    fn report(&mut self) -> Record {
        let mut page = Page::default();
        let about: Vec<usize> = (0..4).map(|_| self.happening()).collect();
        for at in about {
            let happening = &mut self.open[at];
            happening.left = happening.left.saturating_sub(1);
            page.tell(happening, self.day, &mut self.draw);
        }
        page.fill(&mut self.draw);
        let draw = &mut self.draw;
        let mut record = page.record;
        record.report = Report {
            id: format!("{:016x}n{:08x}", mix(self.number), self.number as u32),
            title: Some(format!("Report {}", self.number as u32)),
            outlet: Some(format!("Paper {}", draw.skewed(OUTLETS))),
            published: Some(self.day.to_string()),
            language: "en".to_owned(),
            ..record.report
        };
        record
    }
}

fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    n ^ (n >> 29)
}

/// A word that no language has.
pub fn word(n: usize) -> String {
    let syllables = ["ba", "do", "ke", "li", "mo", "nu", "ra", "si", "te", "vu", "wo", "za"];
    let mut text = String::new();
    let mut rest = n + 13;
    while rest > 0 {
        text.push_str(syllables[rest % syllables.len()]);
        rest /= syllables.len();
    }
    text
}

struct Page {
    record: Record,
    at: u32,
}

impl Default for Page {
    fn default() -> Page {
        let record = Record {
            schema: SCHEMA.to_owned(),
            report: Report::default(),
            reader: Reader { program: "made".into(), model: "none".into(), ..Reader::default() },
            passages: vec![],
            events: vec![],
            statements: vec![],
            figures: vec![],
            ties: vec![],
            actors: vec![],
            places: vec![],
            participants: Default::default(),
            times: vec![],
            notes: vec![],
        };
        Page { record, at: 0 }
    }
}

impl Page {
    fn write(&mut self, words: &str) -> CharSpan {
        let start = self.at;
        self.record.report.text.push_str(words);
        self.at += words.chars().count() as u32;
        CharSpan { start, end: self.at }
    }

    /// Writes the name of one who acts for a state, and gives its id.
    fn actor(&mut self, state: usize, draw: &mut Draw) -> String {
        let (sector, code) = SECTORS[draw.skewed(SECTORS.len())];
        let country = STATES[state];
        let name = match draw.below(3) {
            0 => format!("{country} minister {}", word(state * 40 + draw.skewed(40))),
            1 => format!("The {code} of {country}"),
            _ => country.to_owned(),
        };
        let at = self.write(&name);
        let mention = ActorMention { start: at.start, end: at.end, how: How::Name };
        if let Some(known) = self.record.actors.iter_mut().find(|a| a.name == name) {
            known.mentions.push(mention);
            return known.id.clone();
        }
        let id = format!("a{}", self.record.actors.len() + 1);
        self.record.actors.push(Actor {
            id: id.clone(),
            kind: if name == country { ActorKind::State } else { ActorKind::Person },
            name,
            country: Some(country.to_owned()),
            organisation: None,
            sector,
            code: format!("{country} {code}"),
            role: None,
            mentions: vec![mention],
        });
        id
    }

    fn place(&mut self, place: usize) -> String {
        self.write(" in ");
        let name = format!("{}ville", word(place));
        let at = self.write(&name);
        if let Some(known) = self.record.places.iter().find(|p| p.name == name) {
            return known.id.clone();
        }
        let id = format!("p{}", self.record.places.len() + 1);
        self.record.places.push(Place {
            id: id.clone(),
            country: Some(STATES[place / 8].to_owned()),
            admin1: Some("x".to_owned()),
            lat: Some((place % 160) as f64 - 80.0),
            lon: Some((place % 350) as f64 - 170.0),
            gazetteer_id: Some(format!("g{place}")),
            mentions: vec![at],
            name,
        });
        id
    }

    fn tell(&mut self, h: &Happening, today: Date, draw: &mut Draw) {
        let start = self.at;
        let who = self.actor(h.who, draw);
        self.write(" ");
        let verb = h.kind.as_str().to_lowercase();
        let trigger = self.write(&verb);
        self.write(" ");
        // Not everybody tells both sides.
        let whom = (!draw.one_in(5)).then(|| self.actor(h.whom, draw));
        let mut words = String::new();
        for w in &h.words {
            if !draw.one_in(3) {
                words.push(' ');
                words.push_str(&word(*w));
            }
        }
        self.write(&words);
        let place = h.place.filter(|_| !draw.one_in(3)).map(|p| self.place(p));
        let stated = draw.one_in(2);
        let told = h.day.to_string();
        let id = format!("e{}", self.record.events.len() + 1);
        self.write(" with ");
        let figure = if draw.one_in(5) { h.figure + 1 } else { h.figure };
        let text = format!("{figure} boats");
        let at = self.write(&text);
        let end = self.at;
        self.write(". ");
        self.record.figures.push(Figure {
            id: format!("f{}", self.record.figures.len() + 1),
            value: Some(f64::from(figure)),
            low: None,
            high: None,
            of: None,
            unit: Some("boat".to_owned()),
            counted: Some("boats".to_owned()),
            casualty: None,
            about: Some(id.clone()),
            approximate: false,
            change: None,
            start: at.start,
            end: at.end,
            text,
            statement: None,
            damaged: false,
            against: Vec::new(),
            found_by: "made:1".to_owned(),
            from: vec![],
        });
        // A tenth look back on what was long ago.
        let back = match draw.below(20) {
            0 => 0,
            1 => 400,
            _ => -1,
        };
        let (from, to, basis) = match (back, stated) {
            (0, _) => (today.saturating_sub(30.days()).to_string(), told, TimeBasis::Stated),
            (400, _) => {
                let day = h.day.saturating_sub(400.days()).to_string();
                (day.clone(), day, TimeBasis::Stated)
            }
            (_, true) => (told.clone(), told, TimeBasis::Stated),
            _ => (today.to_string(), today.to_string(), TimeBasis::Published),
        };
        let mutual = h.kind == EventType::Consult;
        let (mut actors, mut recipients) = (vec![who.clone()], Vec::from_iter(whom.clone()));
        if mutual {
            actors.append(&mut recipients);
        }
        self.record.events.push(Event {
            id,
            kind: h.kind,
            mode: None,
            contexts: vec![],
            cameo: "010".to_owned(),
            goldstein: if h.kind.quad() < Some(Quad::VerbalConflict) { 3.0 } else { -4.0 },
            quad: h.kind.quad().unwrap(),
            actors,
            recipients,
            mutual,
            time: Some(EventTime { from: Some(from), to: Some(to), text: None, basis }),
            place_basis: place.as_ref().map(|_| PlaceBasis::Stated),
            place,
            status: h.status,
            statement: None,
            evidence: vec![CharSpan { start, end }],
            trigger,
            confidence: 0.3 + draw.below(70) as f32 / 100.0,
            damaged: false,
            against: Vec::new(),
            found_by: "made:2".to_owned(),
            from: vec![],
        });
        if let Some(whom) = whom.filter(|_| draw.one_in(8)) {
            self.record.ties.push(Tie {
                id: format!("t{}", self.record.ties.len() + 1),
                kind: TieKind::ALL[draw.skewed(TieKind::ALL.len())],
                from: who.clone(),
                to: whom.clone(),
                trend: None,
                asymmetry: draw.one_in(3).then_some(whom),
                commodity: draw.one_in(2).then(|| GOODS[draw.below(GOODS.len())].to_owned()),
                statement: None,
                evidence: vec![CharSpan { start, end }],
                confidence: 0.5,
                damaged: false,
                found_by: "made:3".to_owned(),
                stands_on: vec![],
            });
        }
        if draw.one_in(2) {
            self.record.statements.push(Statement {
                id: format!("s{}", self.record.statements.len() + 1),
                speaker: Some(who),
                source: None,
                stance: Some(Stance::Says),
                through: vec![],
                addressee: None,
                cue: None,
                content: vec![CharSpan { start, end }],
                form: Form::Reported,
                time: None,
                damaged: false,
                found_by: "made:4".to_owned(),
                from: vec![],
            });
        }
    }

    /// The rest of an article.
    fn fill(&mut self, draw: &mut Draw) {
        for sentence in 0..8 {
            let words: Vec<String> = (0..12).map(|_| word(draw.skewed(20_000))).collect();
            self.write(&words.join(" "));
            self.write(if sentence == 7 { "." } else { ". " });
        }
    }
}
