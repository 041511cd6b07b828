//! The columns of a type, from its JSON Schema.

use arrow_schema::{DataType, Field, Fields};
use schemars::JsonSchema;
use serde_json::Value;
use std::sync::Arc;

pub fn fields_of<T: JsonSchema>() -> Fields {
    let root = schemars::schema_for!(T).to_value();
    fields(&root, &root).unwrap_or_default()
}

/// The fields of an object, also of one that is flattened from several.
fn fields(schema: &Value, root: &Value) -> Option<Fields> {
    let schema = followed(schema, root);
    let fields = schema["properties"].as_object()?;
    let fields = fields.iter().map(|(name, of)| Field::new(name, kind(of, root), true));
    Some(fields.collect())
}

/// A null is possible everywhere, so that what may be null is shaped as if it were there.
fn kind(schema: &Value, root: &Value) -> DataType {
    let schema = followed(schema, root);
    if let Some(choices) = schema["anyOf"].as_array() {
        let mut some = choices.iter().filter(|c| c["type"] != "null");
        return match (some.next(), some.next()) {
            (Some(one), None) => kind(one, root),
            _ => DataType::Utf8,
        };
    }
    let named = match &schema["type"] {
        Value::Array(names) => names.iter().find(|n| *n != "null"),
        name => Some(name),
    };
    match named.and_then(Value::as_str).unwrap_or_default() {
        "boolean" => DataType::Boolean,
        "integer" => match schema["format"].as_str() {
            Some("uint32") => DataType::UInt32,
            Some("uint64" | "uint") => DataType::UInt64,
            _ => DataType::Int64,
        },
        "number" if schema["format"] == "float" => DataType::Float32,
        "number" => DataType::Float64,
        "array" if schema["items"].is_object() => {
            DataType::List(Arc::new(Field::new("item", kind(&schema["items"], root), true)))
        }
        "object" => fields(schema, root).map_or(DataType::Utf8, DataType::Struct),
        _ => DataType::Utf8,
    }
}

/// What a reference leads to.
fn followed<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
    let target = schema["$ref"].as_str().and_then(|r| root.pointer(r.trim_start_matches('#')));
    target.unwrap_or(schema)
}
