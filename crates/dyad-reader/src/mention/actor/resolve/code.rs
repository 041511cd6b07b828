//! The code of an actor.

use super::Resolver;
use super::known::Known;
use crate::mention::Actor;
use dyad_record::{ActorKind, Sector};
use smol_str::{SmolStr, format_smolstr};

/// A code in a user's terms: each part that the words add stands in it once.
fn joined(base: &str, adds: &[SmolStr]) -> String {
    let (mut before, mut after) = (String::new(), String::new());
    for part in adds {
        let (front, back) = part.split_once('~').unwrap_or(("", part));
        for (triples, end) in [(front, &mut before), (back, &mut after)] {
            for at in (0..triples.len()).step_by(3) {
                let triple = triples.get(at..at + 3).unwrap_or(&triples[at..]);
                let known = [base, end.as_str()]
                    .iter()
                    .any(|s| (0..s.len()).step_by(3).any(|i| s.get(i..i + 3) == Some(triple)));
                if !known {
                    end.push_str(triple);
                }
            }
        }
    }
    [before.as_str(), base, after.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

pub(super) fn blank(name: String, kind: ActorKind) -> Actor {
    Actor {
        name,
        kind,
        country: None,
        organisation: None,
        sector: Sector::Unk,
        code: String::new(),
        role: None,
    }
}

/// `RUS GOV`; a state alone is `RUS`; without a state the organisation stands first.
fn code(actor: &Actor) -> String {
    let of = actor.country.as_deref().or(actor.organisation.as_deref());
    let sector = match (actor.kind, actor.sector) {
        (ActorKind::State | ActorKind::PlaceAsActor, Sector::Gov | Sector::Unk) => None,
        (_, Sector::Unk) => None,
        (_, sector) => Some(sector.as_str()),
    };
    match (of, sector) {
        (Some(of), Some(sector)) => format!("{of} {sector}"),
        (Some(of), None) => of.to_owned(),
        (None, Some(sector)) => sector.to_owned(),
        (None, None) => Sector::Unk.as_str().to_owned(),
    }
}

impl Resolver<'_, '_, '_> {
    pub(super) fn code(&self, actor: &Actor, known: &Known) -> String {
        let tables = &self.reading.lexicons.actors;
        let verbatim = actor.organisation.as_deref().filter(|code| tables.is_verbatim(code));
        // A user's agents alone tell the roles of a user's actors.
        let bare = tables.roles_of_user && known.of_user;
        match (verbatim, &known.adds[..]) {
            (None, []) if bare && actor.country.is_some() => {
                code(&Actor { sector: Sector::Unk, ..actor.clone() })
            }
            (None, []) => code(actor),
            (Some(base), []) if bare => base.to_owned(),
            (Some(base), []) if actor.kind != ActorKind::Organisation => {
                let sector = Some(actor.sector).filter(|_| known.is_called_anything());
                let adds: Vec<SmolStr> =
                    sector.map(|s| format_smolstr!("~{s}")).into_iter().collect();
                joined(base, &adds)
            }
            (base, adds) => {
                let base = base.or(actor.country.as_deref()).or(actor.organisation.as_deref());
                joined(base.unwrap_or_default(), adds)
            }
        }
    }
}
