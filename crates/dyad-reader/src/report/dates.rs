//! Calendar dates as pages write them.

use jiff::civil::Date;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A date that a text states, or one that it states and the calendar lacks.
pub type Stated = Result<Date, String>;

const MONTHS: &str = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";

static FULL: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = [
        r"\b(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:\b|T)".to_owned(),
        format!(
            r"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)?[ -]{}[ ,-]+(?P<y>\d{{4}})\b",
            MONTHS
        ),
        format!(r"\b{}[ -](?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>\d{{4}})\b", MONTHS),
        r"\b(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})[./-](?P<y>(?:19|20)\d\d)\b".to_owned(),
    ];
    let compile = |p: &String| Regex::new(&format!("(?i){p}")).ok();
    patterns.iter().filter_map(compile).collect()
});

/// The first whole date (day, month and year) in the text, and where it stands.
pub fn find(text: &str) -> Option<(Range<usize>, Stated)> {
    found(text, None)
}

/// The same in a page of this language (`en-GB`), which says what `3/4/2023` means and names months.
pub fn find_in(text: &str, language: &str) -> Option<(Range<usize>, Stated)> {
    let language = language.trim().to_ascii_lowercase().replace('_', "-");
    let day_first = match language.as_str() {
        "" | "en" => None,
        "en-us" | "en-ph" => Some(false),
        _ => Some(true),
    };
    let first = found(text, day_first);
    let other = named_elsewhere(text);
    match (first, other) {
        (Some(a), Some(b)) => Some(if b.0.start < a.0.start { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// Beginnings of the months' names in the languages of news sites, lower case, by month.
const ELSEWHERE: [&str; 12] = [
    "janv jän januar enero genn janei янв січ ocak stycz",
    "févr fevr febr фев лют şubat lut",
    "mars märz marz marzo març мар берез mart marca maart",
    "avr april abril апр квіт nisan kwie",
    "mai mayo magg maio maj мая май трав mayıs mei",
    "juin juni junio giugno junho июн черв haziran czerw",
    "juil juli julio luglio julho июл лип temmuz lipca",
    "août aout august agosto авг серп ağustos sierp",
    "sept sett setem сен верес eylül wrze",
    "oct okt ottob outub окт жовт ekim paźdz",
    "nov ноя листоп kasım listop",
    "déc dez dic дек груд aralık grud",
];

/// `8 juillet 2022`, `30 de diciembre de 2022`.
fn named_elsewhere(text: &str) -> Option<(Range<usize>, Stated)> {
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"\b(\d{1,2})(?:er|º|\.)? (?:de )?(\p{L}{3,12})\.? (?:de )?((?:19|20)\d\d)\b")
            .ok()
    });
    let found = NAMED.as_ref()?.captures(text)?;
    let name = found.get(2)?.as_str().to_lowercase();
    let begins = |names: &str| names.split(' ').any(|n| name.starts_with(n));
    let month = ELSEWHERE.iter().position(|names| begins(names))? as i8 + 1;
    let whole = found.get(0)?;
    let (day, year) = (found[1].parse().ok()?, found[3].parse().ok()?);
    let date = Date::new(year, month, day).map_err(|_| whole.as_str().to_owned());
    Some((whole.range(), date))
}

fn found(text: &str, day_first: Option<bool>) -> Option<(Range<usize>, Stated)> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    FULL.iter()
        .filter_map(|pattern| {
            let found = pattern.captures(text)?;
            let number = |name: &str| found.name(name)?.as_str().parse::<i16>().ok();
            let year = number("y")?;
            let (month, day) = match (number("m"), number("d"), found.name("a")) {
                (Some(month), Some(day), _) => (month, day),
                (None, Some(day), _) => (month_number(found.get(0)?.as_str())?, day),
                // 3/4/2023 may be either, 30/12/2023 and 3.4.2023 may not.
                _ => match (number("a")?, number("b")?) {
                    (a, b) if a <= 12 && b <= 12 && found.name("mark")?.as_str() == "." => (b, a),
                    (a, b) if a > 12 || a == b => (b, a),
                    (a, b) if b > 12 => (a, b),
                    (a, b) => match day_first? {
                        true => (b, a),
                        false => (a, b),
                    },
                },
            };
            let whole = found.get(0)?;
            let date = i8::try_from(month)
                .ok()
                .zip(i8::try_from(day).ok())
                .and_then(|(month, day)| Date::new(year, month, day).ok());
            Some((whole.range(), date.ok_or_else(|| whole.as_str().trim().to_owned())))
        })
        .min_by_key(|(range, _)| range.start)
}

/// The number of the month that the text names.
fn month_number(text: &str) -> Option<i16> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.to_ascii_lowercase();
    let letters = lower.split(|c: char| !c.is_ascii_alphabetic());
    letters
        .filter_map(|word| NAMES.iter().position(|name| word.starts_with(name)))
        .next()
        .map(|i| i as i16 + 1)
}

/// A date from a field that holds nothing else: also `20221230` and seconds since 1970.
pub fn field(value: &str) -> Option<Stated> {
    let value = value.trim();
    let digits = value.bytes().all(|b| b.is_ascii_digit());
    if digits && value.len() == 8 {
        let spread = format!("{}-{}-{}", &value[..4], &value[4..6], &value[6..]);
        return find(&spread).map(|(_, stated)| stated.map_err(|_| value.to_owned()));
    }
    if digits && (value.len() == 10 || value.len() == 13) {
        let seconds = value[..10].parse::<i64>().ok()?;
        let time = jiff::Timestamp::from_second(seconds).ok()?;
        return Some(Ok(jiff::tz::Offset::UTC.to_datetime(time).date()));
    }
    find(&value[..crate::report::decode::floor(value, 80)]).map(|(_, stated)| stated)
}

/// The date in the path of an address: `/2022/12/30/`.
pub fn in_url(url: &str) -> Option<Date> {
    static PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"[/_-]((?:19|20)\d\d)[/_-]?(0\d|1[0-2])[/_-]?([0-2]\d|3[01])(?:[/_.-]|$)").ok()
    });
    let found = PATH.as_ref()?.captures(url)?;
    let number = |i: usize| found.get(i)?.as_str().parse::<i16>().ok();
    Date::new(number(1)?, number(2)? as i8, number(3)? as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn reads_the_ways_of_pages() {
        for text in [
            "2022-12-30T08:00:00+03:00",
            "Fri, 30 Dec 2022 10:00 GMT",
            "December 30, 2022",
            "on 30th December 2022",
            "Dec. 30, 2022",
            "30/12/2022",
            "12/30/2022",
            "30-Dec-2022",
        ] {
            assert_eq!(field(text), Some(Ok(date(2022, 12, 30))), "{text}");
        }
        assert_eq!(field("20221230"), Some(Ok(date(2022, 12, 30))));
        assert_eq!(field("1672387200"), Some(Ok(date(2022, 12, 30))));
    }

    #[test]
    fn invents_nothing() {
        assert_eq!(field("2023-02-30"), Some(Err("2023-02-30".to_owned())));
        assert_eq!(field("31 April 2023"), Some(Err("31 April 2023".to_owned())));
        assert_eq!(field("03/04/2023"), None);
        assert_eq!(field("03.04.2023"), Some(Ok(date(2023, 4, 3))));
        assert_eq!(field("December 2022"), None);
        assert_eq!(field("20221340"), Some(Err("20221340".to_owned())));
    }

    #[test]
    fn the_page_says_how_it_writes_dates() {
        let found = |text: &str, language: &str| find_in(text, language).map(|(_, stated)| stated);
        assert_eq!(found("06/12/2022", "en-US"), Some(Ok(date(2022, 6, 12))));
        assert_eq!(found("06/12/2022", "en-GB"), Some(Ok(date(2022, 12, 6))));
        assert_eq!(found("06/12/2022", "en"), None);
        for text in ["le 8 juillet 2022", "8 de julio de 2022", "8. Juli 2022", "8 июля 2022"] {
            assert_eq!(found(text, "fr"), Some(Ok(date(2022, 7, 8))), "{text}");
        }
        assert_eq!(found("8 ships 2022", "fr"), None);
    }

    #[test]
    fn addresses_carry_dates() {
        let url = "https://fjordpress.example/world/2022/12/30/pact";
        assert_eq!(in_url(url), Some(date(2022, 12, 30)));
        assert_eq!(in_url("https://fjordpress.example/20221340/x"), None);
        assert_eq!(in_url("https://fjordpress.example/id-884422119933"), None);
    }
}
