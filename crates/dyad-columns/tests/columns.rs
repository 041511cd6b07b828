//! What was written is read back by those who made the formats.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int64Type, UInt32Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::StreamReader;
use arrow_schema::DataType;
use bytes::Bytes;
use dyad_columns::{Form, rows, table};
use dyad_record::archive::{
    ActorRow, Episode, EventRow, FigureRow, ReportHead, StatementRow, TieRow,
};
use dyad_record::correction::Correction;
use dyad_record::foreign::Foreign;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::Cursor;

fn back(file: Vec<u8>, form: Form) -> Vec<RecordBatch> {
    match form {
        Form::Parquet => {
            let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file)).unwrap();
            let reader = reader.with_batch_size(100_000).build().unwrap();
            reader.map(Result::unwrap).collect()
        }
        Form::Arrow => {
            StreamReader::try_new(Cursor::new(file), None).unwrap().map(Result::unwrap).collect()
        }
    }
}

fn written<T: Serialize + JsonSchema>(all: &[T], form: Form) -> Vec<RecordBatch> {
    let mut file = Vec::new();
    rows(all, form, &mut file).unwrap();
    back(file, form)
}

fn event(number: usize) -> EventRow {
    serde_json::from_value(json!({
        "report": "r", "event": format!("e{number}"), "title": null, "outlet": "Fjord Times",
        "published": "2023-03-15", "type": "CONSULT", "mode": null, "cameo": "040",
        "goldstein": 1.5, "quad": "verbal_cooperation", "status": "happened",
        "actors": [{ "name": "Norway", "country": "NOR", "code": "NOR GOV" },
            { "name": "the guild", "country": null, "code": "BUS" }],
        "recipients": [], "mutual": true, "from": null, "to": null, "basis": null,
        "place": "Tromsø", "confidence": 0.25, "damaged": false, "text": "met", "episode": null,
    }))
    .unwrap()
}

#[test]
fn events_come_back_as_they_went() {
    for form in [Form::Parquet, Form::Arrow] {
        let batches = written(&[event(1), event(2)], form);
        let batch = &batches[0];
        let schema = batch.schema();
        let names: Vec<&String> = schema.fields().iter().map(|f| f.name()).collect();
        let row = serde_json::to_value(event(1)).unwrap();
        assert_eq!(names, row.as_object().unwrap().keys().collect::<Vec<_>>());
        let column = |name: &str| batch.column_by_name(name).unwrap();
        assert_eq!(column("event").as_string::<i32>().value(1), "e2");
        assert_eq!(column("place").as_string::<i32>().value(0), "Tromsø");
        assert_eq!(column("goldstein").as_primitive::<Float32Type>().value(0), 1.5);
        assert!(column("mutual").as_boolean().value(0));
        assert_eq!(column("title").null_count(), 2);
        let actors = column("actors").as_list::<i32>().value(0);
        let actors = actors.as_struct();
        assert_eq!(actors.len(), 2);
        let country = actors.column_by_name("country").unwrap();
        assert_eq!((country.as_string::<i32>().value(0), country.is_null(1)), ("NOR", true));
        assert_eq!(column("recipients").as_list::<i32>().value_length(1), 0);
    }
}

#[test]
fn many_rows_are_all_there() {
    let all: Vec<EventRow> = (0..20_000).map(event).collect();
    for form in [Form::Parquet, Form::Arrow] {
        let batches = written(&all, form);
        assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), all.len());
        let last = batches.last().unwrap();
        let ids = last.column_by_name("event").unwrap().as_string::<i32>();
        assert_eq!(ids.value(last.num_rows() - 1), "e19999");
    }
}

#[test]
fn every_kind_of_row_has_columns_also_without_rows() {
    fn check<T: Serialize + JsonSchema>(columns: &[&str]) {
        for form in [Form::Parquet, Form::Arrow] {
            let mut file = Vec::new();
            rows::<T>(&[], form, &mut file).unwrap();
            let schema = match form {
                Form::Parquet => {
                    let file = Bytes::from(file);
                    ParquetRecordBatchReaderBuilder::try_new(file).unwrap().schema().clone()
                }
                Form::Arrow => StreamReader::try_new(Cursor::new(file), None).unwrap().schema(),
            };
            for column in columns {
                assert!(schema.field_with_name(column).is_ok(), "{column} of {schema}");
            }
        }
    }
    check::<EventRow>(&["type", "actors"]);
    check::<StatementRow>(&["speaker", "stance"]);
    check::<FigureRow>(&["value", "of"]);
    check::<TieRow>(&["kind", "from", "to"]);
    check::<ActorRow>(&["episodes"]);
    check::<Episode>(&["tellings", "disagreements"]);
    check::<ReportHead>(&["opening"]);
    check::<Foreign>(&["coder", "goldstein"]);
    check::<Correction>(&["machine", "change", "withdrawn"]);
}

#[test]
fn what_is_nested_stays_nested() {
    let telling = json!({ "report": "r", "event": "e1", "title": null, "outlet": null,
        "published": null, "voice": 7, "status": "happened", "from": null, "to": null,
        "place": null, "evidence": [{ "start": 3, "end": 9 }], "text": "met" });
    let episode: Episode = serde_json::from_value(json!({
        "id": "ep-1", "type": "CONSULT", "quad": "verbal_cooperation", "status": "happened",
        "deed": true, "actors": [], "recipients": [], "mutual": false, "from": null, "to": null,
        "place": null, "place_country": null, "lat": 59.5, "lon": null, "goldstein": 0.0,
        "tellings": [telling], "outlets": ["a", "b"], "reports": 1, "voices": 1,
        "disagreements": [],
    }))
    .unwrap();
    let batch = written(&[episode], Form::Parquet).remove(0);
    let column = |name: &str| batch.column_by_name(name).unwrap();
    assert_eq!(column("lat").as_primitive::<Float64Type>().value(0), 59.5);
    assert_eq!(column("reports").as_primitive::<UInt32Type>().value(0), 1);
    let outlets = column("outlets").as_list::<i32>().value(0);
    assert_eq!(outlets.as_string::<i32>().value(1), "b");
    let tellings = column("tellings").as_list::<i32>().value(0);
    let spans = tellings.as_struct().column_by_name("evidence").unwrap().as_list::<i32>().value(0);
    let end = spans.as_struct().column_by_name("end").unwrap().clone();
    assert_eq!(end.as_primitive::<UInt32Type>().value(0), 9);
}

#[test]
fn a_table_has_the_types_of_its_cells() {
    let columns = ["who", "n", "mean", "mixed", "none"].map(str::to_owned);
    let cells = [
        vec![json!("RUS"), json!(3), json!(0.5), json!("x"), Value::Null],
        vec![json!("UKR"), Value::Null, json!(2), json!(1), Value::Null],
    ];
    let mut file = Vec::new();
    table(&columns, &cells, Form::Parquet, &mut file).unwrap();
    let batch = back(file, Form::Parquet).remove(0);
    let kinds: Vec<DataType> =
        batch.schema().fields().iter().map(|f| f.data_type().clone()).collect();
    use DataType::{Float64, Int64, Utf8};
    assert_eq!(kinds, [Utf8, Int64, Float64, Utf8, Utf8]);
    let n = batch.column(1).as_primitive::<Int64Type>();
    assert_eq!((n.value(0), n.is_null(1)), (3, true));
    assert_eq!(batch.column(2).as_primitive::<Float64Type>().value(1), 2.0);
    assert_eq!(batch.column(3).as_string::<i32>().value(1), "1");
}
