//! Rows as columns: Parquet files and Arrow streams.
//!
//! ```
//! #[derive(serde::Serialize, schemars::JsonSchema)]
//! struct Ship {
//!     name: String,
//!     crew: Option<u32>,
//! }
//!
//! let ships = [Ship { name: "Fram".to_owned(), crew: Some(16) }];
//! let mut file = Vec::new();
//! dyad_columns::rows(&ships, dyad_columns::Form::Parquet, &mut file)?;
//! assert!(file.starts_with(b"PAR1"));
//! # Ok::<(), dyad_columns::ColumnsError>(())
//! ```
//!
//! The columns are made from a type's own JSON Schema, so that they cannot drift from what the other
//! formats write: lists and objects stay nested, words of a closed list and days are text, and what
//! has no one shape is JSON text.
#![forbid(unsafe_code)]

mod arrays;
mod shape;

use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::io::Write;
use std::sync::Arc;
use thiserror::Error;

/// How columns are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A Parquet file.
    Parquet,
    /// Arrow's stream of record batches.
    Arrow,
}

#[derive(Debug, Error)]
pub enum ColumnsError {
    #[error("cannot write columns: {0}")]
    Arrow(#[from] ArrowError),
    #[error("cannot write columns: {0}")]
    Parquet(#[from] ParquetError),
    #[error("cannot write a row: {0}")]
    Row(#[from] serde_json::Error),
}

/// So many rows are turned into columns at a time.
const BATCH: usize = 8192;

/// Writes rows; an empty table has its columns all the same.
pub fn rows<T: Serialize + JsonSchema>(
    rows: &[T],
    form: Form,
    out: impl Write + Send,
) -> Result<(), ColumnsError> {
    let schema = Arc::new(Schema::new(shape::fields_of::<T>()));
    let batches = rows.chunks(BATCH).map(|rows| {
        let values = rows.iter().map(serde_json::to_value);
        batch(&schema, &values.collect::<Result<Vec<Value>, _>>()?)
    });
    write(&schema, batches, form, out)
}

/// Writes a table whose types only its cells tell: whole numbers, numbers, or text.
pub fn table(
    columns: &[String],
    rows: &[Vec<Value>],
    form: Form,
    out: impl Write + Send,
) -> Result<(), ColumnsError> {
    let fields = columns.iter().enumerate().map(|(i, name)| {
        let cells = || rows.iter().filter_map(|row| row.get(i)).filter(|v| !v.is_null());
        let kind = match () {
            () if cells().next().is_none() => DataType::Utf8,
            () if cells().all(Value::is_i64) => DataType::Int64,
            () if cells().all(Value::is_number) => DataType::Float64,
            () => DataType::Utf8,
        };
        Field::new(name, kind, true)
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let batches = rows.chunks(BATCH).map(|rows| {
        let arrays = schema.fields().iter().enumerate().map(|(i, field)| {
            let cells: Vec<&Value> =
                rows.iter().map(|r| r.get(i).unwrap_or(&Value::Null)).collect();
            arrays::array(field.data_type(), &cells)
        });
        Ok(RecordBatch::try_new(schema.clone(), arrays.collect())?)
    });
    write(&schema, batches, form, out)
}

fn batch(schema: &SchemaRef, rows: &[Value]) -> Result<RecordBatch, ColumnsError> {
    let arrays = schema.fields().iter().map(|field| {
        let cells: Vec<&Value> = rows.iter().map(|row| &row[field.name().as_str()]).collect();
        arrays::array(field.data_type(), &cells)
    });
    Ok(RecordBatch::try_new(schema.clone(), arrays.collect())?)
}

fn write(
    schema: &SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, ColumnsError>>,
    form: Form,
    out: impl Write + Send,
) -> Result<(), ColumnsError> {
    match form {
        Form::Parquet => {
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
            let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties.build()))?;
            for batch in batches {
                writer.write(&batch?)?;
            }
            writer.close()?;
        }
        Form::Arrow => {
            let mut writer = StreamWriter::try_new(out, schema)?;
            for batch in batches {
                writer.write(&batch?)?;
            }
            writer.finish()?;
        }
    }
    Ok(())
}
