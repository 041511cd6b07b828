//! Who said what, and through whom.
//!
//! A sentence's attributions come off its tree (`attribution`); what runs on over its edge, marked
//! or not, is gathered next (`extend`); last the speakers are resolved and chained (`speaker`).

mod attribution;
mod clause;
mod evidence;
mod extend;
mod gate;
mod heard;
mod nominal;
mod object;
mod phrase;
mod quote;
mod span;
mod speaker;
mod subject;
mod verb;

use super::{Finding, Provenance, Statement};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::{ActorId, Mentions};
use crate::span::Span;
use attribution::{Attribution, Finder};
use dyad_lexicon::Lexicons;
use dyad_lexicon::cues::Frame;
use dyad_record::{ActorKind, Form, Sector, Stance};
use quote::Quotation;

/// No prose has longer sentences; what is longer is a list or damage, and has no trees to trust.
const LONGEST: u32 = 400;

/// What might be an attribution, for those who train the gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    pub cue: Span,
    pub source: Option<Span>,
    pub content: Vec<Span>,
    /// The rule that proposes it.
    pub rule: &'static str,
    pub features: Vec<u32>,
    /// What the network's scores say of it: numbers, and the marks that they set.
    pub numbers: Option<Vec<Option<f32>>>,
    pub group: usize,
    pub marks: Vec<usize>,
}

/// Every proposal before the gate, in the order of their cues.
pub fn proposals(doc: &Doc<'_>, mentions: &Mentions, lexicons: &Lexicons) -> Vec<Proposal> {
    let quotations = quote::find(doc);
    proposed(doc, mentions, lexicons, &quotations)
        .map(|a| {
            let (numbers, group) = (evidence::numbers(doc, &a), evidence::group(&a));
            Proposal {
                cue: extend::cue_span(doc, &a),
                source: a.source.as_ref().map(|s| s.span),
                features: gate::features(doc, mentions, &quotations, &a),
                marks: evidence::marks(numbers.as_ref(), group),
                numbers: numbers.map(|n| n.to_vec()),
                group,
                rule: a.rule,
                content: a.content,
            }
        })
        .collect()
}

fn proposed<'a>(
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    lexicons: &'a Lexicons,
    quotations: &'a [Quotation],
) -> impl Iterator<Item = Attribution> + 'a {
    let finder = Finder { doc, mentions, lexicons, quotations };
    (0..doc.sentences.len() as u32)
        .filter(|s| doc.sentences[*s as usize].words.len() as u32 <= LONGEST)
        .flat_map(move |s| finder.in_sentence(s))
}

/// Every attribution of the report, in the order of their cues.
pub fn find(doc: &Doc<'_>, mentions: &Mentions, lexicons: &Lexicons) -> Vec<Statement> {
    let quotations = quote::find(doc);
    let weighed = proposed(doc, mentions, lexicons, &quotations).filter_map(|a| {
        // Too rare for the corpus to teach, and never anything else.
        let sure = matches!(a.rule, "quotes" | "as-saying" | "according" | "quoted-as" | "signed")
            || calls_it(doc, &a)
            || is_carried(doc, mentions, &a);
        let weight = gate::weight(doc, mentions, &quotations, &a);
        let weight = if sure { i32::MAX } else { weight };
        (weight > 0).then_some((weight, a))
    });
    let mut attributions = one_for_each_cue(weighed.collect());
    let finder = Finder { doc, mentions, lexicons, quotations: &quotations };
    attributions.iter_mut().for_each(|a| finder.trim(a));
    extend::over_quotations(doc, &quotations, &mut attributions);
    let free = extend::over_free_speech(doc, &quotations, &mut attributions);
    let mut statements: Vec<Statement> = attributions
        .iter()
        .zip(free)
        .filter(|(a, _)| !a.content.is_empty())
        .map(|(a, free)| statement(doc, mentions, &quotations, a, free))
        .collect();
    let heads: Vec<Option<WordId>> = attributions
        .iter()
        .filter(|a| !a.content.is_empty())
        .map(|a| a.source.as_ref().map(|s| s.head))
        .collect();
    pronouns(doc, mentions, &heads, &mut statements);
    chain(doc, &heads, &mut statements);
    statements
}

/// "made a promise to": of proposals that share words of their cues, the one that most speaks for.
fn one_for_each_cue(weighed: Vec<(i32, Attribution)>) -> Vec<Attribution> {
    let outdone = |i: usize| {
        let (weight, a) = &weighed[i];
        // Cues come in order, and none is long.
        let near = i.saturating_sub(8)..weighed.len().min(i + 9);
        *weight < i32::MAX
            && near.filter(|j| *j != i).any(|j| {
                let (other, b) = &weighed[j];
                let shared = a.cue.start < b.cue.end && b.cue.start < a.cue.end;
                shared && (*other, std::cmp::Reverse(j)) > (*weight, std::cmp::Reverse(i))
            })
    };
    let kept: Vec<bool> = (0..weighed.len()).map(|i| !outdone(i)).collect();
    weighed.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|((_, a), _)| a).collect()
}

/// "with the minister describing the plan as fair": who has a name and says as what he sees it
/// speaks, wherever in the sentence the tree hangs it.
fn calls_it(doc: &Doc<'_>, attribution: &Attribution) -> bool {
    let named = attribution.source.as_ref().is_some_and(|s| doc.word(s.head).upos == Upos::Propn);
    let as_what = |w: WordId| {
        doc.dependents_by(w, &[Deprel::Case, Deprel::Mark]).any(|c| doc.word(c).lemma == "as")
    };
    let describes = attribution.cue.clone().any(|w| doc.word(w).lemma == "describe");
    named && describes && attribution.content.iter().any(|c| doc.words_in(*c).any(as_what))
}

/// "The army said the drones were ready, the agency reported": of what the press carries the corpus
/// marks the carrying alone.
fn is_carried(doc: &Doc<'_>, mentions: &Mentions, attribution: &Attribution) -> bool {
    let word = doc.word(attribution.head);
    let own = |s: &attribution::Source| doc.word(s.head).head == Some(attribution.head);
    let press = |s: WordId| {
        mentions.headed_by(s).is_some_and(|m| mentions.actor(m.actor).sector == Sector::Med)
    };
    attribution.rule == "clause"
        && attribution.frame == Frame::Speech
        && attribution.source.as_ref().is_some_and(own)
        && word.deprel == Deprel::Ccomp
        && word.head.is_some_and(|h| doc.dependents_by(h, &[Deprel::Nsubj]).any(press))
}

/// "he said" behind his own words means whoever spoke last, not someone whom the words name.
fn pronouns(
    doc: &Doc<'_>,
    mentions: &Mentions,
    heads: &[Option<WordId>],
    statements: &mut [Statement],
) {
    let mut last: Option<(ActorId, u32)> = None;
    for (statement, head) in statements.iter_mut().zip(heads) {
        let Some(head) = *head else { continue };
        let sentence = &doc.sentences[doc.word(head).sentence as usize];
        let he = matches!(doc.word(head).lemma.as_str(), "he" | "she");
        let behind = statement.content.first().is_some_and(|c| c.end <= doc.word(head).span.start);
        let person = |a: &ActorId| mentions.actor(*a).kind == ActorKind::Person;
        if he
            && (behind || !statement.speaker.as_ref().is_some_and(person))
            && let Some((spoke, paragraph)) = last
            && sentence.paragraph <= paragraph + 2
        {
            statement.speaker = Some(spoke);
        }
        if statement.stance.is_some_and(Stance::vouches)
            && let Some(speaker) = statement.speaker.filter(person)
        {
            last = Some((speaker, sentence.paragraph));
        }
    }
}

fn statement(
    doc: &Doc<'_>,
    mentions: &Mentions,
    quotations: &[Quotation],
    attribution: &Attribution,
    free: bool,
) -> Statement {
    let speaker = attribution.source.as_ref().and_then(|s| speaker::of(doc, mentions, s));
    let cue = extend::cue_span(doc, attribution);
    let source = attribution.source.as_ref().map(|s| s.span);
    let mut evidence = vec![cue];
    evidence.extend(source);
    let found_by = if attribution.line > 0 {
        format!("cues:{} {}", attribution.line, attribution.rule)
    } else {
        attribution.rule.to_owned()
    };
    let time = speaker::time(doc, mentions, attribution);
    let mut from: Vec<Finding> = speaker.iter().map(|a| Finding::Actor(a.0)).collect();
    from.extend(time.as_ref().and_then(|t| t.time).map(|t| Finding::Time(t.0)));
    Statement {
        speaker,
        source,
        stance: attribution.stance,
        through: speaker::carriers(doc, mentions, attribution, speaker),
        addressee: speaker::addressee(doc, mentions, attribution),
        cue: Some(cue),
        form: form(quotations, &attribution.content, free),
        content: attribution.content.clone(),
        time,
        provenance: Provenance { evidence, found_by, from },
    }
}

/// Quoted where most of the words stand between marks.
fn form(quotations: &[Quotation], content: &[Span], free: bool) -> Form {
    let total: usize = content.iter().map(|c| c.len()).sum();
    let marked: usize = content
        .iter()
        .map(|c| {
            let first = quotations.partition_point(|q| q.span.end <= c.start);
            quotations[first..]
                .iter()
                .take_while(|q| q.span.start < c.end)
                .map(|q| (q.span.end.min(c.end) - q.span.start.max(c.start)) as usize)
                .sum::<usize>()
        })
        .sum();
    match (2 * marked > total, free) {
        (true, _) => Form::Quoted,
        (false, true) => Form::Free,
        (false, false) => Form::Reported,
    }
}

/// A statement told inside another came through its speaker.
fn chain(doc: &Doc<'_>, heads: &[Option<WordId>], statements: &mut [Statement]) {
    let told: Vec<_> = statements
        .iter()
        .enumerate()
        .map(|(i, s)| {
            let cue = s.cue?;
            // The narrowest content that holds the cue; ties go to the earlier one.
            let outer = statements
                .iter()
                .enumerate()
                .skip(i.saturating_sub(24))
                .take(48)
                .filter(|(j, o)| *j != i && o.stance.is_some_and(|s| s.vouches()))
                .filter_map(|(j, o)| {
                    let held = o.content.iter().filter(|c| c.contains(cue)).map(|c| c.len()).min();
                    held.map(|len| (len, j))
                })
                .min()?;
            Some(outer.1)
        })
        .collect();
    // "I think" inside somebody's words: he who says it thinks it.
    for i in 0..statements.len() {
        if let Some(outer) = told[i]
            && heads[i].is_some_and(|h| extend::is_self(doc, h))
        {
            statements[i].speaker = statements[outer].speaker;
        }
    }
    for i in 0..statements.len() {
        let mut through = Vec::new();
        let mut at = i;
        // No chain is longer than the statements are many; a circle ends here too.
        for _ in 0..8 {
            let Some(outer) = told[at] else { break };
            if let Some(speaker) = statements[outer].speaker
                && Some(speaker) != statements[i].speaker
                && !through.contains(&speaker)
            {
                through.insert(0, speaker);
            }
            at = outer;
        }
        for id in std::mem::take(&mut statements[i].through) {
            if !through.contains(&id) {
                through.insert(0, id);
            }
        }
        statements[i].through = through;
    }
}

#[cfg(test)]
mod tests;
