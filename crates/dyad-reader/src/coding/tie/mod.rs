//! How two sides stand to each other as a lasting state: trade, energy, arms, alliance,
//! dependence, sanctions in force, control of land, mediation, rivalry.
//!
//! A word of `lexicons/ties.tsv` says where in the tree each of the two sides stands; a good that
//! flows gives the kind, a word of `trends.tsv` nearby the trend.

mod goods;
mod sides;
mod telling;

use super::base::bases;
use super::event::touches_damage;
use super::{Coding, Event, Finding, Provenance, Statement, Tie};
use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use crate::mention::{ActorId, Mentions};
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_lexicon::ties::{Commodity, TieNeeds, TiePos, TieRule, TieSide, TieSort};
use dyad_record::{ActorKind, EventType, Status, TieKind, Trend};
use std::collections::BTreeMap;

/// No prose has longer sentences; see `statement`.
const LONGEST: usize = 400;
/// How far up a predicate is looked for.
const DEPTH: usize = 6;
/// What damaged words take from the confidence of the tie that they tell.
const DAMAGED: f32 = 0.5;

/// Every tie of the report, in the order of their words.
pub fn find(
    doc: &Doc<'_>,
    mentions: &Mentions,
    statements: &[Statement],
    events: &[Event],
    lexicons: &Lexicons,
) -> Vec<Tie> {
    let states = mentions
        .actors
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, a)| a.kind == ActorKind::State)
        .filter_map(|(i, a)| Some((a.country.as_deref()?, ActorId(i as u32))))
        .collect();
    let finder = Finder { doc, mentions, statements, lexicons, states };
    let mut found = Vec::new();
    for sentence in doc.sentences.iter().filter(|s| s.words.len() <= LONGEST) {
        for word in sentence.words.clone() {
            finder.at(word, &mut found);
        }
    }
    let mut ties: Vec<Tie> = found
        .into_iter()
        .map(|f| {
            let statement = Coding::statement_of(statements, f.trigger);
            let mut from = vec![Finding::Actor(f.from.0), Finding::Actor(f.to.0)];
            from.extend(statement.map(|s| Finding::Statement(s.0)));
            // Damage may have changed who leans on whom.
            let damaged = touches_damage(doc, &f.evidence);
            Tie {
                kind: f.kind,
                from: f.from,
                to: f.to,
                spans: f.spans,
                trend: f.trend,
                asymmetry: f.asymmetry,
                commodity: f.commodity,
                statement,
                confidence: if damaged { f.confidence * DAMAGED } else { f.confidence },
                provenance: Provenance {
                    evidence: f.evidence,
                    found_by: if damaged {
                        format!("ties:{} in damaged words", f.line)
                    } else {
                        format!("ties:{}", f.line)
                    },
                    from,
                },
            }
        })
        .collect();
    ties.extend(from_events(events, mentions));
    lean(&mut ties);
    once(ties)
}

struct Found {
    kind: TieKind,
    from: ActorId,
    to: ActorId,
    spans: [Span; 2],
    trend: Option<Trend>,
    asymmetry: Option<ActorId>,
    commodity: Option<String>,
    confidence: f32,
    trigger: Span,
    evidence: Vec<Span>,
    line: u32,
}

/// An actor and the word that names it.
type Side = (ActorId, WordId);

struct Finder<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    statements: &'a [Statement],
    lexicons: &'a Lexicons,
    /// The actor of each state that the report names, by its country.
    states: BTreeMap<&'a str, ActorId>,
}

impl Finder<'_> {
    fn at(&self, word: WordId, found: &mut Vec<Found>) {
        let doc = self.doc;
        if matches!(doc.word(word).upos, Upos::Punct | Upos::Det | Upos::Adp | Upos::Pron) {
            return;
        }
        for rule in self.rules(word).iter().filter(|r| self.fits(word, r)) {
            let made = self.apply(word, rule);
            if !made.is_empty() {
                found.extend(made);
                return;
            }
        }
    }

    /// The rules of a word: of its lemma, of the form as it stands ("allied", "odds"), or of what
    /// the form may be a form of.
    fn rules(&self, word: WordId) -> &[TieRule] {
        let ties = &self.lexicons.ties;
        let surface = self.doc.surface(word).to_lowercase();
        let mut rules = ties.rules(&self.doc.word(word).lemma.to_lowercase());
        if rules.is_empty() || !rules.iter().any(|r| self.fits(word, r)) {
            let positive = surface.strip_suffix("ier").map(|stem| format!("{stem}y"));
            rules = [surface.clone()]
                .into_iter()
                .chain(positive)
                .chain(bases(&surface))
                .map(|form| ties.rules(&form))
                .find(|r| r.iter().any(|r| self.fits(word, r)))
                .unwrap_or(rules);
        }
        rules
    }

    fn fits(&self, word: WordId, rule: &TieRule) -> bool {
        let upos = self.doc.word(word).upos;
        match rule.pos {
            TiePos::Verb => upos == Upos::Verb,
            TiePos::Noun => upos == Upos::Noun,
            TiePos::Adj => {
                upos == Upos::Adj || upos == Upos::Verb && self.doc.word(word).xpos == Xpos::Vbn
            }
            TiePos::Comparative => upos != Upos::Adp && self.compared(word),
        }
    }

    /// "weaker", "more dependent", "needs it more", "has more to lose".
    fn compared(&self, word: WordId) -> bool {
        let doc = self.doc;
        let more = |w: WordId| matches!(doc.word(w).xpos, Xpos::Jjr | Xpos::Rbr);
        let relations = [Deprel::Advmod, Deprel::Amod, Deprel::Obj];
        more(word)
            || doc.dependents_by(word, &relations).any(more)
            || doc.word(word).deprel == Deprel::Acl && doc.word(word).head.is_some_and(more)
    }

    /// "less dependent": the comparison runs the other way.
    fn lessened(&self, word: WordId) -> bool {
        let doc = self.doc;
        doc.dependents_by(word, &[Deprel::Advmod])
            .any(|d| matches!(doc.word(d).lemma.as_str(), "less" | "little"))
    }

    /// "cannot", "no", "few": what the rule tells of is lacking.
    fn lacking(&self, word: WordId) -> bool {
        let doc = self.doc;
        let denied = |w: WordId| {
            doc.dependents_by(w, &[Deprel::Advmod, Deprel::Det, Deprel::Amod]).any(|d| {
                matches!(
                    doc.word(d).lemma.to_lowercase().as_str(),
                    "not" | "n't" | "never" | "no" | "few" | "little" | "hardly" | "scarcely"
                )
            })
        };
        denied(word) || denied(self.predicate(word))
    }

    fn apply(&self, word: WordId, rule: &TieRule) -> Vec<Found> {
        let doc = self.doc;
        if !self.needs(word, rule) {
            return Vec::new();
        }
        let goods = self.goods(word);
        let predicate = self.predicate(word);
        if rule.needs != TieNeeds::Lacking && self.undone(word, predicate) {
            return Vec::new();
        }
        let trend = self.trend(word, predicate);
        let kind = match rule.sort {
            TieSort::Kind(kind) => Some(kind),
            TieSort::Flow => None,
            TieSort::Relations => match trend {
                Some(Trend::Falling) => Some(TieKind::Rivalry),
                Some(_) => Some(TieKind::Alliance),
                None if self.close(word) => Some(TieKind::Alliance),
                None => return Vec::new(),
            },
        };
        // Worse relations are more rivalry.
        let trend = match (rule.sort, kind) {
            (TieSort::Relations, Some(TieKind::Rivalry)) => Some(Trend::Rising),
            // "more needy than" compares two sides, not two times.
            _ if rule.pos == TiePos::Comparative => None,
            _ => trend,
        };
        let unsure = self.unsure(predicate);
        let confidence = if unsure { rule.confidence * 0.7 } else { rule.confidence };
        let mut found = Vec::new();
        let less = rule.pos == TiePos::Comparative && self.lessened(word);
        for (from, to) in self.sides(word, rule) {
            let (from, to) = if less { (to, from) } else { (from, to) };
            if from.0 == to.0 || self.same_country(from.0, to.0) {
                continue;
            }
            let mut evidence = self.evidence(word, predicate);
            evidence.extend([doc.word(from.1).span, doc.word(to.1).span]);
            let tie = |kind: TieKind, good: Option<(&Commodity, WordId)>| {
                let mut evidence = evidence.clone();
                evidence.extend(good.map(|(_, w)| doc.word(w).span));
                evidence.sort_unstable();
                evidence.dedup();
                Found {
                    kind,
                    from: from.0,
                    to: to.0,
                    spans: [doc.word(from.1).span, doc.word(to.1).span],
                    trend,
                    asymmetry: match rule.asymmetry {
                        Some(TieSide::From) => Some(from.0),
                        Some(TieSide::To) => Some(to.0),
                        None => None,
                    },
                    commodity: good.map(|(g, _)| g.name.to_string()),
                    confidence,
                    trigger: doc.word(word).span,
                    evidence,
                    line: rule.line,
                }
            };
            match kind {
                Some(kind) => {
                    let traded = matches!(
                        kind,
                        TieKind::Trade | TieKind::Energy | TieKind::Arms | TieKind::Dependence
                    ) && rule.needs != TieNeeds::Lacking;
                    found.push(tie(kind, goods.first().copied().filter(|_| traded)));
                }
                None => found.extend(goods.iter().map(|g| tie(g.0.kind, Some(*g)))),
            }
            if kind.is_none() {
                found.extend(self.in_exchange(word).iter().map(|g| Found {
                    from: to.0,
                    to: from.0,
                    spans: [doc.word(to.1).span, doc.word(from.1).span],
                    ..tie(g.0.kind, Some(*g))
                }));
            }
        }
        found
    }

    /// Whether what the rule needs stands in the phrase.
    fn needs(&self, word: WordId, rule: &TieRule) -> bool {
        let doc = self.doc;
        match &rule.needs {
            TieNeeds::Nothing => true,
            TieNeeds::Goods => !self.goods(word).is_empty(),
            TieNeeds::Arms => self.goods(word).iter().any(|(g, _)| g.kind == TieKind::Arms),
            TieNeeds::Land => {
                let places = &self.mentions.place_mentions;
                self.scope(word).iter().any(|w| {
                    let span = doc.word(*w).span;
                    let i = places.partition_point(|p| p.span.end <= span.start);
                    places.get(i).is_some_and(|p| p.span.contains(span))
                })
            }
            TieNeeds::Lacking => self.lacking(word),
            TieNeeds::Words(words) => self.scope(word).iter().any(|w| {
                *w != word && words.iter().any(|n| doc.word(*w).lemma.eq_ignore_ascii_case(n))
            }),
        }
    }

    fn case(&self, word: WordId) -> Option<&str> {
        let case = self.doc.dependents_by(word, &[Deprel::Case]).next()?;
        Some(self.doc.word(case).lemma.as_str())
    }
}

fn has(doc: &Doc<'_>, word: WordId, relation: Deprel) -> bool {
    doc.dependents(word).iter().any(|d| doc.word(*d).deprel == relation)
}

/// Sanctions that were imposed are in force; land that was seized is held.
fn from_events(events: &[Event], mentions: &Mentions) -> Vec<Tie> {
    let mut ties = Vec::new();
    for (i, event) in events.iter().enumerate() {
        let stands = matches!(event.status, Status::Happened | Status::Ongoing);
        let restricts = event.kind == EventType::Sanction
            && event.mode.as_deref().is_none_or(|m| m != "convict" && m != "expel");
        if !stands || !restricts || event.cameo != "163" {
            continue;
        }
        let (Some(from), Some(to)) = (event.actors.first(), event.recipients.first()) else {
            continue;
        };
        let (Some(from_span), Some(to_span)) =
            (event.actor_spans.first(), event.recipient_spans.first())
        else {
            continue;
        };
        let people = [from, to].iter().any(|a| mentions.actor(**a).kind == ActorKind::Person);
        if from == to || people {
            continue;
        }
        let mut from_findings = vec![Finding::Event(i as u32)];
        from_findings.extend([Finding::Actor(from.0), Finding::Actor(to.0)]);
        ties.push(Tie {
            kind: TieKind::Sanctions,
            from: *from,
            to: *to,
            spans: [*from_span, *to_span],
            trend: None,
            asymmetry: None,
            commodity: None,
            statement: event.statement,
            confidence: event.confidence * 0.9,
            provenance: Provenance {
                evidence: event.provenance.evidence.clone(),
                found_by: "event".to_owned(),
                from: from_findings,
            },
        });
    }
    ties
}

/// A dependence that is only called unequal leans the way that its other tellings lean.
fn lean(ties: &mut [Tie]) {
    let pair = |t: &Tie| (t.from.min(t.to), t.from.max(t.to));
    let known: BTreeMap<(ActorId, ActorId), ActorId> = ties
        .iter()
        .rev()
        .filter(|t| t.kind == TieKind::Dependence)
        .filter_map(|t| Some((pair(t), t.asymmetry?)))
        .collect();
    for tie in ties.iter_mut().filter(|t| t.kind == TieKind::Dependence && t.asymmetry.is_none()) {
        tie.asymmetry = known.get(&pair(tie)).copied();
    }
}

/// One tie for what is told twice in the same words, the more certain first.
fn once(ties: Vec<Tie>) -> Vec<Tie> {
    let mut kept: Vec<Tie> = Vec::new();
    for tie in ties {
        let double = kept.iter_mut().rev().take(16).find(|k| {
            k.kind == tie.kind
                && (k.from, k.to) == (tie.from, tie.to)
                && k.commodity == tie.commodity
                && k.statement == tie.statement
                && k.provenance.evidence.iter().any(|e| tie.provenance.evidence.contains(e))
        });
        match double {
            Some(k) => {
                k.trend = k.trend.or(tie.trend);
                k.asymmetry = k.asymmetry.or(tie.asymmetry);
            }
            None => kept.push(tie),
        }
    }
    kept.sort_by_key(|t| t.provenance.evidence.first().map_or(0, |e| e.start));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::{statement, tree};

    /// `kind from > to` of every tie, with its trend, commodity and the side that leans more.
    fn told(text: &str) -> Vec<String> {
        let lexicons = Lexicons::builtin().unwrap();
        tree::with(text, |doc, mentions| {
            let statements = statement::find(doc, mentions, &lexicons);
            let name = |a: ActorId| mentions.actor(a).name.clone();
            find(doc, mentions, &statements, &[], &lexicons)
                .iter()
                .map(|t| {
                    let mut line = format!("{} {} > {}", t.kind, name(t.from), name(t.to));
                    let more = [
                        t.trend.map(|t| t.to_string()),
                        t.commodity.clone(),
                        t.asymmetry.map(|a| format!("{} leans", name(a))),
                    ];
                    for more in more.into_iter().flatten() {
                        line = format!("{line}, {more}");
                    }
                    line
                })
                .collect()
        })
    }

    #[test]
    fn goods_flow_from_the_supplier_each_by_name() {
        let tree = "
            Egypt Egypt PROPN NNP 2 nsubj
            imports import VERB VBZ 0 root
            Ukrainian ukrainian ADJ JJ 4 amod
            wheat wheat NOUN NN 2 obj
            and and CCONJ CC 6 cc
            coal coal NOUN NN 4 conj
            . . PUNCT . 2 punct";
        assert_eq!(told(tree), ["trade Ukraine > Egypt, grain", "energy Ukraine > Egypt, coal"]);
    }

    #[test]
    fn dependence_leans_where_it_is_compared() {
        let tree = "
            Armenia Armenia PROPN NNP 5 nsubj
            is be VERB VBZ 5 cop
            more more ADV RBR 4 advmod
            dependent dependent ADJ JJ 5 amod
            partner partner NOUN NN 0 root
            than than ADP IN 7 case
            Iran Iran PROPN NNP 4 obl
            . . PUNCT . 5 punct";
        assert_eq!(told(tree), ["dependence Armenia > Iran, Armenia leans"]);
    }

    #[test]
    fn relations_that_fray_are_rivalry() {
        let tree = "
            Ties tie NOUN NNS 6 nsubj
            between between ADP IN 3 case
            Algeria Algeria PROPN NNP 1 nmod
            and and CCONJ CC 5 cc
            Morocco Morocco PROPN NNP 3 conj
            worsened worsen VERB VBD 0 root
            . . PUNCT . 6 punct";
        assert_eq!(told(tree), ["rivalry Algeria > Morocco, rising"]);
    }

    #[test]
    fn two_countries_mean_the_last_two_named() {
        let tree = "
            Chile Chile PROPN NNP 2 nsubj
            met meet VERB VBD 0 root
            Peru Peru PROPN NNP 2 obj
            . . PUNCT . 2 punct

            The the DET DT 2 det
            countries country NOUN NNS 4 nmod:poss
            's 's PART POS 2 case
            dependencies dependency NOUN NNS 6 nsubj
            are be AUX VBP 6 cop
            mutual mutual ADJ JJ 0 root
            . . PUNCT . 6 punct";
        assert_eq!(told(tree), ["dependence Chile > Peru"]);
    }

    #[test]
    fn what_is_denied_or_refused_is_no_tie() {
        let tree = "
            Oman Oman PROPN NNP 5 nsubj
            does do AUX VBZ 5 aux
            not not PART RB 5 advmod
            really really ADV RB 5 advmod
            depend depend VERB VB 0 root
            on on ADP IN 7 case
            Qatar Qatar PROPN NNP 5 obl
            . . PUNCT . 5 punct";
        assert!(told(tree).is_empty(), "{:?}", told(tree));
    }
}
