//! Who said what, and through whom.
//!
//! A sentence's attributions come off its tree (`attribution`); what runs on over its edge, marked
//! or not, is gathered next (`extend`); last the speakers are resolved and chained (`speaker`).

mod attribution;
mod extend;
mod quote;
mod span;
mod speaker;

use super::{Finding, Provenance, Statement};
use crate::doc::Doc;
use crate::mention::Mentions;
use crate::span::Span;
use attribution::{Attribution, Finder};
use dyad_lexicon::Lexicons;
use dyad_record::Form;
use quote::Quotation;

/// No prose has longer sentences; what is longer is a list or damage, and has no trees to trust.
const LONGEST: u32 = 400;

/// Every attribution of the report, in the order of their cues.
pub fn find(doc: &Doc<'_>, mentions: &Mentions, lexicons: &Lexicons) -> Vec<Statement> {
    let quotations = quote::find(doc);
    let finder = Finder { doc, lexicons, quotations: &quotations };
    let mut attributions: Vec<Attribution> = (0..doc.sentences.len() as u32)
        .filter(|s| doc.sentences[*s as usize].words.len() as u32 <= LONGEST)
        .flat_map(|s| finder.in_sentence(s))
        .collect();
    extend::over_quotations(doc, &quotations, &mut attributions);
    let free = extend::over_free_speech(doc, &quotations, &mut attributions);
    let mut statements: Vec<Statement> = attributions
        .iter()
        .zip(free)
        .filter(|(a, _)| !a.content.is_empty())
        .map(|(a, free)| statement(doc, mentions, &quotations, a, free))
        .collect();
    chain(&mut statements);
    statements
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
        stance: Some(attribution.stance),
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
fn chain(statements: &mut [Statement]) {
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
                .filter(|(j, o)| *j != i && o.stance.is_none_or(|s| s.vouches()))
                .filter_map(|(j, o)| {
                    let held = o.content.iter().filter(|c| c.contains(cue)).map(|c| c.len()).min();
                    held.map(|len| (len, j))
                })
                .min()?;
            Some(outer.1)
        })
        .collect();
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
