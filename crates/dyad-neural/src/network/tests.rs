use super::*;

const FORMS: [&str; 9] = ["Ms", "Mensah", "said", "that", "Togo", "had", "agreed", "to", "it"];

fn weights() -> Weights {
    Weights::read(include_bytes!("../../../../models/ear.bin")).expect("weights")
}

/// The shipped weights with `attr` labels that look at what the parts of speech look at.
fn with_attr(count: usize) -> Network {
    let mut weights = weights();
    let names = |name| weights.names(name).expect("names").len();
    let own: usize =
        ["labels.upos", "labels.xpos", "labels.scripts", "labels.ents"].map(names).iter().sum();
    let shape = weights.shape("heads.tags.weight").expect("tags").to_vec();
    for (part, width) in [("weight", shape[1]), ("bias", 1)] {
        let name = format!("heads.tags.{part}");
        let axes = if part == "weight" { vec![shape[0], width] } else { vec![shape[0]] };
        let mut numbers = weights.floats(&name, &axes).expect("numbers")[..own * width].to_vec();
        numbers.extend_from_within(..count * width);
        let mut axes = axes;
        axes[0] = own + count;
        weights.put(&name, axes, numbers);
    }
    weights.put_names("labels.attr", (0..count).map(|i| i.to_string()).collect());
    Network::new(&mut weights).expect("network")
}

#[test]
fn labels_of_attr_are_scored_and_change_nothing_else() {
    let upos = weights().names("labels.upos").expect("names").len();
    let network = with_attr(upos);
    assert_eq!(network.attr(), upos);
    let mut scratch = Scratch::default();
    let read = network.run(&mut scratch, &FORMS, &[4, 5]);
    assert_eq!(read.attr.len(), FORMS.len() * upos);
    for (scores, tags) in read.attr.chunks_exact(upos).zip(read.tags) {
        assert_eq!(tree::best(scores), usize::from(tags.upos));
    }
    let plain = Network::new(&mut weights()).expect("network");
    let mut scratch = Scratch::default();
    let without = plain.run(&mut scratch, &FORMS, &[4, 5]);
    assert_eq!((without.tags, without.rows), (read.tags, read.rows));
}

#[test]
fn attr_is_the_same_at_every_level() {
    let bits = |level| {
        let network = with_attr(8).with_level(level);
        let mut scratch = Scratch::default();
        network.run(&mut scratch, &FORMS, &[9]).attr.iter().map(|v| v.to_bits()).collect::<Vec<_>>()
    };
    let wanted = bits(Level::Portable);
    assert_eq!(wanted.len(), 9 * 8);
    for level in Level::available() {
        assert_eq!(bits(level), wanted, "{level:?}");
    }
}

#[test]
fn labels_without_their_columns_are_refused() {
    let mut weights = weights();
    let more = weights.names("labels.attr").map_or(0, <[String]>::len) + 1;
    weights.put_names("labels.attr", vec!["cue.O".into(); more]);
    let said = Network::new(&mut weights).unwrap_err().to_string();
    assert!(said.contains("heads.tags.bias"), "{said}");
}
