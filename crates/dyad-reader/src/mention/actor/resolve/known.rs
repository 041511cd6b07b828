//! What resolution knows of an actor beside what the record says.

use smol_str::SmolStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Female,
    Male,
    Unknown,
}

/// What resolution knows of an actor beside what the record says.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub gender: Gender,
    pub plural: bool,
    /// Nouns and offices by which the report or the table calls the actor.
    pub nouns: Vec<SmolStr>,
    /// Those of offices that are over.
    pub former: Vec<SmolStr>,
    pub person: Option<u16>,
    /// The service of a state whose such somebody is: "fbi" for its director.
    pub service: Option<SmolStr>,
    /// What a user's dictionary adds to the code for the nouns, as `~GOV`.
    pub adds: Vec<SmolStr>,
    /// Its state is the one the report is about: no words give it.
    pub inferred: bool,
    /// A user's dictionary names it or its side.
    pub of_user: bool,
}

impl Known {
    pub fn new() -> Self {
        Known {
            gender: Gender::Unknown,
            plural: false,
            nouns: Vec::new(),
            former: Vec::new(),
            person: None,
            service: None,
            adds: Vec::new(),
            inferred: false,
            of_user: false,
        }
    }

    pub fn is_called_anything(&self) -> bool {
        !self.nouns.is_empty()
    }

    /// Whether the report or the table calls the actor by this noun; leaders go by many.
    pub fn is_called(&self, noun: &str, office: Option<&str>) -> bool {
        is_among(&self.nouns, noun, office)
    }

    /// Whether the actor is the one so called of this service, by the report or the table.
    pub fn serves(&self, service: &str, noun: &str) -> bool {
        let told = self.service.as_deref() == Some(service) && self.is_called(noun, None);
        told || self.nouns.iter().any(|role| is_of(role, service, noun))
    }

    /// Whether the actor was once called so.
    pub fn was_called(&self, noun: &str, office: Option<&str>) -> bool {
        is_among(&self.former, noun, office)
    }
}

/// "director of the fbi" for the director of "fbi".
pub(super) fn is_of(role: &str, service: &str, noun: &str) -> bool {
    role.strip_suffix(service)
        .is_some_and(|before| before.ends_with(' ') && before.starts_with(noun))
}

fn is_among(nouns: &[SmolStr], noun: &str, office: Option<&str>) -> bool {
    let leader = office == Some("leader");
    nouns.iter().any(|n| {
        // "the minister" may be the foreign minister.
        n == noun || is_last_word(n, noun) || leader && (leads(n) || n.ends_with("leader"))
    })
}

pub(super) fn is_last_word(phrase: &str, word: &str) -> bool {
    phrase.strip_suffix(word).is_some_and(|before| before.ends_with(' '))
}

pub(super) fn leads(office: &str) -> bool {
    matches!(
        office,
        "head of state"
            | "head of government"
            | "organisation head"
            | "president"
            | "prime minister"
            | "chancellor"
            | "premier"
            | "king"
    )
}

pub(super) fn gender_of(noun: &str) -> Gender {
    const FEMALE: &[&str] = &[
        "queen",
        "mother",
        "daughter",
        "sister",
        "wife",
        "widow",
        "girl",
        "nun",
        "princess",
        "actress",
        "first lady",
    ];
    const MALE: &[&str] =
        &["king", "father", "son", "brother", "husband", "boy", "monk", "prince", "pope"];
    if noun.ends_with("woman") || FEMALE.contains(&noun) {
        Gender::Female
    } else if (noun.ends_with("man") && !noun.ends_with("woman")) || MALE.contains(&noun) {
        Gender::Male
    } else {
        Gender::Unknown
    }
}
