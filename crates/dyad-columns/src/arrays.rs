//! Cells of one column as an array.

use arrow_array::types::{Float32Type, Float64Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, ListArray, PrimitiveArray, StringArray, StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::DataType;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// A cell that is not of the column's type is null; of a column of text, its JSON.
pub fn array(kind: &DataType, cells: &[&Value]) -> ArrayRef {
    match kind {
        DataType::Boolean => Arc::new(cells.iter().map(|v| v.as_bool()).collect::<BooleanArray>()),
        DataType::UInt32 => {
            numbers::<UInt32Type>(cells, |v| v.as_u64().and_then(|n| n.try_into().ok()))
        }
        DataType::UInt64 => numbers::<UInt64Type>(cells, Value::as_u64),
        DataType::Int64 => numbers::<Int64Type>(cells, Value::as_i64),
        DataType::Float32 => numbers::<Float32Type>(cells, |v| v.as_f64().map(|x| x as f32)),
        DataType::Float64 => numbers::<Float64Type>(cells, Value::as_f64),
        DataType::List(item) => {
            let lists = || cells.iter().map(|v| v.as_array().map_or(&[][..], Vec::as_slice));
            let offsets = OffsetBuffer::from_lengths(lists().map(<[Value]>::len));
            let items: Vec<&Value> = lists().flatten().collect();
            let items = array(item.data_type(), &items);
            Arc::new(ListArray::new(item.clone(), offsets, items, present(cells)))
        }
        DataType::Struct(fields) => {
            let columns = fields.iter().map(|field| {
                let cells: Vec<&Value> = cells.iter().map(|v| &v[field.name().as_str()]).collect();
                array(field.data_type(), &cells)
            });
            Arc::new(StructArray::new(fields.clone(), columns.collect(), present(cells)))
        }
        _ => Arc::new(cells.iter().map(|v| text(v)).collect::<StringArray>()),
    }
}

fn numbers<T: ArrowPrimitiveType>(
    cells: &[&Value],
    number: impl Fn(&Value) -> Option<T::Native>,
) -> ArrayRef {
    let numbers: PrimitiveArray<T> = cells.iter().map(|v| number(v)).collect();
    Arc::new(numbers)
}

fn present(cells: &[&Value]) -> Option<NullBuffer> {
    let present: NullBuffer = cells.iter().map(|v| !v.is_null()).collect();
    (present.null_count() > 0).then_some(present)
}

fn text(cell: &Value) -> Option<Cow<'_, str>> {
    match cell {
        Value::Null => None,
        Value::String(text) => Some(text.into()),
        other => Some(other.to_string().into()),
    }
}
