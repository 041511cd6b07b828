//! One sentence's attributions, read off its tree: cue, source and content.

use super::quote::Quotation;
use super::span::{runs, trimmed};
use crate::coding::base::bases;
use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use crate::mention::Mentions;
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_lexicon::acts::ActPos;
use dyad_lexicon::cues::{Cue, CuePos, Frame};
use dyad_record::{EventType, Stance};
use std::ops::Range;

/// Who is said to have said what, before anyone is resolved.
#[derive(Clone, Debug)]
pub(super) struct Attribution {
    pub sentence: u32,
    /// The word that makes it an attribution.
    pub head: WordId,
    pub cue: Range<WordId>,
    pub source: Option<Source>,
    pub content: Vec<Span>,
    /// None for a word that the lexicon lacks.
    pub stance: Option<Stance>,
    pub frame: Frame,
    /// The content stands before the cue ("…, X said").
    pub behind: bool,
    /// The rule that made it.
    pub rule: &'static str,
    /// Row of the cue in its lexicon, 0 where it has none.
    pub line: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Source {
    pub head: WordId,
    pub span: Span,
}

/// How far up a shared subject is looked for; deeper trees are the parser's mistakes.
const DEPTH: usize = 6;

pub(super) struct Finder<'a> {
    pub doc: &'a Doc<'a>,
    pub mentions: &'a Mentions,
    pub lexicons: &'a Lexicons,
    pub quotations: &'a [Quotation],
}

impl Finder<'_> {
    /// Every attribution of a sentence, in the order of their cues. One whose content is still
    /// missing ends in a colon: what it introduces stands in the next sentence.
    pub fn in_sentence(&self, sentence: u32) -> Vec<Attribution> {
        let doc = self.doc;
        let words = doc.sentences[sentence as usize].words.clone();
        let mut found: Vec<Attribution> = words
            .clone()
            .filter_map(|word| match doc.word(word).upos {
                _ if doc.surface(word).eq_ignore_ascii_case("according") => self.according(word),
                Upos::Verb => self.verb(word, self.cue(CuePos::Verb, word)),
                Upos::Noun => self.noun(word, self.cue(CuePos::Noun, word)),
                Upos::Adj => self.adjective(word, self.cue(CuePos::Adj, word)),
                _ => None,
            })
            .collect();
        found.extend(self.headed(sentence));
        found.extend(self.signed(sentence));
        found.sort_by_key(|a| (a.cue.start, a.head));
        found
    }

    /// What the lexicon says of a word; of a word that it lacks, that anything may be content.
    pub(super) fn cue(&self, pos: CuePos, word: WordId) -> Cue {
        let unlisted = Cue { stance: Stance::Says, frame: Frame::Any, line: 0 };
        self.listed(pos, word).unwrap_or(unlisted)
    }

    pub(super) fn listed(&self, pos: CuePos, word: WordId) -> Option<Cue> {
        let cues = &self.lexicons.cues;
        let lemma = self.doc.word(word).lemma.to_lowercase();
        cues.get(pos, &lemma)
            .or_else(|| bases(self.doc.surface(word)).iter().find_map(|b| cues.get(pos, b)))
    }

    pub(super) fn make(
        &self,
        head: WordId,
        cue: Range<WordId>,
        source: Option<Source>,
        content: Vec<Span>,
        lexical: Option<Cue>,
        rule: &'static str,
    ) -> Attribution {
        let at = self.doc.word(head).span;
        Attribution {
            sentence: self.doc.word(head).sentence,
            head,
            behind: content.first().is_some_and(|c| c.start < at.start),
            cue,
            source,
            content,
            stance: match lexical {
                Some(cue) => (cue.line > 0).then_some(cue.stance),
                None => Some(Stance::Says),
            },
            frame: lexical.map_or(Frame::Speech, |c| c.frame),
            rule,
            line: lexical.map_or(0, |c| c.line),
        }
    }

    // ---- verbs ---------------------------------------------------------------------------

    fn verb(&self, verb: WordId, cue: Cue) -> Option<Attribution> {
        let doc = self.doc;
        let passive = has(doc, verb, &[Deprel::NsubjPass, Deprel::AuxPass, Deprel::CsubjPass]);
        let subject = self.subject(verb, 0);
        let mut cue_words = self.cue_words(verb);
        if passive || cue.stance == Stance::Seems {
            return self.passive(verb, cue, cue_words, passive);
        }
        // "refused to condemn" is a refusal, and no condemnation.
        let refused = doc.word(verb).deprel == Deprel::Xcomp
            && doc.word(verb).head.is_some_and(|h| {
                let pos = if doc.word(h).upos == Upos::Adj { CuePos::Adj } else { CuePos::Verb };
                self.listed(pos, h).is_some_and(|c| c.stance == Stance::Refuses)
            });
        if refused {
            return None;
        }
        let mut holes = self.asides(verb);
        let mut source = subject.map(|s| self.source(s, verb)).or_else(|| self.named_before(verb));
        if let Some(subject) = subject
            && subject != verb
            && !doc.ancestors(verb).any(|w| w == subject)
        {
            holes.extend(doc.subtree(subject));
        }
        let mut rule = "clause";
        let mut content = self.clause_content(verb, cue, &holes);
        if let Some((quoted, clause)) = self.quotes(verb) {
            rule = "quotes";
            let mut words = doc.subtree(quoted);
            words.extend(doc.subtree(clause));
            words.sort_unstable();
            words.dedup();
            words.retain(|w| *w > verb);
            content = runs(doc, &words);
        }
        if doc.word(verb).head.and_then(|h| self.quotes(h)).is_some_and(|(_, c)| c == verb) {
            rule = "as-saying";
        }
        if content.is_empty()
            && let Some(span) = self.quoted_beside(verb, cue)
        {
            rule = "quotation";
            content = vec![span];
        }
        if content.is_empty() && cue.frame == Frame::Speech {
            rule = "words-before";
            content = self.words_before(verb, subject).into_iter().collect();
        }
        if content.is_empty() && cue.frame == Frame::Speech {
            rule = "words-after";
            content = self.words_after(verb).into_iter().collect();
        }
        if content.is_empty() {
            rule = "object";
            if self.strikes(verb) || cue.stance == Stance::Says && self.is_to_come(verb) {
                return None;
            }
            content = self.object_content(verb, &mut cue_words);
        }
        if content.is_empty() && !(cue.frame == Frame::Speech && self.ends_in_colon(verb)) {
            return None;
        }
        if let Some(made) = &source
            && content.iter().any(|c| c.contains(made.span))
        {
            source = None;
        }
        let mut made = self.make(verb, cue_words, source, content, Some(cue), rule);
        let negated = doc
            .dependents_by(verb, &[Deprel::Advmod])
            .any(|d| matches!(doc.surface(d), "not" | "n't" | "n’t" | "never"));
        use Stance::*;
        let withheld = matches!(
            cue.stance,
            Says | Claims | Promises | Threatens | Praises | Condemns | Asks | Supports
        );
        if negated && withheld && made.stance.is_some() {
            made.stance = Some(Refuses);
        }
        Some(made)
    }

    /// "X is expected to leave", "X seems to agree", "X was quoted as saying": the subject stands
    /// in the content, or speaks.
    fn passive(
        &self,
        verb: WordId,
        cue: Cue,
        cue_words: Range<WordId>,
        passive: bool,
    ) -> Option<Attribution> {
        let doc = self.doc;
        let agent = doc.dependents_by(verb, &[Deprel::OblAgent]).next();
        let subject = self.subject(verb, 0)?;
        let told = ["tell", "inform", "remind", "assure", "ask", "advise", "convince"];
        let clauses: Vec<WordId> =
            doc.dependents_by(verb, &[Deprel::Ccomp, Deprel::Xcomp]).collect();
        let mut words = Vec::new();
        for clause in &clauses {
            words.extend(doc.subtree(*clause));
        }
        if let Some(saying) = clauses
            .iter()
            .copied()
            .chain(doc.dependents_by(verb, &[Deprel::Advcl, Deprel::Obl]))
            .find(|c| doc.word(*c).lemma == "say" && doc.word(*c).xpos == Xpos::Vbg)
        {
            // "was quoted as saying X": the subject of the passive is the speaker.
            let content = self.clause_content(saying, cue, &[]);
            let cue_words = cue_words.start..(saying + 1).max(cue_words.end);
            let source = Some(self.source(subject, verb));
            return (!content.is_empty())
                .then(|| self.make(verb, cue_words, source, content, Some(cue), "quoted-as"));
        }
        if words.is_empty()
            && cue.frame != Frame::Any
            && let Some(quoted) = self.quoted_beside(verb, cue)
        {
            let source = agent.map(|a| self.source(a, verb));
            return Some(self.make(verb, cue_words, source, vec![quoted], Some(cue), "quotation"));
        }
        if words.is_empty() && !passive {
            return None;
        }
        if !told.contains(&doc.word(verb).lemma.as_str()) {
            let relative = matches!(doc.word(subject).xpos, Xpos::Wdt | Xpos::Wp);
            if !relative && doc.word(subject).lemma != "it" {
                words.extend(doc.subtree(subject));
            }
        }
        if passive && words.len() <= doc.subtree(subject).len() {
            for d in doc.dependents_by(verb, &[Deprel::Obl, Deprel::Obj]) {
                if !self.sets_scene(d) {
                    words.extend(doc.subtree(d));
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        words.retain(|w| !cue_words.contains(w));
        let content = runs(doc, &words);
        let source = agent.map(|a| self.source(a, verb));
        (!content.is_empty())
            .then(|| self.make(verb, cue_words, source, content, Some(cue), "passive"))
    }

    /// "Tass quoted the envoy as saying …": the one quoted, and the clause of the words.
    fn quotes(&self, verb: WordId) -> Option<(WordId, WordId)> {
        let doc = self.doc;
        if !matches!(doc.word(verb).lemma.as_str(), "quote" | "cite") {
            return None;
        }
        let object = doc.dependents_by(verb, &[Deprel::Obj]).next()?;
        let clause = doc
            .dependents(verb)
            .iter()
            .chain(doc.dependents(object))
            .copied()
            .filter(|d| *d > object && doc.word(*d).upos == Upos::Verb)
            .find(|d| self.listed(CuePos::Verb, *d).is_some())?;
        Some((object, clause))
    }

    /// "X said that A had done it, but noted that …": a second verb of speech that the tree hangs
    /// on the first one's clause, though it stands beside the first.
    fn regrouped(&self, verb: WordId) -> Option<WordId> {
        let doc = self.doc;
        if doc.word(verb).deprel != Deprel::Conj || has(doc, verb, &[Deprel::Nsubj]) {
            return None;
        }
        let clause = doc.word(verb).head?;
        let outer = doc.word(clause).head.filter(|_| doc.word(clause).deprel == Deprel::Ccomp)?;
        let speech = |w| self.listed(CuePos::Verb, w).is_some_and(|c| c.frame == Frame::Speech);
        let told = doc
            .dependents_by(clause, &[Deprel::Aux, Deprel::Cop])
            .chain([clause])
            .any(|w| matches!(doc.word(w).xpos, Xpos::Vbd));
        // Many a past tense looks like a participle.
        let tense = |w| match doc.word(w).xpos {
            Xpos::Vbn if self.finite(w) => Xpos::Vbd,
            tag => tag,
        };
        let same = tense(verb) == tense(outer);
        let clausal = has(doc, verb, &[Deprel::Ccomp]);
        let perfect = doc.word(clause).xpos == Xpos::Vbn;
        (same && clausal && speech(verb) && speech(outer) && (!told || perfect)).then_some(outer)
    }

    /// The word that heads the subject: its own, or one shared with the verb it hangs on.
    fn subject(&self, verb: WordId, depth: usize) -> Option<WordId> {
        let doc = self.doc;
        let own = [Deprel::Nsubj, Deprel::NsubjPass, Deprel::NsubjOuter, Deprel::Csubj];
        if let Some(subject) = doc.dependents_by(verb, &own).min_by_key(|s| s.abs_diff(verb)) {
            return Some(subject);
        }
        if let Some(subject) = self.lost_subject(verb) {
            return Some(subject);
        }
        if depth >= DEPTH {
            return None;
        }
        let head = doc.word(verb).head?;
        if let Some((quoted, clause)) = self.quotes(head)
            && clause == verb
        {
            return Some(quoted);
        }
        if let Some(outer) = self.regrouped(verb) {
            return self.subject(outer, depth + 1);
        }
        let finite = self.finite(verb);
        match doc.word(verb).deprel {
            Deprel::Advcl if finite => None,
            Deprel::Conj | Deprel::Advcl => self.subject(head, depth + 1),
            Deprel::Xcomp | Deprel::Ccomp => {
                let object = doc.dependents_by(head, &[Deprel::Obj, Deprel::Iobj]).next();
                object
                    .filter(|_| doc.word(head).lemma != "promise")
                    .or_else(|| self.subject(head, depth + 1))
            }
            Deprel::Acl | Deprel::AclRelcl => {
                let bearer = matches!(doc.word(head).upos, Upos::Noun | Upos::Propn | Upos::Pron);
                (bearer && doc.word(verb).xpos != Xpos::Vbn).then(|| {
                    // "issued a statement saying": whoever issued it speaks.
                    let issuer = doc.word(head).head.filter(|g| {
                        doc.word(head).deprel == Deprel::Obj && doc.word(*g).upos == Upos::Verb
                    });
                    issuer
                        .filter(|_| self.listed(CuePos::Noun, head).is_some())
                        .and_then(|g| self.subject(g, depth + 1))
                        .unwrap_or(head)
                })
            }
            _ => None,
        }
    }

    /// "We have waited, the mayor said": a second subject, between the words and the verb that tells
    /// them, is the teller's.
    fn lost_subject(&self, verb: WordId) -> Option<WordId> {
        let doc = self.doc;
        let told = doc.dependents_by(verb, &[Deprel::Ccomp]).find(|c| *c < verb)?;
        let mut subjects = doc.dependents_by(told, &[Deprel::Nsubj]);
        let first = subjects.next().filter(|s| *s < told)?;
        subjects.find(|s| *s > told && *s > first && *s < verb)
    }

    /// The words that name the source: the noun phrase around `head`, without what the cue
    /// governs.
    pub(super) fn source(&self, head: WordId, cue: WordId) -> Source {
        let doc = self.doc;
        let mut words = doc.subtree(head);
        if words.binary_search(&cue).is_ok() {
            let mut below = cue;
            for up in doc.ancestors(cue) {
                if up == head {
                    break;
                }
                below = up;
            }
            let inner = doc.subtree(below);
            words.retain(|w| inner.binary_search(w).is_err());
        }
        let case: Vec<WordId> = doc.dependents_by(head, &[Deprel::Case]).collect();
        words.retain(|w| {
            let word = doc.word(*w);
            let marks_case = case.contains(w) && word.upos != Upos::Part && word.xpos != Xpos::Pos
                || word.head.is_some_and(|h| case.contains(&h)) && word.deprel == Deprel::Fixed;
            !marks_case
        });
        let position = words.iter().position(|w| *w == head).unwrap_or(0);
        let mut start = position;
        let mut end = position + 1;
        while start > 0 && words[start - 1] + 1 == words[start] {
            start -= 1;
        }
        while end < words.len() && words[end - 1] + 1 == words[end] {
            end += 1;
        }
        let run = words.get(start).copied().unwrap_or(head)
            ..words.get(end - 1).map_or(head + 1, |w| w + 1);
        let span = trimmed(doc, run).unwrap_or(doc.word(head).span);
        Source { head, span }
    }

    /// The cue with the auxiliaries, negations and adverbs that stand right before it, and its
    /// particle.
    fn cue_words(&self, head: WordId) -> Range<WordId> {
        let doc = self.doc;
        let first = doc.sentences[doc.word(head).sentence as usize].words.start;
        let mut start = head;
        while start > first {
            let before = doc.word(start - 1);
            let own = before.head == Some(head)
                && matches!(
                    before.deprel,
                    Deprel::Aux | Deprel::AuxPass | Deprel::Cop | Deprel::Advmod | Deprel::Mark
                )
                && matches!(before.upos, Upos::Aux | Upos::Part | Upos::Adv)
                && !matches!(before.xpos, Xpos::Wrb);
            if !own {
                break;
            }
            start -= 1;
        }
        let mut end = head + 1;
        while (end as usize) < doc.words.len()
            && doc.word(end).head == Some(head)
            && doc.word(end).deprel == Deprel::CompoundPrt
        {
            end += 1;
        }
        start..end
    }

    /// What the verb governs beside its content: adjuncts of time and manner, the addressee.
    fn asides(&self, verb: WordId) -> Vec<WordId> {
        let doc = self.doc;
        let mut words = vec![verb];
        for d in doc.dependents(verb) {
            let aside = match doc.word(*d).deprel {
                Deprel::Obl
                | Deprel::OblUnmarked
                | Deprel::OblAgent
                | Deprel::Advmod
                | Deprel::Iobj
                | Deprel::Aux
                | Deprel::AuxPass
                | Deprel::Mark
                | Deprel::CompoundPrt => true,
                Deprel::Obj => doc.word(verb).lemma == "tell",
                _ => false,
            };
            if aside {
                words.extend(doc.subtree(*d));
            }
        }
        words
    }

    fn clause_content(&self, verb: WordId, cue: Cue, holes: &[WordId]) -> Vec<Span> {
        let doc = self.doc;
        let mut words = Vec::new();
        let object = doc.dependents_by(verb, &[Deprel::Obj]).next();
        for &d in doc.dependents(verb) {
            match doc.word(d).deprel {
                Deprel::Ccomp | Deprel::Csubj => {
                    words.extend(doc.subtree(d));
                    for beside in doc.dependents_by(d, &[Deprel::Conj]) {
                        if self.regrouped(beside) == Some(verb) {
                            let other = doc.subtree(beside);
                            words.retain(|w| other.binary_search(w).is_err());
                        }
                    }
                }
                // "said that … and that …"
                Deprel::Conj if d > verb && !words.is_empty() && self.reports(d) => {
                    words.extend(doc.subtree(d));
                }
                Deprel::Xcomp => {
                    words.extend(doc.subtree(d));
                    // "urged the sides to talk": the object is the subject of what is asked.
                    if let Some(object) = object
                        && doc.word(verb).lemma != "tell"
                    {
                        words.extend(doc.subtree(object));
                    }
                }
                Deprel::Parataxis
                    if cue.frame == Frame::Speech && !self.attributes(d) && !self.only_aside(d) =>
                {
                    words.extend(doc.subtree(d));
                }
                _ => {}
            }
        }
        let behind = match doc.word(verb).deprel {
            Deprel::Parataxis => cue.frame == Frame::Speech,
            // "as X put it"
            Deprel::Advcl => doc
                .dependents_by(verb, &[Deprel::Mark, Deprel::Advmod])
                .any(|m| doc.word(m).lemma == "as"),
            _ => false,
        };
        if words.is_empty()
            && behind
            && let Some(head) = doc.word(verb).head
        {
            let inner = doc.subtree(verb);
            words = doc.subtree(head);
            words.retain(|w| inner.binary_search(w).is_err());
        }
        words.sort_unstable();
        words.dedup();
        words.retain(|w| !holes.contains(w));
        runs(doc, &words)
    }

    /// Whether a clause opens with "that" or "whether".
    fn reports(&self, clause: WordId) -> bool {
        self.doc
            .dependents_by(clause, &[Deprel::Mark])
            .any(|m| matches!(self.doc.word(m).lemma.as_str(), "that" | "whether"))
    }

    /// A parataxis that only comments ("you know", a bracketed remark) and holds no clause.
    fn only_aside(&self, word: WordId) -> bool {
        self.doc.subtree(word).len() < 2
    }

    /// Whether the word is itself a cue of speech with a subject ("…, he said").
    fn attributes(&self, word: WordId) -> bool {
        let doc = self.doc;
        doc.word(word).upos == Upos::Verb
            && self.cue(CuePos::Verb, word).frame == Frame::Speech
            && has(doc, word, &[Deprel::Nsubj])
            && !has(doc, word, &[Deprel::Ccomp, Deprel::Xcomp])
    }

    /// The quotation of the sentence that stands nearest to the cue.
    fn quoted_beside(&self, verb: WordId, cue: Cue) -> Option<Span> {
        let doc = self.doc;
        let sentence = doc.sentences[doc.word(verb).sentence as usize].span;
        let at = doc.word(verb).span;
        let first = self.quotations.partition_point(|q| q.span.end <= sentence.start);
        self.quotations[first..]
            .iter()
            .take_while(|q| q.span.start < sentence.end)
            .filter(|q| !q.span.contains(at))
            .filter_map(|q| {
                let here = Span {
                    start: q.span.start.max(sentence.start),
                    end: q.span.end.min(sentence.end),
                };
                let between = if here.end <= at.start {
                    Span { start: here.end, end: at.start }
                } else {
                    Span { start: at.end, end: here.start }
                };
                let apart = doc.words_in(between).len();
                let reach = if cue.frame == Frame::Speech { 12 } else { 4 };
                (apart <= reach).then_some((apart, here))
            })
            .min()
            .map(|(_, here)| here)
    }

    /// "…, X said on Friday.": all that stands before the last comma ahead of subject and verb.
    fn words_before(&self, verb: WordId, subject: Option<WordId>) -> Option<Span> {
        let doc = self.doc;
        let sentence = doc.sentences[doc.word(verb).sentence as usize].words.clone();
        let subject = subject.filter(|s| doc.word(*s).head == Some(verb))?;
        let tail: Vec<WordId> = doc.subtree(subject);
        let start = tail.first().copied().unwrap_or(subject).min(verb);
        let comma = (sentence.start..start).next_back()?;
        if doc.surface(comma) != "," || comma - sentence.start < 3 {
            return None;
        }
        let rest = (verb + 1..sentence.end)
            .filter(|w| !tail.contains(w) && doc.word(*w).upos == Upos::Verb)
            .count();
        if rest > 0 {
            return None;
        }
        trimmed(doc, sentence.start..comma)
    }

    /// "…, saying X": what follows a verb of speech whose clause the tree has lost.
    fn words_after(&self, verb: WordId) -> Option<Span> {
        let doc = self.doc;
        let end = doc.sentences[doc.word(verb).sentence as usize].words.end;
        let governed = [Deprel::Obj, Deprel::Obl, Deprel::Iobj, Deprel::Xcomp, Deprel::Advmod];
        if has(doc, verb, &governed) {
            return None;
        }
        let next = verb + 1;
        let runs_on = next < end && doc.word(next).upos != Upos::Punct;
        let clause = (next..end)
            .any(|w| matches!(doc.word(w).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md));
        (runs_on && clause).then(|| trimmed(doc, next..end)).flatten()
    }

    /// A finite verb has a subject of its own, whether the tree shows it or not. Taggers take
    /// many a past tense for a participle.
    fn finite(&self, verb: WordId) -> bool {
        match self.doc.word(verb).xpos {
            Xpos::Vbd | Xpos::Vbz | Xpos::Vbp => true,
            Xpos::Vbn => !has(self.doc, verb, &[Deprel::Aux, Deprel::AuxPass]),
            _ => false,
        }
    }

    /// The actor named right before a finite verb that the tree gives no subject.
    fn named_before(&self, verb: WordId) -> Option<Source> {
        let doc = self.doc;
        if !self.finite(verb) {
            return None;
        }
        let mentions = &self.mentions.actor_mentions;
        let after = mentions.partition_point(|m| m.words.start < verb);
        let near = mentions[after.saturating_sub(6)..after]
            .iter()
            .filter(|m| m.words.end <= verb && verb - m.words.end <= 1)
            .filter(|m| doc.word(m.head).sentence == doc.word(verb).sentence)
            .max_by_key(|m| m.span.len())?;
        Some(Source { head: near.head, span: near.span })
    }

    /// The objects of a verb that takes things for its content ("condemned the raid on X").
    fn object_content(&self, verb: WordId, cue: &mut Range<WordId>) -> Vec<Span> {
        let doc = self.doc;
        let mut words = Vec::new();
        for &d in doc.dependents(verb) {
            if d < verb {
                continue;
            }
            match doc.word(d).deprel {
                Deprel::Obj | Deprel::Xcomp | Deprel::Ccomp | Deprel::Iobj => {
                    words.extend(doc.subtree(d));
                }
                // "accused them of hiding it"
                Deprel::Advcl
                    if doc
                        .dependents_by(d, &[Deprel::Mark, Deprel::Case])
                        .any(|m| matches!(doc.surface(m), "of" | "for" | "from" | "against")) =>
                {
                    words.extend(self.gerund_clause(d));
                }
                Deprel::Obl if !self.sets_scene(d) => {
                    let mut phrase = doc.subtree(d);
                    if words.is_empty() && phrase.first() == Some(&cue.end) {
                        // "called for talks": the preposition belongs to the cue.
                        while let Some(first) = phrase.first()
                            && doc.word(*first).deprel == Deprel::Case
                        {
                            cue.end = first + 1;
                            phrase.remove(0);
                        }
                    }
                    words.extend(phrase);
                }
                _ => {}
            }
        }
        words.sort_unstable();
        words.dedup();
        runs(doc, &words)
    }

    /// The words of a gerund's clause. "accused them of hiding it and left", "accused them of hiding
    /// it, with the mayor nodding": a finite verb beside it and an aside with a subject of its own
    /// go on with the sentence, whatever the tree says.
    fn gerund_clause(&self, gerund: WordId) -> Vec<WordId> {
        let doc = self.doc;
        let mut words = doc.subtree(gerund);
        if doc.word(gerund).xpos != Xpos::Vbg || has(doc, gerund, &[Deprel::Aux]) {
            return words;
        }
        for &d in doc.dependents(gerund) {
            let word = doc.word(d);
            let goes_on = match word.deprel {
                Deprel::Conj => matches!(word.xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp),
                Deprel::Advcl => {
                    has(doc, d, &[Deprel::Nsubj])
                        && doc
                            .dependents_by(d, &[Deprel::Mark])
                            .any(|m| doc.word(m).lemma == "with" && doc.surface(m - 1) == ",")
                }
                _ => false,
            };
            if goes_on {
                let other = doc.subtree(d);
                words.retain(|w| other.binary_search(w).is_err());
            }
        }
        words
    }

    /// "attacked positions near the river" strikes what has a place, and condemns nothing.
    fn strikes(&self, verb: WordId) -> bool {
        let (doc, acts) = (self.doc, &self.lexicons.acts);
        let lemma = |w| doc.word(w).lemma.as_str();
        let violent = acts
            .rules(ActPos::Verb, lemma(verb))
            .any(|r| r.needs.is_empty() && r.kind == Some(EventType::Assault));
        let struck = |o: WordId| {
            ["occupiable", "territory", "buildings", "troops", "ships"]
                .iter()
                .any(|class| acts.in_class(lemma(o), class))
        };
        violent && doc.dependents_by(verb, &[Deprel::Obj]).any(struck)
    }

    /// "the leaders will discuss trade": what is still to be said is no statement yet.
    fn is_to_come(&self, verb: WordId) -> bool {
        let doc = self.doc;
        let modal =
            |w: WordId| matches!(doc.word(w).lemma.as_str(), "will" | "would" | "shall" | "'ll");
        let purpose = doc.word(verb).deprel == Deprel::Advcl
            && doc.dependents_by(verb, &[Deprel::Mark]).any(|m| doc.word(m).lemma == "to");
        let above = doc.word(verb).head.filter(|_| purpose);
        [Some(verb), above]
            .into_iter()
            .flatten()
            .any(|v| doc.dependents_by(v, &[Deprel::Aux]).any(modal))
    }

    /// An adjunct of time, place or manner, and no part of what is said.
    fn sets_scene(&self, word: WordId) -> bool {
        let doc = self.doc;
        let case = doc.dependents_by(word, &[Deprel::Case]).next();
        let Some(case) = case else { return true };
        !matches!(
            doc.word(case).lemma.as_str(),
            "of" | "for" | "as" | "to" | "against" | "about" | "with" | "over" | "from" | "into"
        )
    }

    fn ends_in_colon(&self, verb: WordId) -> bool {
        let doc = self.doc;
        let words = doc.sentences[doc.word(verb).sentence as usize].words.clone();
        words.clone().next_back().is_some_and(|w| w > verb && doc.surface(w) == ":")
    }

    // ---- nouns, adjectives, phrases --------------------------------------------------------

    /// "X's claim that …", "criticism of Y by X", "a promise to …".
    fn noun(&self, noun: WordId, cue: Cue) -> Option<Attribution> {
        let doc = self.doc;
        let mut cue_words = noun..noun + 1;
        let mut words = Vec::new();
        for d in doc.dependents_by(noun, &[Deprel::Acl, Deprel::Ccomp]) {
            let said = doc
                .dependents_by(d, &[Deprel::Mark])
                .any(|m| matches!(doc.word(m).lemma.as_str(), "that" | "to" | "whether"));
            if d > noun && said && doc.word(d).xpos != Xpos::Vbg {
                words.extend(doc.subtree(d));
            }
        }
        let owner = doc.dependents_by(noun, &[Deprel::NmodPoss]).next();
        let author = doc
            .dependents_by(noun, &[Deprel::Nmod])
            .find(|d| self.case(*d).is_some_and(|c| c == "by" || c == "from"));
        let light = doc
            .word(noun)
            .head
            .filter(|g| doc.word(noun).deprel == Deprel::Obj && doc.word(*g).upos == Upos::Verb);
        if words.is_empty() && (owner.is_some() || author.is_some()) {
            let object = doc.dependents_by(noun, &[Deprel::Nmod]).find(|d| {
                self.case(*d).is_some_and(|c| {
                    matches!(c, "of" | "for" | "to" | "against" | "about" | "on" | "over")
                })
            })?;
            words = doc.subtree(object);
            while let Some(first) = words.first()
                && doc.word(*first).deprel == Deprel::Case
                && *first == cue_words.end
            {
                cue_words.end += 1;
                words.remove(0);
            }
        }
        if words.is_empty() {
            return None;
        }
        let source = match (owner, author, light) {
            (Some(owner), ..) => Some(self.source(owner, noun)),
            (None, Some(author), _) => Some(self.source(author, noun)),
            (None, None, Some(verb)) => {
                if verb < noun && noun - verb <= 4 {
                    cue_words.start = self.cue_words(verb).start;
                }
                self.subject(verb, 0).map(|s| self.source(s, verb))
            }
            _ => None,
        };
        let content = runs(doc, &words);
        (!content.is_empty())
            .then(|| self.make(noun, cue_words, source, content, Some(cue), "noun"))
    }

    /// "X is confident that …", "X is critical of Y".
    fn adjective(&self, adjective: WordId, cue: Cue) -> Option<Attribution> {
        let doc = self.doc;
        doc.dependents_by(adjective, &[Deprel::Cop]).next()?;
        let subject = self.subject(adjective, 0)?;
        let mut cue_words = self.cue_words(adjective);
        let mut words = Vec::new();
        for d in doc.dependents(adjective) {
            let clause =
                matches!(doc.word(*d).deprel, Deprel::Ccomp | Deprel::Xcomp | Deprel::Csubj);
            if *d > adjective && clause {
                words.extend(doc.subtree(*d));
            }
        }
        if cue.stance == Stance::Seems {
            if words.is_empty() {
                return None;
            }
            words.splice(0..0, doc.subtree(subject));
            let content = runs(doc, &words);
            return Some(self.make(adjective, cue_words, None, content, Some(cue), "adjective"));
        }
        if words.is_empty() {
            let object = doc
                .dependents_by(adjective, &[Deprel::Obl])
                .find(|d| *d > adjective && !self.sets_scene(*d))?;
            words = doc.subtree(object);
            while let Some(first) = words.first()
                && doc.word(*first).deprel == Deprel::Case
                && *first == cue_words.end
            {
                cue_words.end += 1;
                words.remove(0);
            }
        }
        let content = runs(doc, &words);
        let source = Some(self.source(subject, adjective));
        (!content.is_empty())
            .then(|| self.make(adjective, cue_words, source, content, Some(cue), "adjective"))
    }

    fn case(&self, word: WordId) -> Option<&str> {
        let case = self.doc.dependents_by(word, &[Deprel::Case]).next()?;
        Some(self.doc.word(case).lemma.as_str())
    }
}

pub(super) fn has(doc: &Doc<'_>, word: WordId, relations: &[Deprel]) -> bool {
    doc.dependents(word).iter().any(|d| relations.contains(&doc.word(*d).deprel))
}
