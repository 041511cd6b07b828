//! What speaks for an event, and what else it might have been: for those who must defend a code.

use super::pair::{self, Root};
use super::pattern::{Look, act_pos};
use super::sides::Sides;
use super::{Event, Models, confidence, head, heard, own, tree, wide};
use crate::doc::Doc;
use crate::mention::Mentions;
use dyad_lexicon::Lexicons;
use dyad_lexicon::acts::{ActPos, ActRule};
use dyad_record::Status;
use dyad_record::explain::RunnerUp;

/// How many other codes are told.
const MOST: usize = 4;
/// How much a sign must count to be told.
const TELLING: f32 = 0.2;

/// What its words and its sides say for it or against it.
pub fn signs(
    doc: &Doc<'_>,
    mentions: &Mentions,
    lexicons: &Lexicons,
    models: &Models,
    event: &Event,
) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(head) = models.own.iter().find(|h| h.spec.kind() == event.kind) {
        let (weighed, _) = own::why(doc, mentions, lexicons, head, event.trigger_word);
        let told = weighed.iter().filter(|(_, w)| w.abs() >= 0.05).take(2 * MOST);
        let told: Vec<String> = told.map(|(name, w)| format!("`{name}` {w:+.1}")).collect();
        let (file, _) = &head.source;
        found.push(format!("trained from {file}; in log odds: {}", told.join(", ")));
    }
    let teller = match event.provenance.found_by.as_str() {
        head::FOUND_BY => Some("the pair model does"),
        heard::FOUND_BY => Some("the ear hears it in the word"),
        wide::FOUND_BY => Some("the deep tier sees it in the word and the sentences around"),
        _ => None,
    };
    found.extend(teller.map(|teller| format!("no row gives it this type: {teller}")));
    let sides = match (event.actors.is_empty(), event.recipients.is_empty(), event.mutual) {
        (_, _, true) => "both sides of a joint act are known",
        (false, false, _) => "actor and recipient are known",
        (false, true, _) => "the actor is known, the recipient is not",
        (true, false, _) => "the recipient is known, the actor is not",
        (true, true, _) => "neither side is known",
    };
    found.push(sides.to_owned());
    found.extend(weighed(event, &models.confidence));
    if event.status != Status::Happened {
        found.push(format!("the words around it make it {}", event.status));
    }
    if super::touches_damage(doc, &event.provenance.evidence) {
        found.push("its words touch damaged text".to_owned());
    }
    found.extend(event.against.iter().map(|why| format!("against the rest of the report: {why}")));
    found
}

/// The signs that count most for its confidence, as they are weighed.
fn weighed(event: &Event, model: &confidence::Model) -> Option<String> {
    let signs = event.signs.iter().map(|sign| (sign.0, model.weight(*sign)));
    let mut signs: Vec<(&str, f32)> = signs.filter(|(_, w)| w.abs() >= TELLING).collect();
    signs.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let words = signs.iter().take(MOST).map(|(name, weight)| format!("{name} {weight:+.1}"));
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| format!("confidence, in log odds: {}", words.join(", ")))
}

/// The pattern of an own type that an event was told by.
pub fn own_pattern(
    doc: &Doc<'_>,
    mentions: &Mentions,
    lexicons: &Lexicons,
    models: &Models,
    event: &Event,
) -> Option<String> {
    let head = models.own.iter().find(|h| h.spec.kind() == event.kind)?;
    own::why(doc, mentions, lexicons, head, event.trigger_word).1
}

/// The other codes: those that the model believes in most, with the row that gives them where one
/// is met; then the rows that are met though the model does not see both sides.
pub fn runners_up(
    doc: &Doc<'_>,
    mentions: &Mentions,
    lexicons: &Lexicons,
    pairs: &pair::Model,
    event: &Event,
) -> Vec<RunnerUp> {
    let parsed = doc;
    let doc = &tree::mended(doc, &lexicons.acts);
    let sides = Sides::new(doc, mentions, &lexicons.acts);
    let look = Look { doc, mentions, acts: &lexicons.acts, sides: &sides };
    let pos = act_pos(doc, event.trigger_word);
    let frame = match pos {
        Some(ActPos::Noun) => tree::noun_frame(doc, event.trigger_word, &lexicons.acts),
        _ => tree::verb_frame(doc, event.trigger_word),
    };
    let met = pos.map_or(Vec::new(), |pos| look.all(pos, event.trigger_word, &frame));
    let root_of = |rule: &ActRule| rule.kind.and_then(|k| Root::of(k, event.status));
    let line =
        |rule: &&ActRule| lexicons.shipped_line(&format!("acts:{}", rule.line)).map(str::to_owned);
    let own = Root::of(event.kind, event.status);
    let first = event.actor_spans.first().copied();
    let joint = event.actor_spans.get(1).filter(|_| event.mutual);
    let second = event.recipient_spans.first().or(joint).copied();
    let sentence = doc.word(event.trigger_word).sentence;
    let inside = |s: crate::span::Span| doc.sentences[sentence as usize].span.contains(s);
    let mut found = Vec::new();
    if let Some((a, b)) = first.zip(second).filter(|(a, b)| inside(*a) && inside(*b)) {
        let alone = parsed.sentence_alone(sentence);
        let beliefs = pairs.view(&alone, &lexicons.acts).pair(a, b).beliefs();
        let mut order: Vec<usize> = (0..beliefs.len()).collect();
        order.sort_by(|a, b| beliefs[*b].total_cmp(&beliefs[*a]));
        let other =
            |i: &usize| Some(Root::ALL[*i]) != own && Root::ALL[*i].as_str() != event.kind.as_str();
        for i in order.into_iter().filter(other).take(MOST) {
            let rule = met.iter().find(|r| root_of(r) == Some(Root::ALL[i]));
            found.push(RunnerUp {
                code: Root::ALL[i].as_str().to_owned(),
                confidence: Some(beliefs[i]),
                rule: rule.and_then(line),
            });
        }
    }
    for rule in &met {
        let Some(root) = root_of(rule).filter(|r| Some(*r) != own) else { continue };
        if found.iter().all(|f| f.code != root.as_str()) && found.len() < 2 * MOST {
            found.push(RunnerUp {
                code: root.as_str().to_owned(),
                confidence: None,
                rule: line(rule),
            });
        }
    }
    found
}
