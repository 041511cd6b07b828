use super::*;
use crate::coding::tree;
use crate::doc::Ear;

/// `source | cue | content / content` of every statement.
fn said(text: &str) -> Vec<String> {
    let lexicons = Lexicons::builtin().unwrap();
    tree::with(text, |doc, mentions| {
        let text = &doc.report.text;
        let of = |s: Option<Span>| s.map_or("-", |s| s.of(text));
        find(doc, mentions, &lexicons)
            .iter()
            .map(|s| {
                let content: Vec<&str> = s.content.iter().map(|c| c.of(text)).collect();
                format!("{} | {} | {}", of(s.source), of(s.cue), content.join(" / "))
            })
            .collect()
    })
}

fn forms(text: &str) -> Vec<(Form, Option<Stance>)> {
    let lexicons = Lexicons::builtin().unwrap();
    tree::with(text, |doc, mentions| {
        find(doc, mentions, &lexicons).iter().map(|s| (s.form, s.stance)).collect()
    })
}

const REPORTED: &str = "
    The the DET DT 2 det
    minister minister NOUN NN 5 nsubj
    has have AUX VBZ 5 aux
    also also ADV RB 5 advmod
    said say VERB VBN 0 root
    on on ADP IN 7 case
    Monday Monday PROPN NNP 5 obl
    that that SCONJ IN 12 mark
    the the DET DT 10 det
    port port NOUN NN 12 nsubj
    would would AUX MD 12 aux
    open open VERB VB 5 ccomp
    . . PUNCT . 5 punct";

#[test]
fn reported_speech_leaves_out_when_it_was_said() {
    assert_eq!(said(REPORTED), ["The minister | has also said | that the port would open"]);
    assert_eq!(forms(REPORTED), [(Form::Reported, Some(Stance::Says))]);
}

#[test]
fn a_quotation_runs_on_behind_its_speaker() {
    let tree = "
        “ “ PUNCT `` 4 punct
        Ferries ferry NOUN NNS 4 nsubj
        are be AUX VBP 4 cop
        late late ADJ JJ 8 ccomp
        , , PUNCT , 4 punct
        ” ” PUNCT '' 4 punct
        she she PRON PRP 8 nsubj
        said say VERB VBD 0 root
        . . PUNCT . 8 punct

        “ “ PUNCT `` 5 punct
        Nobody nobody PRON NN 5 nsubj
        has have AUX VBZ 5 aux
        been be AUX VBN 5 aux
        paid pay VERB VBN 0 root
        . . PUNCT . 5 punct
        ” ” PUNCT '' 5 punct";
    assert_eq!(said(tree), ["she | said | “Ferries are late,” / “Nobody has been paid.”"]);
    assert_eq!(forms(tree), [(Form::Quoted, Some(Stance::Says))]);
}

#[test]
fn lost_marks_leave_the_first_person() {
    let tree = "
        We we PRON PRP 3 nsubj
        will will AUX MD 3 aux
        rebuild rebuild VERB VB 0 root
        the the DET DT 5 det
        bridge bridge NOUN NN 3 obj
        . . PUNCT . 3 punct

        It it PRON PRP 3 nsubj
        is be AUX VBZ 3 cop
        ours ours PRON PRP 6 ccomp
        , , PUNCT , 3 punct
        Okoro Okoro PROPN NNP 6 nsubj
        said say VERB VBD 0 root
        . . PUNCT . 6 punct

        Traders trader NOUN NNS 2 nsubj
        carry carry VERB VBP 0 root
        it it PRON PRP 2 obj
        . . PUNCT . 2 punct

        --
        Floods flood NOUN NNS 2 nsubj
        closed close VERB VBD 0 root
        it it PRON PRP 2 obj
        . . PUNCT . 2 punct";
    assert_eq!(
        said(tree),
        ["Okoro | said | We will rebuild the bridge. It is ours / Traders carry it"]
    );
    assert_eq!(forms(tree)[0].0, Form::Free);
}

#[test]
fn according_to_takes_the_sentence() {
    let tree = "
        According accord VERB VBG 4 case
        to to ADP IN 1 fixed
        port port NOUN NN 4 compound
        officials official NOUN NNS 8 obl
        , , PUNCT , 8 punct
        two two NUM CD 7 nummod
        ships ship NOUN NNS 8 nsubj
        sank sink VERB VBD 0 root
        . . PUNCT . 8 punct";
    assert_eq!(said(tree), ["port officials | According to | two ships sank"]);
}

#[test]
fn an_agency_quotes_and_another_speaks() {
    let tree = "
        Anadolu Anadolu PROPN NNP 2 nsubj
        quoted quote VERB VBD 0 root
        the the DET DT 4 det
        envoy envoy NOUN NN 2 obj
        as as SCONJ IN 6 mark
        saying say VERB VBG 2 advcl
        talks talk NOUN NNS 8 nsubj
        failed fail VERB VBD 6 ccomp
        . . PUNCT . 2 punct";
    assert_eq!(
        said(tree),
        [
            "Anadolu | quoted | the envoy as saying talks failed",
            "the envoy | saying | talks failed"
        ]
    );
}

#[test]
fn a_thing_is_refused_or_condemned_without_a_clause() {
    let tree = "
        Oslo Oslo PROPN NNP 2 nsubj
        refused refuse VERB VBD 0 root
        to to PART TO 4 mark
        condemn condemn VERB VB 2 xcomp
        the the DET DT 6 det
        raid raid NOUN NN 4 obj
        . . PUNCT . 2 punct";
    assert_eq!(said(tree)[0], "Oslo | refused | to condemn the raid");
    assert_eq!(forms(tree)[0].1, Some(Stance::Refuses));
}

#[test]
fn nothing_is_found_in_nothing() {
    assert!(said("").is_empty());
    assert!(said(". . PUNCT . 0 root").is_empty());
    assert!(said("said say VERB VBD 0 root").is_empty());
}

/// The text with what the network hears of each word: C where a cue begins and c where it goes on, S
/// for a source's, K for content.
fn hearing<T>(text: &str, parts: &str, with: impl FnOnce(&Doc<'_>, &Mentions) -> T) -> T {
    tree::with(text, |doc, mentions| {
        let share = |c: char, of: char| if c == of { 0.9 } else { 0.02 };
        let attr = parts.chars().map(|c| {
            let [begins, goes_on, source, content] = ['C', 'c', 'S', 'K'].map(|of| share(c, of));
            let outside = 1.0 - begins - goes_on;
            [outside, begins, goes_on, 1.0 - source, source, 0.0, 1.0 - content, content]
        });
        with(&doc.clone().with_ear(Ear::new(0, Vec::new(), attr.collect())), mentions)
    })
}

/// `rule | source | cue | content / content` of every proposal.
fn heard(text: &str, parts: &str) -> Vec<String> {
    let lexicons = Lexicons::builtin().unwrap();
    hearing(text, parts, |doc, mentions| {
        let text = &doc.report.text;
        let of = |s: Option<Span>| s.map_or("-", |s| s.of(text));
        proposals(doc, mentions, &lexicons)
            .iter()
            .map(|p| {
                let content: Vec<&str> = p.content.iter().map(|c| c.of(text)).collect();
                let (source, cue) = (of(p.source), of(Some(p.cue)));
                format!("{} | {source} | {cue} | {}", p.rule, content.join(" / "))
            })
            .collect()
    })
}

#[test]
fn a_cue_that_no_rule_knows_is_heard() {
    let tree = "
        Quotas quota NOUN NNS 3 nsubj
        , , PUNCT , 3 punct
        fine fine ADJ JJ 0 root
        by by ADP IN 5 case
        Oslo Oslo PROPN NNP 3 obl
        , , PUNCT , 3 punct
        would would AUX MD 8 aux
        end end VERB VB 3 dep
        . . PUNCT . 3 punct";
    assert!(heard(tree, "---------").is_empty());
    assert_eq!(heard(tree, "K-CcS-KK-"), ["heard | Oslo | fine by | Quotas / would end"]);
}

#[test]
fn what_is_heard_stands_in_for_a_poor_source() {
    let tree = "
        In in ADP IN 2 case
        Oslo Oslo PROPN NNP 3 nsubj
        said say VERB VBD 0 root
        Berit Berit PROPN NNP 3 dep
        ships ship NOUN NNS 6 nsubj
        sank sink VERB VBD 3 ccomp
        . . PUNCT . 3 punct";
    assert_eq!(heard(tree, "-SC-KK-"), ["clause | Oslo | said | ships sank"]);
    assert_eq!(heard(tree, "--CSKK-"), ["clause | Berit | said | ships sank"]);
}

#[test]
fn what_a_comma_sets_off_and_nobody_hears_told_is_not_content() {
    let tree = "
        Oslo Oslo PROPN NNP 2 nsubj
        said say VERB VBD 0 root
        ships ship NOUN NNS 4 nsubj
        sank sink VERB VBD 2 ccomp
        , , PUNCT , 8 punct
        though though SCONJ IN 8 mark
        crews crew NOUN NNS 8 nsubj
        swam swim VERB VBD 4 advcl
        . . PUNCT . 2 punct";
    let lexicons = Lexicons::builtin().unwrap();
    let told = |parts: &str| {
        hearing(tree, parts, |doc, mentions| {
            let found = find(doc, mentions, &lexicons);
            found[0].content.iter().map(|c| c.of(&doc.report.text).to_owned()).collect::<Vec<_>>()
        })
    };
    assert_eq!(told("SCKK-----"), ["ships sank"]);
    assert_eq!(told("SCKK-KKK-"), ["ships sank, though crews swam"]);
}
