//! The type of an event: one of PLOVER's sixteen, or one that a researcher has defined.

use crate::{Quad, UnknownWord};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

macro_rules! plover {
    ($($variant:ident = $word:literal, $cameo:literal, $quad:ident;)+) => {
        /// The sixteen event types of PLOVER, and those of a user's ontology.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum EventType { $($variant,)+ Own(OwnType) }

        /// As it is stored in binary: an own type goes by its name.
        #[derive(Serialize, Deserialize)]
        #[serde(rename = "EventType")]
        enum Stored<'s> {
            $($variant,)+
            #[serde(borrow)]
            Own(Cow<'s, str>),
        }

        impl EventType {
            /// Those of PLOVER.
            pub const ALL: &'static [EventType] = &[$(EventType::$variant),+];

            /// The name of one of PLOVER's.
            pub fn of_plover(self) -> Option<&'static str> {
                match self { $(EventType::$variant => Some($word),)+ EventType::Own(_) => None }
            }

            /// The CAMEO code of a type of which nothing more is known; none of an own type.
            pub fn cameo(self) -> Option<&'static str> {
                match self { $(EventType::$variant => Some($cameo),)+ EventType::Own(_) => None }
            }

            /// The quad class; that of an own type stands in its ontology and in its events.
            pub fn quad(self) -> Option<Quad> {
                match self {
                    $(EventType::$variant => Some(Quad::$quad),)+
                    EventType::Own(_) => None,
                }
            }

            fn stored(&self) -> Stored<'_> {
                match self {
                    $(EventType::$variant => Stored::$variant,)+
                    EventType::Own(own) => Stored::Own(own.as_str().into()),
                }
            }
        }

        impl Stored<'_> {
            fn kind(self) -> Result<EventType, UnknownWord> {
                Ok(match self {
                    $(Stored::$variant => EventType::$variant,)+
                    Stored::Own(name) => EventType::Own(name.parse()?),
                })
            }
        }
    };
}

plover! {
    Agree = "AGREE", "030", VerbalCooperation;
    Consult = "CONSULT", "040", VerbalCooperation;
    Support = "SUPPORT", "050", VerbalCooperation;
    Concede = "CONCEDE", "080", VerbalCooperation;
    Cooperate = "COOPERATE", "060", MaterialCooperation;
    Aid = "AID", "070", MaterialCooperation;
    Retreat = "RETREAT", "087", MaterialCooperation;
    Request = "REQUEST", "100", VerbalConflict;
    Accuse = "ACCUSE", "110", VerbalConflict;
    Reject = "REJECT", "120", VerbalConflict;
    Threaten = "THREATEN", "130", VerbalConflict;
    Protest = "PROTEST", "140", MaterialConflict;
    Sanction = "SANCTION", "160", MaterialConflict;
    Mobilize = "MOBILIZE", "150", MaterialConflict;
    Coerce = "COERCE", "170", MaterialConflict;
    Assault = "ASSAULT", "190", MaterialConflict;
}

impl EventType {
    /// The word that stands for it in a record.
    pub fn as_str(&self) -> &str {
        match self {
            EventType::Own(own) => own.as_str(),
            plover => plover.of_plover().unwrap_or_default(),
        }
    }

    /// One of PLOVER's by its name.
    pub fn plover(word: &str) -> Option<EventType> {
        EventType::ALL.iter().copied().find(|kind| kind.of_plover() == Some(word))
    }

    /// Whether both are of one class of PLOVER; an own type is of the class of none but itself.
    pub fn is_classed_with(self, other: EventType) -> bool {
        self == other || self.quad().is_some() && self.quad() == other.quad()
    }
}

impl FromStr for EventType {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match EventType::plover(word) {
            Some(kind) => Ok(kind),
            None => word.parse().map(EventType::Own),
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for EventType {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            return to.serialize_str(self.as_str());
        }
        self.stored().serialize(to)
    }
}

impl<'de> Deserialize<'de> for EventType {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let kind = match from.is_human_readable() {
            true => Cow::<str>::deserialize(from)?.parse(),
            false => Stored::deserialize(from)?.kind(),
        };
        kind.map_err(de::Error::custom)
    }
}

impl JsonSchema for EventType {
    fn schema_name() -> Cow<'static, str> {
        "EventType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let plover: Vec<&str> = EventType::ALL.iter().filter_map(|k| k.of_plover()).collect();
        json_schema!({
            "description": "One of the sixteen event types of PLOVER, or one of a user's own \
                ontology: 2 to 24 of A-Z, 0-9 and `_`, a letter first.",
            "type": "string",
            "pattern": "^[A-Z][A-Z0-9_]{1,23}$",
            "examples": plover,
        })
    }
}

/// The name of an event type that a researcher has defined: 2 to 24 of `A`-`Z`, `0`-`9` and `_`, a
/// letter first, and none of PLOVER's names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OwnType([u8; OwnType::LONGEST]);

impl OwnType {
    pub const LONGEST: usize = 24;

    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|b| *b == 0).unwrap_or(OwnType::LONGEST);
        std::str::from_utf8(&self.0[..end]).unwrap_or_default()
    }
}

impl FromStr for OwnType {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let bytes = word.as_bytes();
        let plain = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
        let sound = (2..=OwnType::LONGEST).contains(&bytes.len())
            && bytes[0].is_ascii_uppercase()
            && bytes.iter().all(plain)
            && EventType::plover(word).is_none();
        if !sound {
            return Err(UnknownWord { kind: "EventType", word: word.to_owned() });
        }
        let mut name = [0; OwnType::LONGEST];
        name[..bytes.len()].copy_from_slice(bytes);
        Ok(OwnType(name))
    }
}

impl fmt::Debug for OwnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_type_goes_by_its_name() {
        let own: EventType = "ELECTION".parse().unwrap();
        assert_eq!((own.as_str(), own.quad(), own.cameo()), ("ELECTION", None, None));
        assert_eq!(serde_json::to_string(&own).unwrap(), "\"ELECTION\"");
        assert_eq!(serde_json::from_str::<EventType>("\"ELECTION\"").unwrap(), own);
        let longest = "A".repeat(OwnType::LONGEST);
        assert_eq!(longest.parse::<EventType>().unwrap().as_str(), longest);
        for word in ["", "E", "election", "1ST", "COUP D'ETAT", &"A".repeat(25)] {
            assert!(word.parse::<EventType>().is_err(), "{word}");
        }
        assert_eq!("AID".parse::<EventType>(), Ok(EventType::Aid));
        assert!("AID".parse::<OwnType>().is_err());
        assert!(own.is_classed_with(own) && !own.is_classed_with("COUP".parse().unwrap()));
        assert!(EventType::Agree.is_classed_with(EventType::Consult));
    }
}
