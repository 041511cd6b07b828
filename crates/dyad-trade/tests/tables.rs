//! Invented tables with round figures, in every layout: the same trade gives the same numbers.

use dyad_record::{
    Actor, ActorKind, ActorMention, Change, CharSpan, Figure, How, Record, Report, Sector, Tie,
    TieKind, Trend,
};
use dyad_trade::{
    Areas, Basis, Claim, Ledger, Measure, Product, Reading, TradeError, Year, claims, plot,
};
use std::io::{Cursor, Write};

fn areas() -> Areas {
    Areas::builtin().unwrap()
}

fn ledger(areas: &Areas) -> Ledger {
    Ledger::new(areas.state("NOR").unwrap(), areas.state("ISL").unwrap())
}

fn read(table: impl AsRef<[u8]>) -> (Ledger, Reading) {
    let areas = areas();
    let mut ledger = ledger(&areas);
    let reading = ledger.read("t.csv", Cursor::new(table.as_ref()), &areas).unwrap();
    (ledger, reading)
}

fn years(table: impl AsRef<[u8]>) -> Vec<Year> {
    let (ledger, reading) = read(table);
    assert_eq!((reading.faulty, &reading.faults[..]), (0, &[][..]));
    ledger.years(&areas(), 5)
}

/// Norway sells fish for 20 to Iceland, for 30 to Denmark, oil for 50 to Denmark and buys
/// aluminium for 40 of Iceland and machines for 60 of Sweden. Iceland sells 40 to Norway, 10 to
/// Denmark, and buys 20 of Norway and 80 of Denmark. Thousands of dollars.
const BACI: &str = "\
t,i,j,k,v,q
2021,579,352,030214,20,10
2021,579,208,030214,30,10
2021,579,208,270900,50,NA
2021,352,579,760110,40,10
2021,752,579,848210,60,1
2021,352,208,760110,10,10
2021,208,352,848210,80,1
2021,208,752,848210,999,1
";

fn near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|v| (v - expected).abs() < 1e-9), "{found:?} is not {expected}");
}

#[test]
fn shares_concentration_and_asymmetry_follow_their_formulas() {
    let years = years(BACI);
    let [year] = &years[..] else { panic!("{years:?}") };
    let [norway, iceland] = &year.sides;
    let (sold, bought) = (norway.exports.as_ref().unwrap(), norway.imports.as_ref().unwrap());
    assert_eq!((sold.value, sold.total), (20_000.0, Some(100_000.0)));
    assert_eq!((sold.basis, sold.partners), (Basis::Reconciled, 2));
    near(sold.share, 0.2);
    near(bought.share, 0.4);
    near(sold.partner_concentration, 0.2 * 0.2 + 0.8 * 0.8);
    near(sold.product_concentration, 0.5);
    assert_eq!(sold.product_level, Some(6));
    near(norway.trade_share, 60.0 / 200.0);
    near(iceland.exports.as_ref().unwrap().share, 0.8);
    near(iceland.imports.as_ref().unwrap().share, 0.2);
    near(iceland.trade_share, 60.0 / 150.0);
    near(year.asymmetry, 0.3 - 0.4);
    near(year.salience, (0.3_f64 * 0.4).sqrt());
    near(year.symmetry, 0.9);
    near(year.interdependence, (0.3_f64 * 0.4).sqrt() * 0.9);
    assert_eq!(year.leans.as_deref(), Some("ISL"));
}

#[test]
fn an_alternative_covers_what_it_already_buys_of_the_same_goods() {
    let years = years(BACI);
    let [norway, iceland] = &years[0].sides;
    let fish = &norway.exports.as_ref().unwrap().alternatives;
    assert_eq!((fish.len(), fish[0].state.as_str()), (1, "DNK"));
    near(fish[0].covers, 1.0);
    near(fish[0].share, 0.8);
    let aluminium = &iceland.exports.as_ref().unwrap().alternatives;
    near(aluminium[0].covers, 0.25);
    let machines = &norway.imports.as_ref().unwrap().alternatives;
    assert_eq!(machines[0].state, "SWE");
    near(machines[0].covers, 0.0);
}

#[test]
fn only_the_goods_asked_for_count() {
    let areas = areas();
    let mut ledger = ledger(&areas).only_goods(vec![Product::parse("03").unwrap()]);
    ledger.read("t.csv", Cursor::new(BACI), &areas).unwrap();
    let years = ledger.years(&areas, 5);
    near(years[0].sides[0].exports.as_ref().unwrap().share, 0.4);
    assert_eq!(years[0].sides[1].exports, None);
}

#[test]
fn compressed_tables_are_read_as_they_are() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(BACI.as_bytes()).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let half = BACI.find("2021,352").unwrap();
    let second = format!("t,i,j,k,v,q\n{}", &BACI[half..]);
    for (name, text) in [
        ("country_codes.csv", "country_code,country_name\n579,Norway\n"),
        ("BACI_1.csv", &BACI[..half]),
        ("BACI_2.csv", &second),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let plain = years(BACI);
    assert_eq!(years(gz.finish().unwrap()), plain);
    assert_eq!(years(zip.finish().unwrap().into_inner()), plain);
}

/// The rows of a Comtrade download end with one comma more than its header.
fn comtrade(rows: &[&str]) -> String {
    let header = "typeCode,freqCode,refYear,period,reporterCode,reporterISO,reporterDesc,flowCode,\
                  partnerCode,partnerISO,partner2Code,cmdCode,customsCode,motCode,primaryValue";
    let rows: String = rows.iter().map(|row| format!("{row},\n")).collect();
    format!("\u{feff}{header}\n{rows}")
}

#[test]
fn totals_are_not_added_to_their_parts() {
    let years = years(comtrade(&[
        "C,A,2020,2020,579,NOR,Norway,X,0,W00,0,TOTAL,C00,0,1000",
        "C,A,2020,2020,579,NOR,Norway,X,352,ISL,0,TOTAL,C00,0,100",
        "C,A,2020,2020,579,NOR,Norway,X,352,ISL,0,03,C00,0,75",
        "C,A,2020,2020,579,NOR,Norway,X,352,ISL,0,0302,C00,0,75",
        "C,A,2020,2020,579,NOR,Norway,X,352,ISL,0,27,C00,0,25",
        "C,A,2020,2020,579,NOR,Norway,X,352,ISL,0,TOTAL,C00,2100,60",
        "C,A,2020,2020,579,NOR,Norway,X,352,ISL,0,TOTAL,C01,0,50",
        "C,A,2020,2020,579,NOR,Norway,RX,352,ISL,0,TOTAL,C00,0,5",
        "C,A,2020,2020,579,NOR,Norway,X,899,_X ,0,TOTAL,C00,0,900",
    ]));
    let sold = years[0].sides[0].exports.as_ref().unwrap();
    assert_eq!((sold.value, sold.total, sold.partners), (100.0, Some(1000.0), 1));
    near(sold.share, 0.1);
    // The goods of nobody count in the total and are no partner.
    near(sold.partner_concentration, 0.01);
}

#[test]
fn months_make_up_a_year_and_are_counted() {
    let rows: Vec<String> = (1..=7)
        .flat_map(|month| {
            [("0", 10), ("352", 1)].map(|(partner, value)| {
                format!("C,M,2020,2020{month:02},579,NOR,N,X,{partner},,0,TOTAL,C00,0,{value}")
            })
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let sold = years(comtrade(&rows)).remove(0).sides[0].exports.clone().unwrap();
    assert_eq!((sold.value, sold.total, sold.months), (7.0, Some(70.0), Some(7)));
}

#[test]
fn who_does_not_tell_is_seen_in_his_partners_books() {
    let years = years(comtrade(&[
        "C,A,2022,2022,579,NOR,Norway,M,352,ISL,0,TOTAL,C00,0,40",
        "C,A,2022,2022,208,DNK,Denmark,M,352,ISL,0,TOTAL,C00,0,60",
    ]));
    let sold = years[0].sides[1].exports.as_ref().unwrap();
    assert_eq!((sold.basis, sold.value, sold.total), (Basis::Mirror, 40.0, Some(100.0)));
    // Norway lists one partner and no world: there is no total to take a share of.
    let bought = years[0].sides[0].imports.as_ref().unwrap();
    assert_eq!((bought.basis, bought.total, bought.share), (Basis::Reported, None, None));
}

#[test]
fn older_comtrade_tables_are_read_too() {
    let years = years(
        "Classification,Year,Period,Trade Flow Code,Trade Flow,Reporter Code,Reporter,\
         Partner Code,Partner,Commodity Code,Trade Value (US$)\n\
         HS,2010,2010,2,Export,579,Norway,0,World,TOTAL,400\n\
         HS,2010,2010,2,Export,579,Norway,352,Iceland,TOTAL,100\n",
    );
    near(years[0].sides[0].exports.as_ref().unwrap().share, 0.25);
}

#[test]
fn the_imf_prints_one_table_in_four_ways() {
    let long = "\
Country Name,Country Code,Indicator Name,Indicator Code,Counterpart Country Name,Counterpart Country Code,Time Period,Value,Status
Norway,142,\"Goods, Value of Exports, FOB\",TXG_FOB_USD,World,001,2019,500,
Norway,142,\"Goods, Value of Exports, FOB\",TXG_FOB_USD,Iceland,176,2019,50,
Norway,142,\"Goods, Value of Exports, FOB\",TXG_FOB_USD,Euro Area,163,2019,450,
Norway,142,\"Goods, Value of Imports, CIF\",TMG_CIF_USD,World,001,2019,200,
Norway,142,\"Goods, Value of Imports, CIF\",TMG_CIF_USD,Iceland,176,2019,20,
Norway,142,\"Goods, Value of Imports, FOB\",TMG_FOB_USD,Iceland,176,2019,19,
";
    let wide = "\
Country Name,Country Code,Indicator Code,Counterpart Country Code,Attribute,2019,2019M1,
Norway,142,TXG_FOB_USD,001,Value,500,41,
Norway,142,TXG_FOB_USD,176,Value,50,4,
Norway,142,TXG_FOB_USD,176,Status,,E,
Norway,142,TMG_CIF_USD,001,Value,200,,
Norway,142,TMG_CIF_USD,176,Value,20,,
";
    let panel = "\
Country Name;Country Code;Counterpart Country Code;Time Period;Exports (TXG_FOB_USD);Imports (TMG_CIF_USD)
Norway;142;001;2019;500;200
Norway;142;176;2019;50;20
";
    let new = "\
COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE
NOR,XG_FOB_USD,G001,A,2019,500,Units
NOR,XG_FOB_USD,ISL,A,2019,50,Units
NOR,MG_CIF_USD,G001,A,2019,200,Units
NOR,MG_CIF_USD,ISL,A,2019,20,Units
";
    for table in [long, wide, panel, new] {
        let side = years(table).remove(0).sides[0].clone();
        let (sold, bought) = (side.exports.unwrap(), side.imports.unwrap());
        assert_eq!((sold.value, sold.total), (50.0, Some(500.0)), "{table}");
        assert_eq!((bought.value, bought.total), (20.0, Some(200.0)), "{table}");
        near(side.trade_share, 0.1);
    }
}

#[test]
fn a_bad_row_is_named_with_its_mend_and_the_rest_is_read() {
    let (ledger, reading) = read(
        "t,i,j,k,v\n2021,579,352,030214,20\n2021,579,352,030214,\"1,5\"\n\
         21,579,352,030214,5\n2021,579\n2021,579,998,030214,1\n2021,579,208,030214,80\n",
    );
    assert_eq!((reading.rows, reading.used, reading.faulty), (6, 2, 3));
    let told: Vec<String> = reading.faults.iter().map(ToString::to_string).collect();
    assert!(told[0].starts_with("t.csv, line 3: `1,5` is no number; write"), "{told:?}");
    assert!(told[1].starts_with("t.csv, line 4: `21` is no year"), "{told:?}");
    assert!(told[2].starts_with("t.csv, line 5: 2 cells"), "{told:?}");
    assert_eq!(reading.unknown["998"], ("t.csv".to_owned(), 6));
    near(ledger.years(&areas(), 0)[0].sides[0].exports.as_ref().unwrap().share, 0.2);
}

#[test]
fn what_is_no_trade_table_is_refused() {
    let areas = areas();
    let mut ledger = ledger(&areas);
    let error = ledger.read("x.csv", Cursor::new("a,b\n1,2\n"), &areas).unwrap_err();
    assert!(matches!(error, TradeError::Unknown { .. }), "{error}");
    assert!(error.to_string().starts_with("x.csv: no trade table that we know"), "{error}");
    ledger.read("t.csv", Cursor::new(BACI), &areas).unwrap();
    let error = ledger.read("c.csv", Cursor::new(comtrade(&[])), &areas).unwrap_err();
    assert!(matches!(error, TradeError::Mixed { .. }), "{error}");
    let error = ledger.read("z.zip", Cursor::new(b"PK\x03\x04 no"), &areas).unwrap_err();
    assert!(matches!(error, TradeError::Broken { .. }), "{error}");
}

/// A report of which only what a claim needs is filled in.
fn record(text: &str, named: &[(&str, &str)]) -> Record {
    let at = |word: &str| text.find(word).map(|i| i as u32).unwrap();
    let actors = named.iter().enumerate().map(|(i, (word, country))| Actor {
        id: format!("a{i}"),
        name: (*word).to_owned(),
        kind: ActorKind::State,
        country: Some((*country).to_owned()),
        organisation: None,
        sector: Sector::Gov,
        code: format!("{country} GOV"),
        role: None,
        mentions: vec![ActorMention {
            start: at(word),
            end: at(word) + word.len() as u32,
            how: How::Name,
        }],
    });
    Record {
        schema: dyad_record::SCHEMA.to_owned(),
        report: Report {
            id: "r1".to_owned(),
            outlet: Some("Fjord Post".to_owned()),
            published: Some("2021-12-01".to_owned()),
            text: text.to_owned(),
            ..Report::default()
        },
        reader: Default::default(),
        passages: Vec::new(),
        participants: Vec::new(),
        events: Vec::new(),
        statements: Vec::new(),
        figures: Vec::new(),
        ties: Vec::new(),
        actors: actors.collect(),
        places: Vec::new(),
        times: Vec::new(),
        notes: Vec::new(),
    }
}

fn beside(record: &Record, table: &str) -> Vec<Claim> {
    let areas = areas();
    let (ledger, _) = read(table);
    claims([record], &ledger, &ledger.years(&areas, 0), &areas).unwrap()
}

#[test]
fn a_claimed_rise_is_set_beside_the_tables() {
    let text = "Norway spoke of its exports to Iceland. Trade is to rise by 25 percent, it said.";
    let mut record = record(text, &[("Norway", "NOR"), ("Iceland", "ISL")]);
    let start = text.find("25").unwrap() as u32;
    record.figures.push(Figure {
        id: "f1".to_owned(),
        value: Some(25.0),
        low: None,
        high: None,
        of: None,
        unit: Some("percent".to_owned()),
        counted: None,
        casualty: None,
        about: None,
        approximate: false,
        change: Some(Change::Rise),
        start,
        end: start + 10,
        text: "25 percent".to_owned(),
        statement: None,
        against: Vec::new(),
        damaged: false,
        found_by: String::new(),
        from: Vec::new(),
    });
    let before = BACI.replace("2021,", "2020,").replace("760110,40", "760110,28");
    let table = format!("{BACI}{}", before.split_once('\n').unwrap().1);
    let found = beside(&record, &table);
    let [claim] = &found[..] else { panic!("{found:?}") };
    assert_eq!(claim.text, "Trade is to rise by 25 percent, it said.");
    assert_eq!((claim.outlet.as_deref(), claim.year), (Some("Fjord Post"), Some(2021)));
    let [change] = &claim.beside[..] else { panic!("{claim:?}") };
    assert_eq!((change.measure, change.agrees), (Measure::TradeChange, Some(true)));
    near(Some(change.value), 60.0 / 48.0 - 1.0);

    record.report.text = text.replace("Trade is", "Crime is");
    assert!(beside(&record, &table).is_empty());
}

#[test]
fn a_claimed_lean_is_set_beside_the_asymmetry() {
    let text = "Norway depends on Iceland for aluminium more than the other way round.";
    let mut record = record(text, &[("Norway", "NOR"), ("Iceland", "ISL")]);
    record.ties.push(Tie {
        id: "t1".to_owned(),
        kind: TieKind::Dependence,
        from: "a0".to_owned(),
        to: "a1".to_owned(),
        trend: Some(Trend::Rising),
        asymmetry: Some("a0".to_owned()),
        commodity: Some("aluminium".to_owned()),
        statement: None,
        evidence: vec![CharSpan { start: 7, end: 14 }],
        confidence: 0.5,
        damaged: false,
        found_by: String::new(),
        stands_on: Vec::new(),
    });
    let found = beside(&record, BACI);
    let [claim] = &found[..] else { panic!("{found:?}") };
    assert_eq!((claim.kind, claim.leans.as_deref()), ("dependence", Some("NOR")));
    let [lean, goods] = &claim.beside[..] else { panic!("{claim:?}") };
    // The table has Iceland lean more.
    assert_eq!((lean.measure, lean.agrees), (Measure::Asymmetry, Some(false)));
    assert_eq!((goods.measure, goods.of.as_deref()), (Measure::GoodsShare, Some("NOR")));
    near(Some(goods.value), 1.0);
}

#[test]
fn the_picture_names_both_and_is_the_same_each_time() {
    let years = years(BACI);
    let svg = plot(&years, &[]).unwrap();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    for words in ["NOR exports to ISL", "ISL imports from NOR", "NOR leans more"] {
        assert!(svg.contains(words), "{words}");
    }
    assert_eq!(svg, plot(&years, &[]).unwrap());
    assert!(plot(&[], &[]).is_err());
}

#[test]
fn a_year_is_printed_in_the_words_of_the_field() {
    let year = serde_json::to_value(&years(BACI)[0]).unwrap();
    assert_eq!(year["source"], "BACI");
    assert_eq!(year["sides"][0]["exports"]["basis"], "reconciled");
    assert_eq!(year["leans"], "ISL");
}

#[test]
fn the_header_alone_tells_the_layout() {
    let layout = |bytes: &[u8]| dyad_trade::layout("t", Cursor::new(bytes));
    assert_eq!(layout(BACI.as_bytes()).unwrap(), dyad_trade::Layout::Baci);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(BACI.as_bytes()).unwrap();
    assert_eq!(layout(&packer.finish().unwrap()).unwrap(), dyad_trade::Layout::Baci);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [("readme.txt", "who made this\n"), ("b.csv", BACI)] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    assert_eq!(layout(&zip).unwrap(), dyad_trade::Layout::Baci);
    assert!(matches!(layout(b"a,b\n1,2\n"), Err(TradeError::Unknown { .. })));
}
