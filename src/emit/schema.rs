//! The JSON Schema of a record, generated from the types of [`crate::model`].

use crate::model::Report;
use schemars::Schema;
use schemars::generate::SchemaSettings;

/// Schema of one record (JSON Schema draft 2020-12).
///
/// Units and shapes of the fields (boxes in PDF points, decimals as strings) stand in the descriptions, which are the
/// types' own documentation.
pub fn report_schema() -> Schema {
    // As written, not as read: a field that is always written is required.
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Report>()
}
