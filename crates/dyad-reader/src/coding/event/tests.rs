//! Acts over hand-made trees: the coder alone, whatever the parser of the day makes of a sentence.

use super::*;
use crate::doc::{Sentence, Word, Xpos};
use crate::mention::{Actor, ActorMention};
use crate::report::Report;
use dyad_record::How;

/// One word a line: surface, lemma, UPOS, XPOS, head (from 1, 0 for the root), relation.
/// Capitalised names of `actors` become actors: surface, kind, country, sector.
struct Case {
    report: Report,
    words: Vec<Word>,
    mentions: Mentions,
}

impl Case {
    fn new(tree: &str, actors: &[(&str, ActorKind, &str, Sector)]) -> Self {
        let mut report = Report::default();
        let mut words = Vec::new();
        let mut mentions = Mentions::default();
        for (name, kind, country, sector) in actors {
            mentions.actors.push(Actor {
                name: (*name).to_owned(),
                kind: *kind,
                country: Some((*country).into()),
                organisation: None,
                sector: *sector,
                code: format!("{country} {}", sector.as_str()),
                role: None,
            });
        }
        for (i, line) in tree.trim().lines().enumerate() {
            let cells: Vec<&str> = line.split_whitespace().collect();
            if i > 0 {
                report.text.push(' ');
            }
            let start = report.text.len();
            report.text.push_str(cells[0]);
            let span = Span::new(start, report.text.len());
            let head: u32 = cells[4].parse().unwrap();
            words.push(Word {
                span,
                lemma: cells[1].into(),
                upos: Upos::from_tag(cells[2]),
                xpos: Xpos::from_tag(cells[3]),
                head: head.checked_sub(1),
                deprel: Deprel::from_tag(cells[5]),
                sentence: 0,
            });
            if let Some(actor) = actors.iter().position(|(name, ..)| *name == cells[0]) {
                mentions.actor_mentions.push(ActorMention {
                    actor: ActorId(actor as u32),
                    span,
                    words: i as u32..i as u32 + 1,
                    head: i as u32,
                    how: How::Name,
                });
            }
        }
        Case { report, words, mentions }
    }

    fn events(&self) -> Vec<String> {
        self.events_told(&[])
    }

    fn events_told(&self, statements: &[Statement]) -> Vec<String> {
        let name = |a: &ActorId| self.mentions.actor(*a).name.clone();
        let names = |ids: &[ActorId]| ids.iter().map(name).collect::<Vec<_>>().join("+");
        self.found(statements)
            .iter()
            .map(|e| {
                let joint = if e.mutual { " jointly" } else { "" };
                let (actors, recipients) = (names(&e.actors), names(&e.recipients));
                format!("{} {} {actors} > {recipients}{joint}", e.kind, e.status)
            })
            .collect()
    }

    fn found(&self, statements: &[Statement]) -> Vec<Event> {
        let sentence = Sentence {
            span: Span::new(0, self.report.text.len()),
            words: 0..self.words.len() as u32,
            paragraph: 0,
            damaged: false,
        };
        let doc = Doc::new(&self.report, vec![sentence], self.words.clone(), Vec::new());
        let lexicons = Lexicons::builtin().unwrap();
        find(&doc, &self.mentions, statements, &lexicons, &Models::builtin())
    }
}

const STATE: ActorKind = ActorKind::State;
const NORWAY: (&str, ActorKind, &str, Sector) = ("Norway", STATE, "NOR", Sector::Gov);
const NORWEGIAN: (&str, ActorKind, &str, Sector) = ("Norwegian", STATE, "NOR", Sector::Gov);
const ICELAND: (&str, ActorKind, &str, Sector) = ("Iceland", STATE, "ISL", Sector::Gov);

#[test]
fn active_and_passive() {
    let active = "
        Norway Norway PROPN NNP 2 nsubj
        condemned condemn VERB VBD 0 root
        Iceland Iceland PROPN NNP 2 obj";
    assert_eq!(
        Case::new(active, &[NORWAY, ICELAND]).events(),
        ["ACCUSE happened Norway > Iceland"]
    );
    let passive = "
        Iceland Iceland PROPN NNP 3 nsubj:pass
        was be AUX VBD 3 aux:pass
        condemned condemn VERB VBN 0 root
        by by ADP IN 5 case
        Norway Norway PROPN NNP 3 obl:agent";
    assert_eq!(
        Case::new(passive, &[NORWAY, ICELAND]).events(),
        ["ACCUSE happened Norway > Iceland"]
    );
}

#[test]
fn what_an_attack_uses_are_its_weapons() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        attacked attack VERB VBD 0 root
        Iceland Iceland PROPN NNP 2 obj
        using use VERB VBG 2 advcl
        drones drone NOUN NNS 4 obj
        and and CCONJ CC 7 cc
        tanks tank NOUN NNS 5 conj";
    let case = Case::new(tree, &[NORWAY, ICELAND]);
    let weapons: Vec<String> =
        case.found(&[])[0].instruments.iter().map(|w| w.of(&case.report.text).to_owned()).collect();
    assert_eq!(weapons.len(), 2, "{weapons:?}");
    assert!(weapons[0].starts_with("drones") && weapons[1] == "tanks", "{weapons:?}");
}

#[test]
fn a_refusal_is_not_the_deed() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        refused refuse VERB VBD 0 root
        to to PART TO 4 mark
        condemn condemn VERB VB 2 xcomp
        Iceland Iceland PROPN NNP 4 obj";
    assert_eq!(Case::new(tree, &[NORWAY, ICELAND]).events(), ["ACCUSE refused Norway > Iceland"]);
}

#[test]
fn a_light_verb_lends_the_noun_its_clause() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        launched launch VERB VBD 0 root
        an a DET DT 4 det
        attack attack NOUN NN 2 obj
        on on ADP IN 6 case
        Iceland Iceland PROPN NNP 4 nmod";
    assert_eq!(Case::new(tree, &[NORWAY, ICELAND]).events(), ["ASSAULT happened Norway > Iceland"]);
}

#[test]
fn a_nominal_act_has_its_sides_beside_it() {
    let tree = "
        The the DET DT 3 det
        Norwegian Norwegian ADJ JJ 3 amod
        invasion invasion NOUN NN 6 nsubj
        of of ADP IN 5 case
        Iceland Iceland PROPN NNP 3 nmod
        failed fail VERB VBD 0 root";
    let events = Case::new(tree, &[NORWEGIAN, ICELAND]).events();
    assert_eq!(events, ["ASSAULT happened Norwegian > Iceland"]);
}

#[test]
fn an_agreement_to_lift_sanctions_is_no_sanction() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        agreed agree VERB VBD 0 root
        to to PART TO 4 mark
        lift lift VERB VB 2 xcomp
        sanctions sanction NOUN NNS 4 obj
        on on ADP IN 7 case
        Iceland Iceland PROPN NNP 5 nmod";
    let events = Case::new(tree, &[NORWAY, ICELAND]).events();
    assert_eq!(events, ["AGREE happened Norway > Iceland", "RETREAT planned Norway > Iceland"]);
}

#[test]
fn a_meeting_is_joint() {
    let tree = "
        Norway Norway PROPN NNP 4 nsubj
        and and CCONJ CC 3 cc
        Iceland Iceland PROPN NNP 1 conj
        met meet VERB VBD 0 root";
    let events = Case::new(tree, &[NORWAY, ICELAND]).events();
    assert_eq!(events, ["CONSULT happened Norway+Iceland >  jointly"]);
}

#[test]
fn negation_future_and_hearsay() {
    let clause = |aux: &str| {
        format!(
            "Norway Norway PROPN NNP 3 nsubj
             {aux}
             attack attack VERB VB 0 root
             Iceland Iceland PROPN NNP 3 obj"
        )
    };
    let status = |aux: &str| Case::new(&clause(aux), &[NORWAY, ICELAND]).events().join("");
    assert_eq!(status("will will AUX MD 3 aux"), "ASSAULT planned Norway > Iceland");
    assert_eq!(status("may may AUX MD 3 aux"), "ASSAULT supposed Norway > Iceland");
    assert_eq!(status("never never ADV RB 3 advmod"), "ASSAULT denied Norway > Iceland");
}

#[test]
fn a_reported_must_is_a_demand() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        said say VERB VBD 0 root
        Iceland Iceland PROPN NNP 5 nsubj
        must must AUX MD 5 aux
        withdraw withdraw VERB VB 2 ccomp
        its its PRON PRP$ 7 nmod:poss
        ships ship NOUN NNS 5 obj";
    let events = Case::new(tree, &[NORWAY, ICELAND]).events();
    assert_eq!(events[0], "REQUEST happened Norway > Iceland");
}

#[test]
fn who_meets_a_thing_meets_nobody() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        met meet VERB VBD 0 root
        Iceland Iceland PROPN NNP 5 nmod:poss
        's 's PART POS 3 case
        plan plan NOUN NN 2 obj";
    let events = Case::new(tree, &[NORWAY, ICELAND]).events();
    assert!(events.iter().all(|e| !e.contains("Iceland")), "{events:?}");
}

#[test]
fn later_verbs_share_their_recipient() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        imposed impose VERB VBD 0 root
        sanctions sanction NOUN NNS 2 obj
        and and CCONJ CC 5 cc
        distanced distance VERB VBD 2 conj
        itself itself PRON PRP 5 obj
        from from ADP IN 8 case
        Iceland Iceland PROPN NNP 5 obl";
    let events = Case::new(tree, &[NORWAY, ICELAND]).events();
    assert_eq!(events[0], "SANCTION happened Norway > Iceland");
}

#[test]
fn a_summary_after_a_date_is_no_object() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        attacked attack VERB VBD 0 root
        on on ADP IN 4 case
        Monday Monday PROPN NNP 2 obl
        , , PUNCT , 7 punct
        a a DET DT 7 det
        setback setback NOUN NN 2 obj
        for for ADP IN 9 case
        Iceland Iceland PROPN NNP 7 nmod";
    let events = Case::new(tree, &[NORWAY, ICELAND]).events();
    assert!(events.iter().all(|e| !e.contains("Iceland")), "{events:?}");
}

#[test]
fn a_bare_attack_struck_whoever_felt_it() {
    let tree = "
        Iceland Iceland PROPN NNP 2 nsubj
        recovered recover VERB VBD 0 root
        after after ADP IN 6 case
        the the DET DT 6 det
        Norwegian Norwegian ADJ JJ 6 amod
        attack attack NOUN NN 2 obl";
    let events = Case::new(tree, &[NORWEGIAN, ICELAND]).events();
    assert_eq!(events, ["ASSAULT happened Norwegian > Iceland"]);
}

#[test]
fn whoever_tells_of_fallen_drones_has_downed_them() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        said say VERB VBD 0 root
        drones drone NOUN NNS 5 nsubj:pass
        were be AUX VBD 5 aux:pass
        intercepted intercept VERB VBN 2 ccomp";
    let case = Case::new(tree, &[NORWAY]);
    let statement = Statement {
        speaker: Some(ActorId(0)),
        source: Some(Span::new(0, 6)),
        stance: Some(dyad_record::Stance::Says),
        through: Vec::new(),
        addressee: None,
        cue: None,
        content: vec![Span::new(12, case.report.text.len())],
        form: dyad_record::Form::Reported,
        time: None,
        provenance: Provenance::default(),
    };
    assert_eq!(case.events_told(&[statement]), ["ASSAULT happened Norway > "]);
}

#[test]
fn help_needs_a_helper_unless_it_is_received() {
    let active = "
        Everything everything PRON NN 2 nsubj
        helps help VERB VBZ 0 root
        Iceland Iceland PROPN NNP 2 obj";
    assert!(Case::new(active, &[ICELAND]).events().is_empty());
}

#[test]
fn who_speaks_at_a_meeting_took_part() {
    let tree = "
        Norway Norway PROPN NNP 2 nsubj
        spoke speak VERB VBD 0 root
        at at ADP IN 5 case
        a a DET DT 5 det
        meeting meeting NOUN NN 2 obl
        with with ADP IN 7 case
        Iceland Iceland PROPN NNP 5 nmod";
    let events = Case::new(tree, &[NORWAY, ICELAND]).events();
    assert_eq!(events, ["CONSULT happened Norway+Iceland >  jointly"]);
}

#[test]
fn no_side_no_event() {
    let tree = "
        Striker striker NOUN NN 2 nsubj
        attacked attack VERB VBD 0 root
        goal goal NOUN NN 2 obj";
    assert!(Case::new(tree, &[]).events().is_empty());
}

#[test]
fn odd_trees_are_read_without_complaint() {
    assert!(Case::new("attack attack VERB VB 0 root", &[]).events().is_empty());
    let chain: String = (0..40).map(|i| format!("refused refuse VERB VB {} xcomp\n", i)).collect();
    Case::new(&chain, &[]).events();
}

#[test]
fn what_is_left_out_leaves_the_others_their_numbers() {
    let both = "
        Norway Norway PROPN NNP 2 nsubj
        condemned condemn VERB VBD 0 root
        Iceland Iceland PROPN NNP 2 obj
        and and CCONJ CC 5 cc
        attacked attack VERB VBD 2 conj
        Iceland Iceland PROPN NNP 5 obj";
    let mut events = Case::new(both, &[NORWAY, ICELAND]).found(&[]);
    assert_eq!(events.len(), 2, "{events:?}");
    events.push(events[1].clone());
    events[2].provenance.from = vec![Finding::Event(0), Finding::Event(1), Finding::Actor(7)];
    keep_only(&mut events, |event| event.kind == EventType::Assault);
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].provenance.from, [Finding::Event(0), Finding::Actor(7)]);
}

#[test]
fn each_other_makes_an_act_joint() {
    let tree = "
        Norway Norway PROPN NNP 4 nsubj
        and and CCONJ CC 3 cc
        Iceland Iceland PROPN NNP 1 conj
        condemned condemn VERB VBD 0 root
        each each DET DT 6 det
        other other ADJ JJ 4 obj";
    let events = Case::new(tree, &[NORWAY, ICELAND]).events();
    assert_eq!(events, ["ACCUSE happened Norway+Iceland >  jointly"]);
}

#[test]
fn what_a_purpose_says_is_said() {
    let wrote = |purpose: &str| {
        format!(
            "
            Norway Norway PROPN NNP 2 nsubj
            wrote write VERB VBD 0 root
            to to PART TO 4 mark
            {purpose} {purpose} VERB VB 2 advcl
            Iceland Iceland PROPN NNP 4 obj"
        )
    };
    let events = |tree: &str| Case::new(tree, &[NORWAY, ICELAND]).events();
    assert_eq!(events(&wrote("thank")), ["SUPPORT happened Norway > Iceland"]);
    assert_eq!(events(&wrote("attack")), ["ASSAULT planned Norway > Iceland"]);
}

#[test]
fn what_somebody_is_accused_of_is_his_and_is_supposed() {
    for relation in ["ccomp", "advcl"] {
        let tree = format!(
            "
            Norway Norway PROPN NNP 2 nsubj
            accused accuse VERB VBD 0 root
            Iceland Iceland PROPN NNP 2 obj
            of of SCONJ IN 5 mark
            bombing bomb VERB VBG 2 {relation}
            Denmark Denmark PROPN NNP 5 obj"
        );
        let denmark = ("Denmark", STATE, "DNK", Sector::Gov);
        let events = Case::new(&tree, &[NORWAY, ICELAND, denmark]).events();
        let told = ["ACCUSE happened Norway > Iceland", "ASSAULT supposed Iceland > Denmark"];
        assert_eq!(events, told, "{relation}");
    }
}
